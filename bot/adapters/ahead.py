"""Both sides of a merge, asked of git while Python still loads what is to judge them.

What is asked for here is only likely to be wanted: nobody has read yet where the register is. Listings are known by
commit and folder, contents by object id, so what was not foreseen is asked for later, and nothing else changes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Final

from bot.adapters.git import CONTENTS, Git, TreeEntry, changes_of, comparison, contents_of, lines_of, listing, tree_entry
from bot.adapters.running import Running

SETTINGS: Final = ".github/reassay.yml"
FOLDER: Final = "framework"
"""Of a register that does not say otherwise."""
_READ: Final = (".yml", ".yaml", ".md")
_LARGEST: Final = 1024 * 1024
"""Bytes of a file; larger ones are never read."""
_MOST: Final = 64 * 1024**2
"""Bytes of all of them."""
_LINK, _SUBMODULE = "120000", "160000"


@dataclass(slots=True)
class Ahead:
    """What was asked for. Everything by way of this may raise UpstreamError."""

    git: Git
    base: str
    merged: str
    changed: Mapping[str, tuple[str | None, str | None]]
    """Paths that differ between the sides, with their object ids."""
    _lines: Mapping[str, Sequence[str]]
    """What a side has at the likely places, by commit."""
    _oids: Sequence[str]
    _reading: Running
    _found: dict[str, bytes] | None = field(default=None)

    def lines(self, commit: str, folder: str) -> Sequence[str]:
        """A line for every file of a side below a folder."""
        if folder != FOLDER or commit not in self._lines:
            return lines_of(self.git.run(*listing(commit, f"{folder}/")))
        known = self._lines[commit]
        # By path, so that the settings come first if they are there at all.
        return known[1:] if known and known[0].endswith(f"\t{SETTINGS}") else known

    def find(self, commit: str, path: str) -> TreeEntry | None:
        """One file of a side."""
        if path != SETTINGS or commit not in self._lines:
            return self.git.find(commit, path)
        first = self._lines[commit][:1]
        return next((tree_entry(line) for line in first if line.endswith(f"\t{SETTINGS}")), None)

    def read(self, oids: Iterable[str]) -> Mapping[str, bytes]:
        """Contents by object id."""
        wanted = list(oids)
        if self._found is None:
            self._found = dict(contents_of(self._oids, self._reading.output()))
        found = self._found
        missing = self.git.read(oid for oid in wanted if oid not in found)
        return {oid: found.get(oid) or missing[oid] for oid in wanted if oid in found or oid in missing}


@contextmanager
def looking_ahead(git: Git, base: str, merged: str) -> Iterator[Ahead]:
    """Both are commits or trees that are here."""
    with ExitStack() as stack:
        differing = stack.enter_context(Running(git, comparison(base, merged)))
        sides = {
            each: stack.enter_context(Running(git, listing(each, SETTINGS, f"{FOLDER}/")))
            for each in dict.fromkeys((base, merged))
        }
        lines = {each: lines_of(side.output()) for each, side in sides.items()}
        oids = _likely(dict.fromkeys(line for side in lines.values() for line in side))
        reading = stack.enter_context(Running(git, CONTENTS, "".join(f"{oid}\n" for oid in oids).encode()))
        yield Ahead(git, base, merged, changes_of(differing.output()), lines, oids, reading)


def _likely(lines: Iterable[str]) -> Sequence[str]:
    """Object ids of what will be read if the register is where it usually is, each once; none if that is too much."""
    oids: dict[str, int] = {}
    for line in lines:
        mode, _, oid, size, *_ = line.split(None, 4)
        if mode == _LINK or (mode != _SUBMODULE and line.endswith(_READ) and int(size) <= _LARGEST):
            oids[oid] = int(size)
    return list(oids) if sum(oids.values()) <= _MOST else []
