"""Figures and lists from the App's tables, for pages, the API and metrics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime


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
class RepositoryFigures:
    """Figures of one repository as of its last sweep, or of several added up."""

    name: str
    cells: Mapping[str, int] = field(default_factory=dict)
    """Number of cells by state; states without cells are left out."""
    errors: int = 0
    """Errors in the register."""
    last_sweep: datetime | None = None
    """End of the last sweep, the earliest one of several repositories; None if one was never swept."""
    unfinished: int = 0
    """1 if that sweep did not finish."""
    oldest_due: date | None = None
    """The earliest due date that has passed, of the cells that are overdue by date; None if there is none."""

    def overdue_days(self, today: date) -> int:
        """Days since the earliest due date that has passed; 0 if nothing is overdue."""
        return max(0, (today - self.oldest_due).days) if self.oldest_due else 0

    def __add__(self, other: "RepositoryFigures") -> "RepositoryFigures":
        """The sum of both, under the name of the first one."""
        states = {*self.cells, *other.cells}
        due = [day for day in (self.oldest_due, other.oldest_due) if day is not None]
        sweeps = [at for at in (self.last_sweep, other.last_sweep) if at is not None]
        return RepositoryFigures(
            self.name,
            {state: self.cells.get(state, 0) + other.cells.get(state, 0) for state in states},
            self.errors + other.errors,
            min(sweeps) if len(sweeps) == len((self, other)) else None,
            self.unfinished + other.unfinished,
            min(due, default=None),
        )


OTHER_REPOSITORIES = "other"
"""Name for repositories that are not shown one by one; no repository has it, because theirs have a slash."""


def at_most(repositories: Sequence[RepositoryFigures], most: int) -> tuple[RepositoryFigures, ...]:
    """The repositories with the oldest overdue date, errors or unfinished sweeps first; the rest is added up as one."""
    ranked = sorted(
        repositories,
        key=lambda own: (own.oldest_due or date.max, -own.errors, -own.unfinished, own.name),
    )
    shown, rest = ranked[:most], ranked[most:]
    if not rest:
        return tuple(shown)
    total = replace(rest[0], name=OTHER_REPOSITORIES)
    for own in rest[1:]:
        total += own
    return (*shown, total)


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
    failed_runs: int = 0
    """Runs of jobs that failed since the last one that succeeded, in all repositories."""
