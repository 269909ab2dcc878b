"""Listings of whole commits that were read before. A commit never changes, so each needs one process."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

MOST_LISTINGS: Final = 4
"""Base and ledger of a run, and one more of each where it reads again."""
MOST_ENTRIES: Final = 50_000
"""Files of a listing that is kept: some 15 MB."""
_OBJECT_ID: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
"""A name that always means the same, as that of a branch does not."""


class TreeEntry(NamedTuple):
    """A file of a commit. A tuple, because a register may have ten thousand."""

    path: str
    mode: str
    """The mode in git's notation: 100644, 100755, 120000 (a symbolic link), 160000 (a submodule)."""
    oid: str
    size: int


class Listings:
    """The last few listings, by commit."""

    def __init__(self) -> None:
        self._listings: dict[str, tuple[TreeEntry, ...]] = {}

    def of(self, commit: str) -> tuple[TreeEntry, ...] | None:
        """Every file of a commit, by path; None where it was not read, or is not kept any more."""
        return self._listings.get(commit)

    def keep(self, commit: str, entries: tuple[TreeEntry, ...]) -> None:
        """Keeps a listing, unless it is too long or its name may mean something else later."""
        if len(entries) > MOST_ENTRIES or not _OBJECT_ID.fullmatch(commit):
            return
        while len(self._listings) >= MOST_LISTINGS:
            self._listings.pop(next(iter(self._listings)), None)
        self._listings[commit] = entries

    def below(self, commit: str, folder: str) -> tuple[TreeEntry, ...] | None:
        """The files below a folder; None where only git can tell."""
        entries, prefix = self.of(commit), f"{folder.rstrip('/')}/"
        if entries is None or not _is_plain(prefix[:-1].split("/")):
            return None
        return tuple(entry for entry in entries if entry.path.startswith(prefix))

    def at(self, commit: str, path: str) -> Sequence[TreeEntry] | None:
        """The file at a path, if there is one; None where only git can tell."""
        entries = self.of(commit)
        if entries is None or not _is_plain(path.split("/")):
            return None
        return [entry for entry in entries if entry.path == path]


def _is_plain(parts: Sequence[str]) -> bool:
    """Whether git reads these parts of a path as they are written."""
    return not any(part in {"", ".", ".."} for part in parts) and not parts[0].startswith(":")
