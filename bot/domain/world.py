"""What was seen on GitHub: frozen values, never a client's objects."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Account:
    """Who wrote something."""

    login: str
    id: int | None
    """Numeric account id; None where GitHub does not say."""
    is_bot: bool = False


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment of an issue."""

    id: int
    node_id: str
    body: str
    author: Account | None
    """None for a deleted account."""
    created_at: datetime
    edited_by: str | None = None
    """Login of the last editor, or empty text if edited by an unknown account; None if never edited."""
    reacted: bool = False
    """Whether the account this program acts as has reacted to it."""


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
    """A commit on the default branch that belongs to no merged pull request."""

    commit: str
    at: datetime
    committer: int | None
    """Account id, where GitHub knows one."""


@dataclass(frozen=True, slots=True)
class Look:
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
    direct: tuple["DirectCommit", ...] = ()
    """Commits to the register that reached the default branch without a pull request, newest first."""


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
class Notice:
    """A comment of ours on a commit, where pull requests cannot be made."""

    id: int
    body: str
