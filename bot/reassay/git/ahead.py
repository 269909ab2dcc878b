"""Both sides of a merge, asked of git while Python still loads what is to judge them.

What is asked for here is only likely to be wanted: nobody has read yet where the register is. Listings are known by
commit and folder, contents by object id, so what was not foreseen is asked for later, and nothing else changes.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import filterfalse
from mmap import mmap
from typing import Final

from reassay.git.alike import FOLDER, Compared, Mitigations, compared, mitigations_in, path_of
from reassay.git.git import (
    CONTENTS,
    Git,
    TreeEntry,
    changes_of,
    comparison,
    contents_of,
    lines_of,
    listing,
    text_of,
    tree_entry,
)
from reassay.git.running import Running
from reassay.register.limits import MAX_FILE_BYTES, MAX_TOTAL_BYTES, READ_SUFFIXES

SETTINGS: Final = ".github/reassay.yml"
_READ: Final = tuple(sorted(READ_SUFFIXES))
_LINK, _SUBMODULE = "120000", "160000"


@dataclass(slots=True)
class Ahead:
    """What was asked for. Everything by way of this may raise UpstreamError."""

    git: Git
    base: str
    merged: str
    changed: Mapping[str, tuple[str | None, str | None]]
    """Paths that differ between the sides, with their object ids."""
    mitigations: Mitigations
    """Of the base."""
    compared: Compared
    _listed: Mapping[str, str]
    """What a side has at the likely places, by commit."""
    _reading: Running
    """The mitigations, in order."""
    _oids: Sequence[str]
    """What else is likely to be read."""
    _reading_others: Running
    _output: bytes | mmap | None = None
    _found: dict[str, bytes] = field(default_factory=dict)

    def lines(self, commit: str, folder: str) -> Sequence[str]:
        """A line for every file of a side below a folder."""
        if folder != FOLDER or commit not in self._listed:
            return self.git.lines(commit, folder)
        return _without_settings(lines_of(self._listed[commit]))

    def find(self, commit: str, path: str) -> TreeEntry | None:
        """One file of a side."""
        if path != SETTINGS or commit not in self._listed:
            return self.git.find(commit, path)
        # By path, so that the settings come first if they are there at all.
        first = self._listed[commit].partition("\0")[0]
        return tree_entry(first) if path_of(first) == SETTINGS else None

    def others(self, plain: Collection[str]) -> tuple[Sequence[str], Sequence[str]]:
        """The lines of both sides below the usual folder, less those of what is alike and `plain`."""
        more = self.mitigations.lines(self.compared.alike.difference(plain))
        before, after = ([*each, *more] for each in (self.compared.before, self.compared.after))
        return _without_settings(before), _without_settings(after)

    def output(self) -> bytes | mmap:
        """What `git cat-file` wrote of the mitigations."""
        if self._output is None:
            self._output = self._reading.mapped()
        return self._output

    def read(self, oids: Iterable[str]) -> Mapping[str, bytes]:
        """Contents by object id."""
        wanted = list(oids)
        if not self._found:
            self._found.update(contents_of(self._oids, self._reading_others.output()))
        if not self._found.keys() >= set(wanted):
            # Most of them are looked at as they are, and never taken apart.
            self._found.update(contents_of(self.mitigations.oids, self.output()))
        missing = self.git.read(filterfalse(self._found.__contains__, wanted))
        return {oid: data for oid in wanted if (data := self._found.get(oid, missing.get(oid))) is not None}


@contextmanager
def looking_ahead(git: Git, base: str, merged: Callable[[], str]) -> Iterator[Ahead]:
    """Both sides, as commits or trees that are here. The second may have to be made: the first is read meanwhile."""
    with ExitStack() as stack:

        def running(arguments: Sequence[str], oids: Sequence[str] = ()) -> Running:
            return stack.enter_context(Running(git, arguments, "\n".join((*oids, "")).encode()))

        first = running(listing(base, SETTINGS, f"{FOLDER}/"))
        other = merged()
        comparing, second = running(comparison(base, other)), running(listing(other, SETTINGS, f"{FOLDER}/"))
        before = text_of(first.output())
        mitigations = mitigations_in(before)
        reading = running(CONTENTS, mitigations.oids)
        after, changed = text_of(second.output()), changes_of(comparing.output())
        differing = [each for each in changed if each == SETTINGS or each.startswith(f"{FOLDER}/")]
        found = compared(mitigations, before, after, differing)
        oids = _likely(dict.fromkeys((*found.before, *found.after)))
        listed = {base: before, other: after}
        yield Ahead(git, base, other, changed, mitigations, found, listed, reading, oids, running(CONTENTS, oids))


def _without_settings(lines: Sequence[str]) -> Sequence[str]:
    return [line for line in lines if path_of(line) != SETTINGS]


def _likely(lines: Iterable[str]) -> Sequence[str]:
    """Object ids of what will be read if the register is where it usually is, each once; none if that is too much."""
    oids: dict[str, int] = {}
    for line in lines:
        mode, _, oid, size, *_ = line.split(None, 4)
        if mode == _LINK or (mode != _SUBMODULE and line.endswith(_READ) and int(size) <= MAX_FILE_BYTES):
            oids[oid] = int(size)
    return list(oids) if sum(oids.values()) <= MAX_TOTAL_BYTES else []
