"""Thousands of files as git gives them, one after another: told apart by a few searches through all, not one by one."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from mmap import mmap
from operator import add, lt
from typing import Final

from reassay.register.files.aside import BEGINS, Aside, id_lines, name_in, named_once, plain_ids

_BEGINS: Final = frozenset(map(ord, BEGINS))
_FIRST: Final = b"id: "
_NAMES: Final = re.compile(r"[a-z0-9-]+(?:\n[a-z0-9-]+)*")


def pile(paths: Sequence[str], oids: Sequence[str], sizes: Sequence[int], output: bytes | mmap) -> Aside | None:
    """Files from folders of mitigations, with which the output of `git cat-file --batch` begins, as far as they are plain.

    None if git wrote anything else than was expected.
    """
    heads = [f"{oid} blob {size}\n".encode() for oid, size in zip(oids, sizes, strict=True)]
    lengths = list(map(len, heads))
    ends = list(accumulate(length + size + 1 for length, size in zip(lengths, sizes, strict=True)))
    begins = [0, *ends[:-1]]
    starts = list(map(add, begins, lengths))
    seen = [output[begin : start + len(_FIRST)] for begin, start in zip(begins, starts, strict=True)]
    usual = seen == [head + _FIRST for head in heads]
    if not heads or not (usual or all(map(bytes.startswith, seen, heads))):
        return None
    everything = Aside(paths, {}, output, starts, sizes)
    names = (_first_lines(output, ends[-1], len(starts)) if usual else None) or _names_at_once(output, starts, ends)
    if names is not None and len(set(names)) == len(names):
        return replace(everything, ids=dict(zip(names, paths, strict=True)))
    texts = (output[start : start + size] for start, size in zip(starts, sizes, strict=True))
    return named_once(everything, [name_in(data) for data in texts])


def _first_lines(output: bytes | mmap, end: int, files: int) -> Sequence[str] | None:
    """The id that each file declares, where each begins with it; None if any of them is unusual.

    As many such lines as files, and every file begins with one: so there is one in each.
    """
    names = plain_ids(output, end)
    return b"\n".join(names).decode().split("\n") if len(names) == files and all(names) else None


def _names_at_once(output: bytes | mmap, starts: Sequence[int], ends: Sequence[int]) -> Sequence[str] | None:
    """The id that each file declares; None if any of them is unusual, or does not declare exactly one."""
    found = id_lines(output, ends[-1]) if _BEGINS.issuperset([output[start] for start in starts]) else None
    if found is None:
        return None
    places = [each.end() for each in found]
    # As many as there are files, and one in each.
    if len(found) != len(starts) or not (all(map(lt, starts, places)) and all(map(lt, places, ends))):
        return None
    names = b"\n".join([each[1] for each in found]).decode("ascii", "replace")
    return names.split("\n") if _NAMES.fullmatch(names) else None
