"""Days gathered by month: events of the timeline, and the month ends of an incident rate."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from reassay.common.calendar import MONTHS_PER_YEAR, month_words
from reassay.dashboard.coverage_values import IncidentChart, IncidentDay
from reassay.dashboard.subject_values import TimelineEvent


@dataclass(frozen=True, slots=True)
class EventMonth:
    """The events of one month, with their numbers by kind."""

    title: str
    anchor: str
    is_present: bool
    is_near: bool
    """Whether it is the last month, this one or the next."""
    events: tuple[TimelineEvent, ...]
    opened: int
    decided: int
    due: int
    late: int
    planned: int
    """Openings and due dates of the forecast."""


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """The last day of a month of an incident rate, with what happened in it."""

    day: IncidentDay
    added: float
    """Incidents of the month."""
    fired: tuple[date, ...]


def event_months(events: Sequence[TimelineEvent], today: date) -> tuple[EventMonth, ...]:
    """The months that have an event, in order."""
    months: dict[tuple[int, int], list[TimelineEvent]] = {}
    for event in sorted(events, key=lambda event: event.on):
        months.setdefault((event.on.year, event.on.month), []).append(event)
    present = (today.year, today.month)
    return tuple(
        EventMonth(
            title=month_words(own[0].on),
            anchor=f"month-{month[0]}-{month[1]:02}",
            is_present=month == present,
            is_near=abs((month[0] - present[0]) * MONTHS_PER_YEAR + month[1] - present[1]) <= 1,
            events=tuple(own),
            opened=_number(own, "opened"),
            decided=_number(own, "decided", "imported"),
            due=_number(own, "due"),
            late=sum(event.is_late for event in own),
            planned=_number(own, "will-open", "will-be-due"),
        )
        for month, own in months.items()
    )


def _number(events: Iterable[TimelineEvent], *kinds: str) -> int:
    return sum(event.kind in kinds for event in events)


def month_ends(chart: IncidentChart) -> tuple[MonthEnd, ...]:
    """The last day that the chart has of each month, newest first."""
    last: dict[tuple[int, int], IncidentDay] = {}
    for day in sorted(chart.days, key=lambda day: day.on):
        last[day.on.year, day.on.month] = day
    before = 0.0
    ends: list[MonthEnd] = []
    for month, day in last.items():
        fired = tuple(on for on in chart.fired if (on.year, on.month) == month)
        ends.append(MonthEnd(day, day.incidents - before, fired))
        before = day.incidents
    return tuple(reversed(ends))
