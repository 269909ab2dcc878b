"""Figures and lists from the App's tables, for pages, the API and metrics."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class InstallationSummary:
    """An installation of the App, for the operators' page."""

    id: int
    account: str
    suspended: bool
    limited_until: datetime | None
    """End of a pause that GitHub requested; None or past without a pause."""
    repositories: int


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A delivery that could not be processed, or a job that failed too often."""

    id: int
    kind: str
    """`delivery` or `job`."""
    key: str
    """Id of the delivery, or `REPOSITORY-ID/SUBJECT` of the job."""
    repository: str
    """Name of the repository; empty if it is not known."""
    event: str
    reason: str
    at: datetime
    redriven_at: datetime | None
    """Time of the last retry by an operator; None if there was none since the last failure."""


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """Figures of one moment."""

    unread: int = 0
    """Deliveries that were not processed yet."""
    oldest_unread: datetime | None = None
    last_delivery: datetime | None = None
    jobs: Mapping[str, int] = field(default_factory=dict)
    """Number of jobs by Procrastinate's name of their state."""
    dead: Mapping[str, int] = field(default_factory=dict)
    """Number of dead letters that were not retried, by kind."""
    repositories: int = 0
    unfinished: int = 0
    """Repositories whose last sweep did not finish."""
    installations: int = 0
    paused: int = 0
    """Number of installations with a pause that GitHub requested."""
    last_sweep: datetime | None = None
    cells: Mapping[str, int] = field(default_factory=dict)
    """Cells of all repositories by state, as of their last sweeps."""
    errors: int = 0
    """Errors in the registers in which something cannot be read."""
    unreadable: int = 0
    """Entries and configurations of all repositories that cannot be read any more."""
    unreadable_repositories: tuple[str, ...] = ()
    """Names of the repositories in which something cannot be read, at most 100."""
