"""The state of a repository on GitHub as frozen values, and the query for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from reassay.people.account import Account, Comment


@dataclass(frozen=True, slots=True)
class StateChange:
    """An event in which an issue was closed or reopened."""

    kind: Literal["closed", "reopened"]
    by: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class LabelledIssue:
    """An issue with the label of a signal source."""

    number: int
    title: str
    body: str
    created_at: datetime
    labelled_at: datetime | None
    """When it got the label first; None if GitHub does not say."""
    closed_at: datetime | None
    """None while it is open."""
    url: str
    labels: tuple[str, ...] = ()
    closed_as: Literal["completed", "not-planned", "duplicate"] | None = None
    """Why it was closed; None while it is open."""


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue with its comments and the times at which it was closed and reopened."""

    number: int
    title: str
    body: str
    is_open: bool
    url: str
    author: Account | None
    labels: frozenset[str] = frozenset()
    assignees: tuple[str, ...] = ()
    comments: tuple[Comment, ...] = ()
    """In order of time; of a pull request also the texts of reviews that hold a command."""
    edited_by: str | None = None
    """Login of the last editor of the body, "" for an unknown account; None if it was never edited."""
    changes: tuple[StateChange, ...] = ()
    """The last 20, in order of time."""
    is_locked: bool = False
    """Whether its conversation is locked, so that no comment can be written."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository with its present name, default branch, ledger and labels."""

    full_name: str
    id: int
    is_private: bool
    is_archived: bool
    default_branch: str
    url: str
    ledger_head: str | None
    """Commit of the ledger branch; None if there is none."""
    labels: frozenset[str] = frozenset()
    """Labels of the bot that exist."""
    has_issues: bool = True
    """Whether issues are turned on in its settings."""


@dataclass(frozen=True, slots=True)
class ArrivedCommit:
    """A commit on the default branch, with the pull requests that brought it."""

    commit: str
    at: datetime
    committer: int | None
    """Account id of the committer; None if GitHub has no account."""
    pulls: tuple[int, ...] = ()
    """Numbers of the pull requests that were merged into the default branch with it; empty for a direct push."""


@dataclass(frozen=True, slots=True)
class PullCommit:
    """A commit of a pull request, with the accounts of its authors."""

    oid: str
    accounts: tuple[int | None, ...]
    """Account ids of author and co-authors, by their mail addresses; None for an address without account."""
    verified: bool = False
    """Whether a valid signature proves the author: the author's own, or GitHub's for commits made on its pages."""


@dataclass(frozen=True, slots=True)
class CompletedCheck:
    """A completed check run on a present or former head of a pull request."""

    id: int
    name: str
    head: str
    app: str
    """Slug of the App that created it; other Apps can use the same name."""
    conclusion: str
    external_id: str
    """Digests of content and text, without the anchor."""
    at: datetime
    anchor: str = ""
    """Anchor of the ledger that was published with it; empty without one."""


@dataclass(frozen=True, slots=True)
class LatestReview:
    """The latest review of a person that approves, requests changes, or was dismissed."""

    id: int
    by: Account | None
    commit: str | None
    at: datetime
    approves: bool = True
    """Whether it approves; GitHub leaves an approval as it is when its author requests changes later."""


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull request with the commits, check runs and reviews that a verdict needs."""

    issue: Issue
    """Number, title, body and comments, since a pull request is an issue as well."""
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
    """GitHub's test merge of this base and head; None if it is of others."""
    merged_as: str | None = None
    """The commit that merged it; None if it is not merged."""
    merged_by: int | None = None
    """Account id of the person who merged it; None if GitHub has no account."""
    commits: tuple[PullCommit, ...] = ()
    commits_total: int = 0
    checks: tuple[CompletedCheck, ...] = ()
    """Completed, oldest first."""
    reviews: tuple[LatestReview, ...] = ()
    """One for each person."""
    siblings: tuple[int, ...] = ()
    """Other open pull requests of the same head into the same base."""
    pushers: frozenset[int] | None = None
    """Account ids of those who pushed to the head, as GitHub authenticated them; None if unknown or not requested."""
    is_fork: bool = False
    """Whether the head is in another repository, whose pushes GitHub does not show."""
    merged_at: datetime | None = None
    """When it was merged, as GitHub says; None if it was not."""
    is_queued: bool = False
    """Whether it is in a merge queue."""
    problems: tuple[str, ...] = ()
    """What could not be read to the end, each a sentence without its full stop."""

    @property
    def number(self) -> int:
        """The number of the pull request."""
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
    """Head commit of the pull request."""
    group: str | None
    """Commit of the merge group that ends with it."""
    position: int
    checks: tuple[CompletedCheck, ...] = ()
    """Completed check runs on the group's commit."""


@dataclass(frozen=True, slots=True)
class RepositoryState:
    """The state of a repository at one moment, as far as it was requested."""

    viewer: str
    """Login of the account this program acts as."""
    repository: Repository
    issues: Mapping[int, Issue] = field(default_factory=dict)
    """Requested issues that exist, by number."""
    accounts: Mapping[str, int] = field(default_factory=dict)
    """Account ids by login in small letters, of requested accounts that exist."""
    teams: Mapping[str, tuple[Account, ...]] = field(default_factory=dict)
    """Members by `organisation/team` in small letters, of requested teams that could be read."""
    team_ids: Mapping[str, int] = field(default_factory=dict)
    """Ids of these teams, by the same names."""
    pulls: Mapping[int, Pull] = field(default_factory=dict)
    """Requested pull requests that exist, by number."""
    open_pulls: tuple[int, ...] = ()
    """Numbers of all open pull requests, if requested."""
    repository_node: str = ""
    acting_app: int | None = None
    """Id of the App that this program acts as; None for a token whose App is not known, and for one of no App."""
    queue: tuple[QueueEntry, ...] = ()
    """The merge queue in order, if requested."""
    closed_pulls: tuple[int, ...] = ()
    """Numbers of pull requests that were closed unmerged and updated since an instant, if requested."""
    arrived: tuple["ArrivedCommit", ...] = ()
    """Commits to the register on the default branch, newest first, by their dates."""
    recent: tuple[Issue, ...] = ()
    """Issues of the bot and pull requests that were opened or changed last, with their last comments, if requested."""
    recent_checks: tuple[CompletedCheck, ...] = ()
    """Check runs on the heads of these pull requests."""


@dataclass(frozen=True, slots=True)
class BotPullRequest:
    """A pull request from a branch of the bot. Its author tells whether the bot opened it."""

    number: int
    is_open: bool
    is_merged: bool
    title: str
    body: str
    author: str | None
    """Login; None for a deleted account."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A comment of the bot on a commit, used if it may not create pull requests."""

    id: int
    body: str


@dataclass(frozen=True, slots=True)
class RepositoryQuery:
    """A query for the state of a repository, besides issues."""

    logins: tuple[str, ...] = ()
    """Logins of accounts whose ids are needed."""
    teams: tuple[str, ...] = ()
    """Teams as `organisation/team` whose members are needed."""
    register: tuple[str, ...] = ()
    """Paths whose commits on the default branch are checked for pull requests."""
    since: datetime | None = None
    """Begin of the time whose commits are checked; None for no check."""
    pulls: tuple[int, ...] = ()
    """Numbers of pull requests whose details are needed."""
    open_pulls: bool = False
    """Whether the numbers of all open pull requests are needed."""
    queue: str | None = None
    """Branch whose merge queue is needed; None without."""
    recent: Literal["labelled", "any"] | None = None
    """Whether the issues that changed last are needed: those with the bot's label, or any; None for none."""
    recent_pulls: bool = False
    """Whether the pull requests that changed last are needed. It takes permission to read check runs."""
    closed_since: datetime | None = None
    """Begin of the time whose unmerged closings are needed; None for none."""
    branch: str = ""
    """Base branch whose check is asked for at once; pull requests into another one take a request more."""
    pushers: bool = False
    """Whether the pushers to the heads of these pull requests are needed."""

    def only_pulls(self, numbers: tuple[int, ...]) -> "RepositoryQuery":
        """The same query for some pull requests and nothing else."""
        return RepositoryQuery(pulls=numbers, branch=self.branch, pushers=self.pushers)


EMPTY_QUERY = RepositoryQuery()
