"""Both sides of a merge, asked of git while Python still loads what is to judge them.

What is asked for here is only likely to be wanted: nobody has read yet where the register is. Listings are known by
commit and folder, contents by object id, so what was not foreseen is asked for later, and nothing else changes.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import filterfalse
from typing import Final

from bot.adapters.git import (
    CONTENTS,
    Git,
    TreeEntry,
    changes_of,
    comparison,
    contents_of,
    lines_of,
    listing,
    tree_entry,
)
from bot.adapters.running import Running
from bot.domain.register.limits import MAX_FILE_BYTES, MAX_FILES, MAX_TOTAL_BYTES, READ_SUFFIXES

SETTINGS: Final = ".github/reassay.yml"
FOLDER: Final = "framework"
"""Of a register that does not say otherwise."""
_READ: Final = tuple(sorted(READ_SUFFIXES))
_LINK, _SUBMODULE = "120000", "160000"
_ALIKE: Final = re.compile(
    rf"100(?:644|755) blob ([0-9a-f]+) +([0-9]+)\t({FOLDER}/(?:[^\0]*/)?mitigations/[^\0/]+\.ya?ml)\0"
)
"""A file right inside a folder of mitigations. Many at a time, since there are thousands of them."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Files of a folder of mitigations that are the same on both sides; no two share a path or a content."""

    lines: tuple[str, ...] = ()
    """Of the listing of either side."""
    oids: tuple[str, ...] = ()
    sizes: tuple[int, ...] = ()
    paths: tuple[str, ...] = ()

    @property
    def extent(self) -> int:
        """Bytes that `git cat-file --batch` writes of them."""
        heads = (f"{oid} blob {size}\n\n" for oid, size in zip(self.oids, self.sizes, strict=True))
        return sum(map(len, heads)) + sum(self.sizes)

    def lines_of(self, paths: Iterable[str]) -> frozenset[str]:
        """The lines of some of them."""
        wanted = frozenset(paths)
        return frozenset(line for line, path in zip(self.lines, self.paths, strict=True) if path in wanted)


@dataclass(slots=True)
class Ahead:
    """What was asked for. Everything by way of this may raise UpstreamError."""

    git: Git
    base: str
    merged: str
    changed: Mapping[str, tuple[str | None, str | None]]
    """Paths that differ between the sides, with their object ids."""
    alike: Alike
    _lines: Mapping[str, Sequence[str]]
    """What a side has at the likely places, by commit."""
    _oids: Sequence[str]
    """What is read besides what is alike."""
    _reading: Running
    _output: bytes | None = None
    _found: dict[str, bytes] = field(default_factory=dict)

    def lines(self, commit: str, folder: str) -> Sequence[str]:
        """A line for every file of a side below a folder."""
        if folder != FOLDER or commit not in self._lines:
            return self.git.lines(commit, folder)
        known = self._lines[commit]
        # By path, so that the settings come first if they are there at all.
        return known[1:] if known and known[0].endswith(f"\t{SETTINGS}") else known

    def find(self, commit: str, path: str) -> TreeEntry | None:
        """One file of a side."""
        if path != SETTINGS or commit not in self._lines:
            return self.git.find(commit, path)
        first = self._lines[commit][:1]
        return next((tree_entry(line) for line in first if line.endswith(f"\t{SETTINGS}")), None)

    def output(self) -> bytes:
        """What `git cat-file` wrote: what is alike, in order, and then the rest."""
        if self._output is None:
            self._output = self._reading.output()
        return self._output

    def read(self, oids: Iterable[str]) -> Mapping[str, bytes]:
        """Contents by object id."""
        wanted = list(oids)
        if not self._found.keys() >= set(wanted):
            self._found.update(self._further(wanted))
        missing = self.git.read(filterfalse(self._found.__contains__, wanted))
        return {oid: data for oid in wanted if (data := self._found.get(oid, missing.get(oid))) is not None}

    def _further(self, wanted: Sequence[str]) -> Mapping[str, bytes]:
        """What is not alike to begin with, since most of that is never looked at; everything once some of it is wanted."""
        start = self.alike.extent
        if self._found or not self._oids or not self.output().startswith(self._oids[0].encode(), start):
            return contents_of((*self.alike.oids, *self._oids), self.output())
        found = contents_of(self._oids, self.output(), start)
        return found if found.keys() >= set(wanted) else contents_of((*self.alike.oids, *self._oids), self.output())


@contextmanager
def looking_ahead(git: Git, base: str, merged: str) -> Iterator[Ahead]:
    """Both are commits or trees that are here."""
    with ExitStack() as stack:
        differing = stack.enter_context(Running(git, comparison(base, merged)))
        sides = {
            each: stack.enter_context(Running(git, listing(each, SETTINGS, f"{FOLDER}/")))
            for each in dict.fromkeys((base, merged))
        }
        # Everything after this needs it, and loading it takes about as long as git takes to list ten thousand files.
        import pydantic_core  # noqa: F401, PLC0415

        lines = {each: lines_of(side.output()) for each, side in sides.items()}
        alike = _alike(lines[base], lines[merged])
        rest = set(lines[base]).union(lines[merged]).difference(alike.lines)
        oids = _likely(rest)
        wanted = "".join(f"{oid}\n" for oid in (*alike.oids, *oids))
        reading = stack.enter_context(Running(git, CONTENTS, wanted.encode()))
        yield Ahead(git, base, merged, changes_of(differing.output()), alike, lines, oids, reading)


def _alike(before: Sequence[str], after: Sequence[str]) -> Alike:
    """None where there is more than is read, or anything that git itself would never write."""
    there = set(after)
    same = [line for line in before if line in there and "/." not in line]
    found = _ALIKE.findall("".join([f"{line}\0" for line in same]))
    if not found or max(len(before), len(after)) > MAX_FILES:
        return Alike()
    oids, written, paths = zip(*found, strict=True)
    sizes = tuple(map(int, written))
    alike = Alike(tuple(same), oids, sizes, paths)
    if len(found) < len(same):
        own = set(paths)
        alike = replace(alike, lines=tuple(line for line in same if _path(line) in own))
    others = set(map(_path, {*before, *after}.difference(alike.lines)))
    once = len(set(oids)) == len(set(paths)) == len(alike.lines) and others.isdisjoint(paths)
    return alike if once and max(sizes) <= MAX_FILE_BYTES and sum(sizes) <= MAX_TOTAL_BYTES else Alike()


def _path(line: str) -> str:
    return line.partition("\t")[2]


def _likely(lines: Iterable[str]) -> Sequence[str]:
    """Object ids of what will be read if the register is where it usually is, each once; none if that is too much."""
    oids: dict[str, int] = {}
    for line in lines:
        mode, _, oid, size, *_ = line.split(None, 4)
        if mode == _LINK or (mode != _SUBMODULE and line.endswith(_READ) and int(size) <= MAX_FILE_BYTES):
            oids[oid] = int(size)
    return list(oids) if sum(oids.values()) <= MAX_TOTAL_BYTES else []
