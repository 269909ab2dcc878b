"""The schedule of sweeps: the next sweep of a repository, the reason for one, and the instants at which a cell changes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from reassay.assessment.cells import AssessmentInput, CellStatus
from reassay.assessment.schedule.reminders import latest_reminder
from reassay.assessment.subjects import grace_of
from reassay.assessment.triggers.base import Fired, Pending
from reassay.common.calendar import local_date, zone
from reassay.github.app_types import ActivityFingerprint, RepositoryActivity
from reassay.hosted.rules.backoff import jitter
from reassay.hosted.rules.clock_steps import is_ahead

HOUR = timedelta(hours=1)
AFTER_MIDNIGHT = timedelta(minutes=15)
"""A repository is swept within this time after midnight in its time zone, when dates change."""


@dataclass(frozen=True, slots=True)
class LastSweep:
    """How the last sweep of a repository ended."""

    at: datetime | None
    """None if it was never swept."""
    fine: bool
    """Whether the sweep finished without problems."""
    fingerprint: ActivityFingerprint | None
    """Activity of the repository as read before that sweep."""
    timezone: str
    next_instant: datetime | None = None
    """The first instant after the sweep at which the state of a cell changes because time passes; None if there is none."""


def why_sweep(last: LastSweep, activity: RepositoryActivity, now: datetime) -> str | None:
    """The reason why a sweep is needed; None if a sweep would find nothing new."""
    if last.at is None:
        return "it was never swept"
    reasons = (
        (not last.fine, "the last sweep did not finish"),
        (is_ahead(last.at, now), "the last sweep is dated ahead of now"),
        (last.fingerprint != activity.fingerprint, "it changed"),
        (local_date(last.at, last.timezone) != local_date(now, last.timezone), "a new day began in its time zone"),
        (last.next_instant is not None and last.next_instant <= now, "a date was reached"),
    )
    return next((why for applies, why in reasons if applies), None)


def next_sweep(now: datetime, timezone: str, repository: int) -> datetime:
    """The first instant after `now`, in UTC: every hour at a minute of its own, and soon after midnight.

    Missed sweeps are not added up: one sweep catches up on all of them. `timezone` is a valid IANA name.
    """
    return min(_next_hour(now, repository), _next_midnight(now, timezone, repository))


def first_instant(day: date, timezone: str) -> datetime:
    """When a day begins, in UTC. Where the clock skips midnight, the instant of the skip."""
    return datetime.combine(day, datetime.min.time(), zone(timezone)).astimezone(UTC)


def _next_hour(now: datetime, repository: int) -> datetime:
    offset = timedelta(seconds=int(HOUR.total_seconds() * jitter(f"hour/{repository}")))
    start = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + offset
    return start if start > now else start + HOUR


def _next_midnight(now: datetime, timezone: str, repository: int) -> datetime:
    wait = timedelta(seconds=1 + int((AFTER_MIDNIGHT.total_seconds() - 1) * jitter(f"midnight/{repository}")))
    today = local_date(now, timezone)
    days = (today + timedelta(days=offset) for offset in (0, 1, 2))
    return min(instant for day in days if (instant := first_instant(day, timezone) + wait) > now)


InstantKind = Literal["opens", "due", "overdue", "reminder", "deadline"]


@dataclass(frozen=True, slots=True)
class CellInstant:
    """An instant at which one cell of a repository changes."""

    subject: str
    cell: str
    kind: InstantKind
    at: datetime
    """In UTC; dates change at midnight in the register's time zone."""


def instants(cells: Iterable[CellStatus], assessment_input: AssessmentInput) -> tuple[CellInstant, ...]:
    """At most one instant of each kind for each cell. Past instants are included: they say since when."""
    timezone = assessment_input.register.configuration.timezone
    days = (
        CellInstant(cell.subject, cell.cell, kind, _instant(cell, kind, day, timezone))
        for cell in cells
        for kind, day in _days(cell, assessment_input)
    )
    ends = (
        CellInstant(cell.subject, cell.cell, "deadline", end + timedelta(seconds=1))
        for cell in cells
        if (end := _next_end(cell, assessment_input.now))
    )
    return (*days, *ends)


def _next_end(cell: CellStatus, now: datetime) -> datetime | None:
    """The first instant to come at which a deadline of a cell ends; several of one event end at different hours."""
    ends = (result.due_at for result in cell.results if isinstance(result, Fired | Pending))
    return min((end for end in ends if end is not None and end > now), default=None)


def _instant(cell: CellStatus, kind: InstantKind, day: date, timezone: str) -> datetime:
    """When a cell changes: the beginning of the day, or the second after the instant of a legal clock without grace."""
    if kind == "overdue" and cell.due and cell.due_at and day == cell.due + timedelta(days=1):
        return cell.due_at + timedelta(seconds=1)
    return first_instant(day, timezone)


def _days(cell: CellStatus, assessment_input: AssessmentInput) -> Iterator[tuple[InstantKind, date]]:
    opens = [result.opens for result in cell.results if isinstance(result, Pending)]
    if cell.scheduled is not None:
        opens.append(cell.scheduled)
    if opens:
        yield "opens", min(opens)
    if cell.due is None:
        return
    yield "due", cell.due
    entry = assessment_input.register.subjects.get(cell.subject)
    yield "overdue", (grace_of(entry.value).after(cell.due) if entry else cell.due) + timedelta(days=1)
    if cell.open is not None:
        yield from _reminder(cell, assessment_input)


def _reminder(cell: CellStatus, assessment_input: AssessmentInput) -> Iterator[tuple[InstantKind, date]]:
    """The next reminder. If today is not a working day, it is looked up again tomorrow."""
    if cell.open is None or cell.due is None:
        return
    configuration = assessment_input.register.configuration
    opened_on = cell.open.opened_at.date()
    reminder = latest_reminder(cell.due, opened_on, assessment_input.today, configuration)
    day = (
        reminder.next_day
        if reminder
        else configuration.working_days.on_or_after(assessment_input.today + timedelta(days=1))
    )
    yield "reminder", max(day, assessment_input.today + timedelta(days=1))
