"""What the hosted App knows of installations and repositories, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from reassay.hosted.rules.fingerprint import Fingerprint, LastSweep
from reassay.hosted.rules.instants import Instant


@dataclass(frozen=True, slots=True)
class Installation:
    """The App, installed on an account."""

    id: int
    account: str
    """Login."""
    account_id: int | None = None
    suspended: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A repository, as GitHub lists it for an installation."""

    id: int
    full_name: str
    is_private: bool


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository of an installation, as the tables have it."""

    id: int
    installation: int
    full_name: str
    timezone: str = "UTC"
    looked: Fingerprint | None = None
    """What the last look at many said of it."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A repository whose time has come; nobody else looks at it for a while."""

    repository: Repository
    due_at: datetime
    """When its time has come or comes."""
    last: LastSweep


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep of one repository leaves behind."""

    at: datetime
    fine: bool
    """Whether nothing was left undone."""
    fingerprint: Fingerprint | None
    """What a look had said before it began."""
    problems: tuple[Mapping[str, str], ...] = ()
    timezone: str | None = None
    """None, like `status` and `instants`, if it did not come so far."""
    status: Mapping[str, object] | None = None
    """Document `reassay/status/v1`."""
    instants: tuple[Instant, ...] | None = None
    next_sweep: datetime | None = None
    """None leaves it as it is."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A repository that was looked at."""

    repository: int
    next_sweep: datetime
    looked: Fingerprint | None = field(default=None)
