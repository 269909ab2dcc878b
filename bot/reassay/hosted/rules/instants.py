"""Instants at which the state of a cell changes because time passes: they say when a repository must be swept."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from reassay.assessment.cells import AssessmentInput, CellStatus
from reassay.assessment.schedule.reminders import latest_reminder
from reassay.assessment.subjects import grace_of
from reassay.assessment.triggers.base import Pending
from reassay.hosted.rules.sweep_schedule import first_instant

InstantKind = Literal["opens", "due", "overdue", "reminder"]


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
    return tuple(
        CellInstant(cell.subject, cell.cell, kind, first_instant(day, timezone))
        for cell in cells
        for kind, day in _days(cell, assessment_input)
    )


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
