"""What two listings of git have in common, found in their texts: of ten thousand lines, two or three differ."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from reassay.git.git import lines_of
from reassay.register.limits import MAX_FILE_BYTES, MAX_FILES, MAX_TOTAL_BYTES

FOLDER: Final = "framework"
"""Of a register that does not say otherwise."""
MOST_DIFFERING: Final = 100
"""Paths that are cut out of a listing; each costs a copy of it."""
_NAME: Final = r"[^\0\t./][^\0\t/]*"
_ALIKE: Final = re.compile(
    rf"(?<![^\0])100(?:644|755) blob ([0-9a-f]+) +([0-9]+)\t({FOLDER}/(?:{_NAME}/)*?mitigations/{_NAME}\.ya?ml)\0"
)
"""A file right inside a folder of mitigations, where no name begins with a dot: a whole line, whatever stands in a path."""


@dataclass(frozen=True, slots=True)
class Mitigations:
    """Files right inside a folder of mitigations; no two share a path or a content."""

    oids: Sequence[str] = ()
    sizes: Sequence[int] = ()
    paths: Sequence[str] = ()
    others: Sequence[str] = ()
    """The other lines of the listing."""

    def lines(self, paths: Collection[str]) -> Sequence[str]:
        """Of some of them, as a listing might have them. To whoever reads, executable or not is the same."""
        if not paths:
            return ()
        each = zip(self.oids, self.sizes, self.paths, strict=True)
        return [f"100644 blob {oid} {size}\t{path}" for oid, size, path in each if path in paths]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two listings: the mitigations that are the same in both, and the other lines of each, in order of path."""

    alike: frozenset[str]
    """Their paths."""
    before: Sequence[str]
    after: Sequence[str]


def mitigations_in(listing: str) -> Mitigations:
    """None where there is more than is read, or a path or a content twice. Found as in one text: there are thousands."""
    columns = _ALIKE.split(listing) if listing.count("\0") <= MAX_FILES else [listing]
    rest, oids, sizes, paths = (columns[each::4] for each in range(4))
    found = Mitigations(oids, list(map(int, sizes)), paths, lines_of("".join(rest)))
    once = len(set(oids)) == len(set(paths)) == len(paths)
    fits = once and max(found.sizes, default=0) <= MAX_FILE_BYTES and sum(found.sizes) <= MAX_TOTAL_BYTES
    return found if fits else Mitigations(others=lines_of(listing))


def compared(known: Mitigations, before: str, after: str, differing: Collection[str]) -> Compared:
    """Two listings, where some paths are said to differ, and what mitigations there are before is known.

    Nothing is alike where too much differs. That nothing else differs is not taken on trust: without those lines, the
    texts have to be the same, with no line that is neither alike nor among the others. So what git itself would never
    write, as a path that is there twice, is not alike.
    """
    if known.paths and len(differing) <= MOST_DIFFERING and after.count("\0") <= MAX_FILES:
        (same, own), (other, others) = _cut(before, differing), _cut(after, differing)
        alike = frozenset(known.paths).difference(map(path_of, own))
        rest = list(known.others)
        for line in filter(rest.__contains__, own):
            rest.remove(line)
        whole = same.count("\0") == len(alike) + len(rest)
        if same == other and whole and alike.isdisjoint(map(path_of, (*rest, *others))):
            return Compared(alike, *(sorted([*rest, *each], key=path_of) for each in (own, others)))
    return Compared(frozenset(), lines_of(before), lines_of(after))


def path_of(line: str) -> str:
    """The path in a line of a listing."""
    return line.partition("\t")[2]


def _cut(listing: str, paths: Iterable[str]) -> tuple[str, Sequence[str]]:
    """A listing less the lines of some paths, and those lines."""
    taken = []
    for path in paths:
        at = listing.find(f"\t{path}\0")
        if at >= 0:
            start, end = listing.rfind("\0", 0, at) + 1, at + len(path) + 1
            taken.append(listing[start:end])
            listing = listing[:start] + listing[end + 1 :]
    return listing, taken
