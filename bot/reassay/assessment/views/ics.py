"""Due dates as a calendar (RFC 5545). A module of its own, because its library is slow to import."""

from collections.abc import Sequence
from datetime import UTC, datetime

from icalendar import Calendar, Event

from reassay.assessment.cells import CellStatus, State
from reassay.assessment.follow_ups import TrackedFollowUp
from reassay.register.register import Register


def status_ics(
    cells: Sequence[CellStatus],
    register: Register,
    at: datetime,
    source: str,
    follow_ups: Sequence[TrackedFollowUp] = (),
) -> str:
    """An iCalendar text with one event for each cell that has a due date: a whole day, or the instant of a deadline.

    `source` names the register among all registers; with subject and cell it makes the UID of an event, which has to be the only
    one of its kind in the world and the same at every run (RFC 5545, 3.8.4.7).

    Each open follow-up is an event, too. A cell that cannot be read and has no known date is an event of today.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//reassay//due dates//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Re-assessments")
    for cell in cells:
        is_unreadable = cell.state is State.UNREADABLE
        if cell.due is None and not is_unreadable:
            continue
        event = Event()
        where = "" if cell.cell == "*" else f" ({cell.cell})"
        event.add("uid", f"{cell.subject}.{cell.cell}@{source}")
        entry = register.subjects.get(cell.subject)
        what = f"Re-assess {entry.value.title}" if entry else f"Cannot be read: {cell.subject}"
        event.add("summary", f"{what}{where}")
        verdict = f" ({cell.verdict})" if cell.last else ""
        owner = f". Owner: {entry.value.owner}" if entry else ""
        event.add("description", f"{cell.state}{verdict}: {cell.reason}{owner}")
        # A legal clock ends at an instant; everything else is due on a day.
        event.add("dtstart", cell.due_at or cell.due or at.date())
        event.add("dtstamp", at.astimezone(UTC))
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    for follow_up in follow_ups:
        calendar.add_component(_follow_up(follow_up, at, source))
    return str(calendar.to_ical().decode())


def _follow_up(follow_up: TrackedFollowUp, at: datetime, source: str) -> Event:
    """The event of an open follow-up, on its date."""
    event = Event()
    event.add("uid", f"{follow_up.name.replace(' ', '-')}@{source}")
    event.add("summary", f"{follow_up.name}: {follow_up.subject}")
    event.add("description", follow_up.words(at.date()))
    event.add("dtstart", follow_up.due)
    event.add("dtstamp", at.astimezone(UTC))
    event.add("transp", "TRANSPARENT")
    return event
