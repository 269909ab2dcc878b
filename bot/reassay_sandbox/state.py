"""What the sandbox remembers: accounts, repositories, issues, comments, labels."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from reassay_sandbox.files import Storage
from reassay_sandbox.gitstore import GitStore


def organisation_id(login: str) -> int:
    """Of an owner that is no person: always the same for the same name, and far from the ids that are counted up."""
    return (1 << 32) + zlib.crc32(login.lower().encode())


@dataclass(frozen=True, slots=True)
class User:
    """An account."""

    id: int
    login: str
    """As REST shows it; an App's account ends in [bot]."""
    is_bot: bool = False

    @property
    def slug(self) -> str:
        """As GraphQL shows a bot: without the suffix."""
        return self.login.removesuffix("[bot]")


@dataclass(frozen=True, slots=True)
class Token:
    """A credential: for one repository by name, or for some of an installation by their ids."""

    value: str
    user: User
    repository: str
    """Name of the one repository; empty if `repositories` says more."""
    permissions: Mapping[str, str]
    repositories: frozenset[int] | None = None
    """Ids; a repository that is renamed stays the same one."""
    installation: int | None = None
    expires_at: datetime | None = None
    through: int | None = None
    """Of a person: the App they signed in with, or 0 for a token they made themselves."""

    def opens(self, repo: "Repo") -> bool:
        """Whether it is for this repository."""
        if self.repositories is not None:
            return repo.id in self.repositories
        return self.repository.lower() == repo.full_name.lower()

    def allows(self, permission: str) -> bool:
        """Whether it may write there."""
        return self.permissions.get(permission) in {"write", "admin"}


@dataclass(slots=True)
class Reaction:
    """Somebody's reaction to a comment."""

    id: int
    user: User
    content: str


@dataclass(slots=True)
class SandboxComment:
    """A comment; `author` None for a deleted account."""

    id: int
    body: str
    author: User | None
    created_at: datetime
    updated_at: datetime
    edited_by: User | None = None
    edited_at: datetime | None = None
    reactions: list[Reaction] = field(default_factory=list)


@dataclass(slots=True)
class SandboxEvent:
    """Something on an issue's timeline: closed, reopened, labeled, unlabeled, renamed."""

    kind: str
    actor: User | None
    at: datetime
    detail: str = ""


@dataclass(slots=True)
class SandboxReview:
    """A review of a pull request."""

    id: int
    author: User
    state: str
    commit: str
    at: datetime
    body: str = ""
    reactions: list[Reaction] = field(default_factory=list)


@dataclass(slots=True)
class SandboxPull:
    """What makes an issue a pull request."""

    head: str
    """Branch of the same repository, or of the fork."""
    base: str
    merged_at: datetime | None = None
    merge_commit: str | None = None
    base_at_end: str | None = None
    """Where the base stood before a push moved it forward to the head; None for other merges."""
    rebased: tuple[str, ...] = ()
    """What it came as, where it was not merged by a merge commit."""
    merged_by: User | None = None
    fork: "Repo | None" = None
    """Where the head is, if not here."""
    is_draft: bool = False
    slow_merge: bool = False
    """Whether GitHub has not computed the test merge yet."""
    head_at_end: str | None = None
    """The head when it was merged or closed."""
    reviews: list[SandboxReview] = field(default_factory=list)
    forced: list[tuple[datetime, User, str, str]] = field(default_factory=list)
    """Force pushes: when, who, the head before and after."""
    test_merges: dict[tuple[str, str], str] = field(default_factory=dict)


@dataclass(slots=True)
class CheckRun:
    """A check run on a commit."""

    id: int
    name: str
    head: str
    app: User
    conclusion: str
    external_id: str
    title: str
    summary: str
    at: datetime
    annotations: list[dict[str, Any]] = field(default_factory=list)
    actions: list[dict[str, str]] = field(default_factory=list)
    """Buttons that people may press."""
    suite: str = ""
    """Its suite among those of its App: every workflow run has one of its own."""


@dataclass(slots=True)
class Queued:
    """A pull request in a merge queue."""

    pull: int
    base: str
    head: str
    group: str | None = None
    """The commit of the group that ends with it."""
    is_shown: bool = True
    """Whether GraphQL shows that commit already: the event comes before it may."""


@dataclass(slots=True)
class Push:
    """Somebody's push to a branch, as GitHub authenticated them."""

    branch: str
    actor: User
    after: str
    at: datetime


@dataclass(slots=True)
class SandboxIssue:
    """An issue, or a pull request: they share their numbers."""

    id: int
    number: int
    title: str
    body: str
    author: User | None
    created_at: datetime
    updated_at: datetime
    state: str = "open"
    state_reason: str | None = None
    closed_at: datetime | None = None
    labels: list[str] = field(default_factory=list)
    assignees: list[User] = field(default_factory=list)
    comments: list[SandboxComment] = field(default_factory=list)
    events: list[SandboxEvent] = field(default_factory=list)
    pull: SandboxPull | None = None
    edited_by: User | None = None
    edited_at: datetime | None = None
    """When the body was edited last; None if it never was."""
    is_locked: bool = False
    """Whether the conversation is locked: a token writes no comment then."""
    is_pinned: bool = False


@dataclass(slots=True)
class CommitComment:
    """A comment on a commit."""

    id: int
    commit: str
    body: str
    author: User
    created_at: datetime
    updated_at: datetime


@dataclass(slots=True)
class SandboxLabel:
    """A repository's label."""

    id: int
    name: str
    color: str
    description: str


@dataclass(slots=True)
class SandboxRun:
    """A workflow run, as of its latest attempt."""

    id: int
    attempt: int
    path: str
    branch: str
    commit: str
    event: str
    status: str
    conclusion: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(slots=True)
class Repo:
    """A repository."""

    id: int
    owner: str
    name: str
    is_private: bool
    git: GitStore
    collaborators: dict[str, str]
    issues: dict[int, SandboxIssue] = field(default_factory=dict)
    labels: dict[str, SandboxLabel] = field(default_factory=dict)
    commit_comments: list[CommitComment] = field(default_factory=list)
    checks: list[CheckRun] = field(default_factory=list)
    """In order of making."""
    queue: list[Queued] = field(default_factory=list)
    pushes: list[Push] = field(default_factory=list)
    verified: set[str] = field(default_factory=set)
    """Commits whose signature proves their author."""
    is_archived: bool = False
    has_issues: bool = True
    """Whether issues are turned on in its settings."""
    last_number: int = 0
    settings: dict[str, Any] = field(default_factory=dict)
    """What GitHub answers about how it is set up, by the part of the path that names it."""
    storage: Storage = field(default_factory=Storage)
    """Artifacts of workflows, and assets of releases."""
    runs: dict[int, SandboxRun] = field(default_factory=dict)
    """Workflow runs by number."""
    dispatches: list[Mapping[str, Any]] = field(default_factory=list)
    """Bodies of `repository_dispatch` events, in order."""
    workflow_states: dict[str, str] = field(default_factory=dict)
    """GitHub's word for the state of a workflow by path; those not named are active."""

    @property
    def full_name(self) -> str:
        """OWNER/NAME."""
        return f"{self.owner}/{self.name}"


@dataclass(slots=True)
class Store:
    """Everything; one lock outside guards it."""

    users: dict[str, User] = field(default_factory=dict)
    repos: dict[str, Repo] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    teams: dict[str, list[str]] = field(default_factory=dict)
    """Logins by `organisation/team`, all in small letters."""
    team_ids: dict[str, int] = field(default_factory=dict)
    """Ids by the same names."""
    advisories: list[dict[str, Any]] = field(default_factory=list)
    """Global security advisories as GitHub gives them, in order of publication."""
    last_id: int = 1000

    def next_id(self) -> int:
        """Ids grow, as on GitHub."""
        self.last_id += 1
        return self.last_id

    def user(self, login: str) -> User:
        """Raises KeyError for nobody."""
        return self.users[login.lower()]

    def find(self, full_name: str) -> Repo | None:
        """By name, without regard to case; by its new name after renaming."""
        key = full_name.lower()
        return self.repos.get(self.renamed.get(key, key))
