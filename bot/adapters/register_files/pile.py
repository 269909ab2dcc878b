"""Thousands of files as git gives them, one after another: told apart by a few searches through all, not one by one."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Final

from bot.adapters.register_files.aside import UNUSUAL, Aside, is_hiding, name_in, named_once

_PARTS: Final = re.compile(
    rb"\n(?:id: *([a-z0-9-]+) *(?=\n)|([0-9a-f]+) blob [0-9]+(?=\n[A-Za-z#])|id:|" + UNUSUAL + rb")"
)
"""An id; the line that git writes before each file, where that begins plainly; or what no plain file has."""


def pile(paths: Sequence[str], oids: Sequence[str], sizes: Sequence[int], output: bytes) -> Aside | None:
    """Files from folders of mitigations, with which the output of `git cat-file --batch` begins, as far as they are plain.

    None if git wrote anything else than was expected.
    """
    heads = [f"{oid} blob {size}\n".encode() for oid, size in zip(oids, sizes, strict=True)]
    ends = list(accumulate(len(head) + size + 1 for head, size in zip(heads, sizes, strict=True)))
    begins = [0, *ends[:-1]]
    if not heads or not all(map(output.startswith, heads, begins)):
        return None
    starts = [begin + len(head) for begin, head in zip(begins, heads, strict=True)]
    everything = Aside(paths, {}, output, starts, sizes)
    names = _names_at_once(oids, output, ends[-1])
    if names is not None and len(set(names)) == len(names):
        return replace(everything, ids=dict(zip(names, paths, strict=True)))
    texts = (output[start : start + size] for start, size in zip(starts, sizes, strict=True))
    return named_once(everything, [name_in(data) for data in texts])


def _names_at_once(oids: Sequence[str], output: bytes, end: int) -> Sequence[str] | None:
    """The id that each file declares; None if one of them is unusual, or seems to be two, or none.

    Whatever a file may hold, it cannot pass for another: the lines that git writes are known and counted.
    """
    if is_hiding(output, end):
        return None
    found = _PARTS.findall(output, 0, end)
    names, heads = [name for name, _ in found[::2]], [head.decode() for _, head in found[1::2]]
    if heads != list(oids[1:]) or len(names) != len(oids) or not all(names):
        return None
    return b"\n".join(names).decode().split("\n")
