"""A run that has a key goes only by a ledger that this key stands behind."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reassay.github.world import Pull, QueueEntry
from reassay.ledger.state import LedgerState
from reassay.ledger.store.codec import BrokenLedgerError, entry_path
from reassay.ledger.store.keyring import Keyring
from reassay.sweep.ports import Content, Contents, Merge


@dataclass(frozen=True, slots=True)
class GuardedContents:
    """Satisfies `services.ports.Contents`: what `contents` reads, if the ledger is ours."""

    contents: Contents
    keyring: Keyring

    def read(self) -> Content:
        """As they are now. Raises BrokenLedgerError if somebody else took the ledger over."""
        content = self.contents.read()
        book = content.ledger.book
        distrust = self.keyring.distrust(book)
        if distrust is not None:
            where = entry_path(book.keys[book.current or ""].added_by)
            raise BrokenLedgerError(where, distrust, "If it was you, give the run that key; if not, look who it was.")
        return content

    def objects(self, ledger: LedgerState, digests: Iterable[str]) -> Mapping[str, object]:
        """Parsed ledger objects by digest."""
        return self.contents.objects(ledger, digests)

    def arrived(self, before: str, after: str, paths: Sequence[str]) -> tuple[str, ...] | str:
        """As it is."""
        return self.contents.arrived(before, after, paths)

    def merges(self, pulls: Iterable[Pull]) -> Mapping[int, Merge | str]:
        """What pull requests would merge."""
        return self.contents.merges(pulls)

    def group(self, base_ref: str, entry: QueueEntry) -> Merge | str:
        """What a group of a merge queue would merge."""
        return self.contents.group(base_ref, entry)

    def brought(self, commit: str, count: int) -> tuple[str, ...]:
        """What a pull request may have come as."""
        return self.contents.brought(commit, count)

    def passed(self, commits: Iterable[str]) -> Mapping[str, Merge | str]:
        """What each commit changed."""
        return self.contents.passed(commits)

    def texts(self, commit: str, paths: Iterable[str]) -> Mapping[str, str]:
        """Small text files."""
        return self.contents.texts(commit, paths)

    def files(self, named: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
        """Digests of files."""
        return self.contents.files(named)
