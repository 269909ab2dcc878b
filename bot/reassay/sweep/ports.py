"""What a service needs of the world, as narrow as it can be. Adapters satisfy these by shape alone."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from reassay.github.wanted import NOTHING, Wanted
from reassay.github.world import (
    CheckDraft,
    Comment,
    DirectCommit,
    IssueChange,
    IssueDraft,
    Label,
    Look,
    Notice,
    Pull,
    PullRequest,
    PullRequestDraft,
    QueueEntry,
    StickyDraft,
)
from reassay.ledger.append import Append
from reassay.ledger.state import LedgerState
from reassay.people.writers import SOMEBODY, Acting
from reassay.register.register import Register
from reassay.sweep.views.overrides import Overrides


class Clock(Protocol):
    """The time of the run."""

    def now(self) -> datetime:
        """UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Waits out a short limit."""
        ...


class GitHub(Protocol):
    """One repository on GitHub: looks return frozen values, writes raise UpstreamError or LimitError."""

    def look(self, numbers: Collection[int], wanted: Wanted = NOTHING) -> Look:
        """The repository, those issues, and what else is wanted."""
        ...

    def past_the_gate(self, commits: Sequence[str], *, verdicts: bool) -> tuple[DirectCommit, ...]:
        """Which of some commits of the default branch came without a pull request, or without a green verdict of ours.

        One request for every fifty.
        """
        ...

    def issues_with_commands(self, since: datetime) -> frozenset[int]:
        """Issues with a comment that was written or changed since, and holds a command line."""
        ...

    def publish(self, repository: str, check: CheckDraft, sticky: StickyDraft | None) -> None:
        """A check run and the one comment, in one request; one more for every further fifty annotations."""
        ...

    def find_claims(self, nonces: Collection[str], since: datetime, authors: Collection[str]) -> Mapping[str, int]:
        """Issue numbers by nonce, among issues that `authors` created at or after `since`."""
        ...

    def create_label(self, label: Label) -> None:
        """Creates a label; one that is there already is fine."""
        ...

    def create_issue(self, draft: IssueDraft) -> int:
        """Creates an issue; returns its number."""
        ...

    def change_issue(self, number: int, change: IssueChange) -> None:
        """Changes what is not None."""
        ...

    def comment(self, number: int, body: str) -> None:
        """Adds a comment."""
        ...

    def react(self, comment: Comment, content: str) -> None:
        """Adds a reaction, `+1` or `confused`."""
        ...

    def find_pull_request(self, branch: str) -> PullRequest | None:
        """The latest pull request from a branch of this repository."""
        ...

    def create_pull_request(self, draft: PullRequestDraft) -> int:
        """Branch, commit and pull request. Raises NotAllowedError, and leaves no branch behind, if that is not allowed."""
        ...

    def change_pull_request(self, number: int, title: str, body: str) -> None:
        """New words."""
        ...

    def find_notice(self, marker: str, authors: Collection[str]) -> Notice | None:
        """The first comment on any commit that begins with `marker` and was written by one of `authors`."""
        ...

    def create_notice(self, commit: str, body: str) -> int:
        """A comment on a commit."""
        ...

    def change_notice(self, number: int, body: str) -> None:
        """New words."""
        ...


@dataclass(frozen=True, slots=True)
class Content:
    """What git brought: the register and the ledger, each at one commit."""

    commit: str
    branch: str
    register: Register
    overrides: Overrides
    ledger: LedgerState
    configuration_text: str | None = None
    """Of the file that holds the configuration, if there is one."""


@dataclass(frozen=True, slots=True)
class Merge:
    """What git brought of one pull request, or of one group of a merge queue."""

    base_commit: str
    base: Register
    merged: Register
    files: Mapping[str, tuple[str | None, str | None]]
    """Guarded files that differ, with digests of both sides."""
    mergeable: bool
    touching: frozenset[str] | None
    """Commits of the pull request that change what is gated; None if some could not be read."""
    landed: Register | None = None
    """The register as the pull request was merged, if it was."""


class Contents(Protocol):
    """The repository's content."""

    def merges(self, pulls: Iterable[Pull]) -> Mapping[int, "Merge | str"]:
        """What each open pull request would merge, and each merged one did; a text says why one could not be read."""
        ...

    def group(self, base_ref: str, entry: QueueEntry) -> "Merge | str":
        """What a group of a merge queue would merge into a branch."""
        ...

    def brought(self, commit: str, count: int) -> tuple[str, ...]:
        """The commits that a merged pull request may have come as, given the last, and how many it had."""
        ...

    def passed(self, commits: Iterable[str]) -> Mapping[str, "Merge | str"]:
        """What each commit changed, against its first parent; a text says why one could not be read."""
        ...

    def read(self) -> Content:
        """The default branch and the ledger as they are now. Raises UpstreamError, BrokenLedgerError."""
        ...

    def arrived(self, before: str, after: str, paths: Sequence[str]) -> tuple[str, ...] | str:
        """Commits to some paths between two tips of the default branch, newest first; or why that is not known."""
        ...

    def objects(self, ledger: LedgerState, digests: Iterable[str]) -> Mapping[str, object]:
        """Parsed ledger objects by digest; what is missing is left out."""
        ...

    def texts(self, commit: str, paths: Iterable[str]) -> Mapping[str, str]:
        """Small text files of a commit that is here, by path: those named, and all under a path that ends in a slash."""
        ...

    def files(self, named: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
        """`file:sha256:...` of files by (path, commit); what is not there is left out."""
        ...


class LedgerWriter(Protocol):
    """Adds to the ledger by compare and swap."""

    def append(self, append: Append) -> LedgerState:
        """The ledger afterwards. Raises StaleHeadError if somebody else was faster."""
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything one repository's run is given."""

    repository: str
    host: str
    github: GitHub
    contents: Contents
    ledger: LedgerWriter
    clock: Clock
    nonce: Callable[[], str]
    run: str
    """Identifies this run in claims."""
    acting: Acting = SOMEBODY
    """By which door this run came in."""
    repository_id: int | None = None
    """GitHub's id of the repository that is meant, where it is known: names change hands."""
