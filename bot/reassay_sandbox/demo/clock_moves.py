"""Moves of the demo's clock: a day, to the next date on which something happens, a year at speed."""

import time
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from typing import Final

from reassay.common.calendar import local_date, zone
from reassay.hosted.rules.sweep_schedule import InstantKind, instants
from reassay.sweep.report import Report
from reassay_sandbox.demo.environment import DemoEnvironment
from reassay_sandbox.demo.happenings import happenings

MORNING: Final = clock_time(9)
"""When the clock stops on a day, in the register's time zone."""
NOTICED: Final[frozenset[InstantKind]] = frozenset({"opens", "due", "overdue", "reminder", "deadline"})
CHANGES: Final[frozenset[InstantKind]] = NOTICED - {"reminder"}
FURTHEST: Final = timedelta(days=31)
"""The longest jump: what no cell's date announces, such as a reminder of a standing issue, is found by then."""
YEAR: Final = timedelta(days=365)
YEAR_SECONDS: Final = 55.0
"""Time that a year at speed may take; then it stops and says so."""


@dataclass(frozen=True, slots=True)
class DemoDay:
    """A date on which the clock stopped, and what happened since the one before."""

    day: date
    events: tuple[str, ...]


@dataclass(slots=True)
class ClockMoves:
    """The moves of one demo. One at a time."""

    demo: DemoEnvironment
    reports: list[Report] = field(default_factory=list)
    """Of all jobs since the last sweep of a move."""

    def __post_init__(self) -> None:
        self.demo.hosted.listeners.append(self.reports.append)

    def day(self) -> DemoDay:
        """One day later."""
        return self._move(self._today() + timedelta(days=1))

    def next_event(self) -> DemoDay:
        """The next date on which people notice something; the last one looked at if there is none for a year."""
        last = self._today() + YEAR
        reached = self._move(self._next_date(NOTICED))
        while not reached.events and reached.day < last:
            reached = self._move(self._next_date(NOTICED))
        return reached

    def year(self, goes_on: Callable[[], bool], seconds: Callable[[], float] = time.monotonic) -> Iterator[DemoDay]:
        """Each date of a year on which the state of something changes, one at a time, while `goes_on` and the time lasts.

        Reminders go out on these dates only: a year of nobody doing anything has one almost every day.
        """
        begun, end = seconds(), self._today() + YEAR
        while self._today() < end and goes_on() and seconds() - begun < YEAR_SECONDS:
            reached = self._move(min(self._next_date(CHANGES), end))
            if reached.events or reached.day == end:
                yield reached

    def _today(self) -> date:
        return local_date(self.demo.box.clock.now(), self._timezone())

    def _timezone(self) -> str:
        report = self.demo.hosted.latest
        return report.assessment_input.register.configuration.timezone if report and report.assessment_input else "UTC"

    def _next_date(self, kinds: Container[InstantKind]) -> date:
        """The next date on which a cell changes in one of these ways; at most FURTHEST ahead."""
        report, today = self.demo.hosted.latest, self._today()
        moments = instants(report.cells, report.assessment_input) if report and report.assessment_input else ()
        days = [local_date(moment.at, self._timezone()) for moment in moments if moment.kind in kinds]
        return min([day for day in days if day > today] + [today + FURTHEST])

    def _move(self, day: date) -> DemoDay:
        """To the morning of a day, with a sweep; a run that was refused has no cells, so the last whole one is compared."""
        before = self.demo.hosted.latest or self.demo.sweep()
        self.reports.clear()
        self.demo.box.clock.move_to(datetime.combine(day, MORNING, zone(self._timezone())))
        self.demo.sweep()
        return DemoDay(day, happenings(before, tuple(self.reports)))
