"""What was seen on GitHub: frozen values, never a client's objects."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from reassay.people.account import Account, Comment

__all__ = [
    "Account",
    "Annotation",
    "ApprovingReview",
    "CheckDraft",
    "Comment",
    "CompletedCheck",
    "DirectCommit",
    "Issue",
    "IssueChange",
    "IssueDraft",
    "Label",
    "Notice",
    "Pull",
    "PullCommit",
    "PullRequest",
    "PullRequestDraft",
    "QueueEntry",
    "Repository",
    "RepositoryState",
    "StateChange",
    "StickyDraft",
]


@dataclass(frozen=True, slots=True)
class StateChange:
    """The issue was closed or reopened by somebody."""

    kind: Literal["closed", "reopened"]
    by: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue with everything a decision needs."""

    number: int
    title: str
    body: str
    is_open: bool
    url: str
    author: Account | None
    labels: frozenset[str] = frozenset()
    assignees: tuple[str, ...] = ()
    comments: tuple[Comment, ...] = ()
    """In order of id."""
    changes: tuple[StateChange, ...] = ()
    """The last ones, in order of time."""


@dataclass(frozen=True, slots=True)
class Repository:
    """The repository as GitHub names it now."""

    full_name: str
    id: int
    is_private: bool
    is_archived: bool
    default_branch: str
    url: str
    ledger_head: str | None
    """Commit of the ledger branch; None if there is none."""
    labels: frozenset[str] = frozenset()
    """Those of this bot's own labels that are there."""


@dataclass(frozen=True, slots=True)
class DirectCommit:
    """A commit on the default branch that belongs to no merged pull request, or to one without a green verdict."""

    commit: str
    at: datetime
    committer: int | None
    """Account id of whoever brought it in: who merged, else the committer. None where GitHub knows none."""
    pull: int | None = None
    """The pull request that it came by, if it came by one whose head carried no green verdict of ours."""


@dataclass(frozen=True, slots=True)
class PullCommit:
    """A commit of a pull request, with the accounts that it names."""

    oid: str
    accounts: tuple[int | None, ...]
    """Of author and co-authors, by their addresses; None for an address that leads to no account."""
    verified: bool = False
    """Whether a signature proves who made it: the author's own, or GitHub's for what was made on its pages."""


@dataclass(frozen=True, slots=True)
class CompletedCheck:
    """A completed check run on one of the heads that a pull request had."""

    id: int
    name: str
    head: str
    app: str
    """Slug of the app that made it: a name alone proves nothing."""
    conclusion: str
    external_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ApprovingReview:
    """An approving review."""

    id: int
    by: Account | None
    commit: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull request with everything a verdict needs from GitHub."""

    issue: Issue
    """Number, words, comments: pull requests are issues as well."""
    node_id: str
    is_merged: bool
    is_draft: bool
    base_ref: str
    base_tip: str | None
    """Commit of the base branch now; None if it is gone."""
    head: str
    head_ref: str
    mergeable: Literal["yes", "no", "unknown"]
    merge_commit: str | None
    """The test merge that GitHub made, if it is of this base and this head."""
    merged_as: str | None = None
    """The commit by which it was merged."""
    merged_by: int | None = None
    """Account id of whoever merged it, where GitHub knows one."""
    commits: tuple[PullCommit, ...] = ()
    commits_total: int = 0
    checks: tuple[CompletedCheck, ...] = ()
    """Completed, oldest first."""
    reviews: tuple[ApprovingReview, ...] = ()
    siblings: tuple[int, ...] = ()
    """Other open pull requests of the same head into the same base."""
    pushers: frozenset[int] | None = None
    """Who pushed to the head, as GitHub authenticated them; None if nobody asked, or it cannot be known."""

    @property
    def number(self) -> int:
        """Its number."""
        return self.issue.number

    @property
    def all_commits(self) -> bool:
        """Whether every commit is listed."""
        return len(self.commits) >= self.commits_total


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """A pull request in a merge queue."""

    number: int
    head: str
    """Of the pull request."""
    group: str | None
    """The commit of the group that ends with it."""
    position: int
    checks: tuple[CompletedCheck, ...] = ()
    """Completed check runs on the group's commit."""


@dataclass(frozen=True, slots=True)
class RepositoryState:
    """One look at a repository."""

    viewer: str
    """Login of the account this program acts as."""
    repository: Repository
    issues: Mapping[int, Issue] = field(default_factory=dict)
    """Those asked for that exist."""
    accounts: Mapping[str, int] = field(default_factory=dict)
    """Account ids by login in small letters, of those asked for that exist."""
    teams: Mapping[str, tuple[Account, ...]] = field(default_factory=dict)
    """Members by `organisation/team` in small letters, of those asked for that could be read."""
    pulls: Mapping[int, Pull] = field(default_factory=dict)
    """Those asked for that exist."""
    open_pulls: tuple[int, ...] = ()
    """Numbers of all open pull requests, if they were asked for."""
    repository_node: str = ""
    queue: tuple[QueueEntry, ...] = ()
    """The merge queue, if it was asked for, in order."""
    direct: tuple["DirectCommit", ...] = ()
    """Commits to the register that reached the default branch without a pull request, newest first, by their dates."""
    dated: frozenset[str] = frozenset()
    """All commits to the register that were looked at for that."""


@dataclass(frozen=True, slots=True)
class Label:
    """A label this program owns; it touches no others."""

    name: str
    colour: str
    description: str


@dataclass(frozen=True, slots=True)
class IssueDraft:
    """An issue to create."""

    title: str
    body: str
    labels: tuple[str, ...]
    assignees: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IssueChange:
    """What to change of an issue; None leaves a field alone."""

    title: str | None = None
    body: str | None = None
    is_open: bool | None = None
    completed: bool = True
    """The reason of a closing: completed, or not planned."""
    add_labels: tuple[str, ...] = ()
    remove_labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request from a branch of ours; whose it is says its author."""

    number: int
    is_open: bool
    is_merged: bool
    title: str
    body: str
    author: str | None
    """Login; None for a deleted account."""


@dataclass(frozen=True, slots=True)
class PullRequestDraft:
    """A pull request to create: one file, on a branch of its own."""

    branch: str
    base: str
    base_commit: str
    path: str
    content: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Annotation:
    """A remark beside a line of a file."""

    path: str
    line: int
    level: Literal["FAILURE", "WARNING", "NOTICE"]
    title: str
    message: str


@dataclass(frozen=True, slots=True)
class CheckDraft:
    """A check run to make: always completed, and never neutral or skipped, which would satisfy a required check."""

    name: str
    head: str
    conclusion: Literal["success", "failure"]
    external_id: str
    title: str
    summary: str
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True)
class StickyDraft:
    """The one comment of ours on a pull request: made, or brought up to date."""

    pull: str
    """Node id of the pull request."""
    body: str
    existing: str | None = None
    """Node id of the comment, if it is there already."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A comment of ours on a commit, where pull requests cannot be made."""

    id: int
    body: str
