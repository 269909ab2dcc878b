"""What the hosted App's tables say, for pages and figures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RepositoryRow:
    """A repository and how its last sweep ended."""

    id: int
    installation: int
    full_name: str
    private: bool
    swept_at: datetime | None
    fine: bool
    """Whether that sweep left nothing undone."""
    problems: tuple[Mapping[str, str], ...] = ()
    status: Mapping[str, object] | None = None
    """Document `reassay/status/v1` as of then."""


@dataclass(frozen=True, slots=True)
class InstallationRow:
    """The App, installed on an account."""

    id: int
    account: str
    suspended: bool
    limited_until: datetime | None
    repositories: int


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A delivery that made no sense, or a subject that failed too often."""

    id: int
    kind: str
    """`delivery` or `job`."""
    key: str
    """A delivery's id, or repository and subject."""
    repository: str
    """Its name where it is known."""
    event: str
    reason: str
    at: datetime
    redriven_at: datetime | None


@dataclass(frozen=True, slots=True)
class Numbers:
    """Figures of one moment."""

    unread: int = 0
    """Deliveries that nobody has read yet."""
    oldest_unread: datetime | None = None
    last_delivery: datetime | None = None
    jobs: Mapping[str, int] = field(default_factory=dict)
    """By the queue's word for their state."""
    dead: Mapping[str, int] = field(default_factory=dict)
    """Dead letters that wait for a person, by kind."""
    repositories: int = 0
    unfinished: int = 0
    """Repositories whose last sweep left something undone."""
    installations: int = 0
    paused: int = 0
    """Installations for which GitHub asked for a pause."""
    last_sweep: datetime | None = None
