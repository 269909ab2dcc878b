"""Due dates and planned openings as iCalendar (RFC 5545). A module of its own, because its library is slow to import."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Final
from urllib.parse import quote

from icalendar import Calendar, Event, vDatetime

from reassay.common.inert import plain
from reassay.common.sentences import capitalised
from reassay.dashboard.subject_values import DashboardCell
from reassay.dashboard.values import Dashboard, DashboardDuty, DashboardProblem
from reassay.dashboard.views.cell_rows import deployment_words
from reassay.dashboard.views.state_words import PROBLEMS, state_words, tone_words

_OF_CELLS: Final = ("decide", "supply what is missing", "fix the register")
"""How the verbs of duties begin that are events already: of a cell, or of a problem."""


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One event, before it is written."""

    uid: str
    """Unique in this calendar."""
    summary: str
    description: str
    start: date | datetime


def calendar_feed(dashboard: Dashboard) -> bytes:
    """One event for each due date, planned opening and dated duty, and one of today for each problem.

    What is wrong and has no date is an event of today, too, so that nobody takes an empty day for a calm one. The UID of an
    event is the same at every run and, by the name of the register, unique (RFC 5545, 3.8.4.7).
    """
    calendar = Calendar()
    calendar.add("prodid", "-//reassay//dashboard//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"Re-assessments of {plain(dashboard.repository)}")
    events = (*_problems(dashboard), *_cells(dashboard), *_duties(dashboard))
    source = dashboard.source or quote(dashboard.url or dashboard.repository, safe="")
    stamp = vDatetime(dashboard.at.astimezone(UTC))
    for own in {event.uid: event for event in events}.values():
        calendar.add_component(_written(own, source, stamp))
    return bytes(calendar.to_ical())


def _problems(dashboard: Dashboard) -> Iterator[CalendarEvent]:
    for own in dashboard.problems:
        words = tone_words(PROBLEMS, own.kind).words
        yield CalendarEvent(
            f"problem.{own.kind}.{_problem_digest(own)}",
            f"{words}: {own.what}",
            f"{own.why} {own.remedy}".strip(),
            dashboard.today,
        )


def _problem_digest(own: DashboardProblem) -> str:
    """Digest of the problem's subject; its sentences change from day to day and are left out."""
    place = f"{own.place.path}:{own.place.line}" if own.place else own.why
    return _digest(own.kind, own.what, place)


def _cells(dashboard: Dashboard) -> Iterator[CalendarEvent]:
    for cell in dashboard.cells:
        due = cell.due_at or cell.due or (dashboard.today if cell.is_wrong and cell.opens is None else None)
        if due is not None:
            words = state_words(cell.state)
            late = f"{words.words}: " if words.tone == "bad" else ""
            what = cell.title if cell.state == "unreadable" else f"Re-assess {cell.title}"
            yield _of_cell(cell, (), f"{late}{what}", due)
        if cell.opens is not None:
            yield _of_cell(cell, ("opens",), f"Opens: {cell.title}", cell.opens)


def _of_cell(cell: DashboardCell, kind: tuple[str, ...], summary: str, start: date | datetime) -> CalendarEvent:
    where = "" if cell.deployment == "*" else f" ({deployment_words(cell.deployment)})"
    description = f"{state_words(cell.state).words} ({cell.verdict}): {cell.reason}. Owner: {cell.owner}"
    # Ids have no dots, so that what stands between dots is a part of its own.
    uid = ".".join(quote(part, safe="*").replace(".", "%2E") for part in (*kind, cell.subject, cell.deployment))
    return CalendarEvent(uid, f"{summary}{where}", description, start)


def _duties(dashboard: Dashboard) -> Iterator[CalendarEvent]:
    """Follow-ups, triage, orders: everything that somebody has to do and that is not an event of a cell."""
    for duty in dashboard.duties:
        start = duty.due_at or duty.due or (dashboard.today if duty.group == "now" else None)
        if start is not None and not duty.verb.startswith(_OF_CELLS):
            late = "Overdue: " if duty.is_late else ""
            who = f" By: {', '.join(duty.people)}." if duty.people else ""
            summary = f"{late}{capitalised(duty.verb)}: {duty.what}"
            name = duty.follow_up.replace(" ", "-") or f"duty.task.{_duty_digest(duty)}"
            yield CalendarEvent(name, summary, f"{duty.state}{who}".strip(), start)


def _duty_digest(duty: DashboardDuty) -> str:
    about = duty.subject or ("" if duty.verb == "triage" else duty.what)
    return _digest(duty.verb, about, *duty.cells, str(duty.due), str(duty.issue))


def _digest(*parts: str) -> str:
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _written(own: CalendarEvent, source: str, stamp: vDatetime) -> Event:
    event = Event()
    event.add("uid", f"{own.uid}@{source}")
    event.add("summary", plain(own.summary))
    event.add("description", plain(own.description))
    event.add("dtstart", own.start)
    event.add("dtstamp", stamp)
    event.add("transp", "TRANSPARENT")
    return event
