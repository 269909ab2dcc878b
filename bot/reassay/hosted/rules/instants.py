"""Instants at which something about a cell changes by itself, for an index over all repositories."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from reassay.assessment.cells import CellStatus, Situation
from reassay.assessment.schedule.reminders import latest_reminder
from reassay.assessment.subjects import grace_of
from reassay.assessment.triggers.base import Pending
from reassay.hosted.rules.sweep_schedule import first_instant

Kind = Literal["opens", "due", "overdue", "reminder"]


@dataclass(frozen=True, slots=True)
class Instant:
    """One of them."""

    subject: str
    cell: str
    kind: Kind
    at: datetime
    """UTC: dates turn at the midnight of the configured time zone."""


def instants(cells: Iterable[CellStatus], situation: Situation) -> tuple[Instant, ...]:
    """For each cell at most one of each kind. What is past stays: it says since when."""
    timezone = situation.register.configuration.timezone
    return tuple(
        Instant(cell.subject, cell.cell, kind, first_instant(day, timezone))
        for cell in cells
        for kind, day in _days(cell, situation)
    )


def _days(cell: CellStatus, situation: Situation) -> Iterator[tuple[Kind, date]]:
    opens = [each.opens for each in cell.results if isinstance(each, Pending)]
    if cell.scheduled is not None:
        opens.append(cell.scheduled)
    if opens:
        yield "opens", min(opens)
    if cell.due is None:
        return
    yield "due", cell.due
    entry = situation.register.subjects.get(cell.subject)
    yield "overdue", (grace_of(entry.value).after(cell.due) if entry else cell.due) + timedelta(days=1)
    if cell.open is not None:
        yield from _reminder(cell, situation)


def _reminder(cell: CellStatus, situation: Situation) -> Iterator[tuple[Kind, date]]:
    """The next one; on a day on which nobody works that is looked up on the day after."""
    if cell.open is None or cell.due is None:
        return
    configuration = situation.register.configuration
    opened_on = cell.open.opened_at.date()
    found = latest_reminder(cell.due, opened_on, situation.today, configuration)
    day = found.next_day if found else configuration.working_days.on_or_after(situation.today + timedelta(days=1))
    yield "reminder", max(day, situation.today + timedelta(days=1))
