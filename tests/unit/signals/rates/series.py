"""Series of incidents and decisions for the tests of the walk."""

import random
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from reassay.signals.rates.accepted import CalendarCeiling, Ceiling
from reassay.signals.rates.walk import WatchState, walk
from reassay.signals.rates.watch_events import CountedIncident, Stretch, WatchDecision

BEGAN = date(2026, 1, 1)
YEAR = 365.25


def on(day: int) -> date:
    return BEGAN + timedelta(days=day)


def incidents(days: Iterable[int]) -> tuple[CountedIncident, ...]:
    """One incident of its own cause on each of these days since the watch began."""
    return tuple(CountedIncident(on(day), f"cause {number}") for number, day in enumerate(days))


def stretches(days: Sequence[int], decisions: Sequence[int], ceiling: Ceiling) -> tuple[Stretch, ...]:
    """The stretches of a series with decisions at the end of some days, which know everything up to then."""
    counted = incidents(days)
    parts: list[Stretch] = []
    after = -1
    for day in (*decisions, None):
        own = tuple(each for each in counted if on(after) < each.day and (day is None or each.day <= on(day)))
        parts.append(Stretch(own, ceiling, None if day is None else WatchDecision(on(day), f"decision {day}")))
        after = day if day is not None else after
    return tuple(parts)


def walked(days: Sequence[int], decisions: Sequence[int] = (), per_year: float = 6, until: int = 365) -> WatchState:
    return walk(stretches(days, decisions, CalendarCeiling(per_year / YEAR)), BEGAN, on(until))


def poisson_days(generator: random.Random, per_year: float, years: float) -> list[int]:
    """Days of a Poisson process."""
    days, at = [], 0.0
    while (at := at + generator.expovariate(per_year / YEAR)) < years * YEAR:
        days.append(int(at) + 1)
    return days


def levels(state: WatchState) -> tuple[float, ...]:
    """Every level that fired."""
    return (*(outcome.settled for outcome in state.outcomes), state.alarm.level if state.alarm else 0.0)
