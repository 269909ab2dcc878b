"""Series of a counter, or of a number a day, as counts by complete day (UTC). A day not seen whole is unknown, never zero."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Final

DAY: Final = 86_400
LONGEST_GAP: Final = 3_600
"""Seconds between two samples of a counter, beyond which a restart could hide what was counted in between."""
_REMEDY: Final = "where series come and go, ask for sum(increase(...[1d])) and state 'of: per-day'"


@dataclass(frozen=True, slots=True)
class CounterSeries:
    """The samples of a series: seconds since 1970 and value, in order of time, each time once. NaN is an unknown value."""

    name: str
    samples: tuple[tuple[float, float], ...]


def midnight(day: date) -> int:
    """The beginning of a day (UTC), in seconds since 1970."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def days_between(first: date, end: date) -> tuple[date, ...]:
    """The days from the first to the one before the end."""
    return tuple(first + timedelta(days=number) for number in range((end - first).days))


@dataclass(frozen=True, slots=True)
class DaySums:
    """Counts by day, and for the other days why there is none."""

    counts: Mapping[date, float]
    unknown: Mapping[date, str]
    """By day, as a part of a sentence."""


def counter_days(series: Sequence[CounterSeries], days: Sequence[date]) -> DaySums:
    """The increases of counters, summed over all series.

    A value that is lower than the one before is a counter that began again from zero, as Prometheus' `increase` has it. A day is
    unknown if a series has no value at its beginning or its end, NaN within it, or a gap of more than an hour.
    """
    return _summed([(line.name, _increases(line, days)) for line in series], days)


def number_days(series: Sequence[CounterSeries], days: Sequence[date]) -> DaySums:
    """The numbers that series have at the end of each day, summed over all series. A day is unknown if one has none."""
    return _summed([(line.name, _numbers(line, days)) for line in series], days)


def _summed(series: Sequence[tuple[str, Mapping[date, float | str]]], days: Iterable[date]) -> DaySums:
    counts: dict[date, float] = {}
    unknown: dict[date, str] = {}
    for day in days if series else ():
        reasons = [f"{name} {number}" for name, by_day in series if isinstance(number := by_day[day], str)]
        if reasons:
            unknown[day] = min(reasons)
        else:
            # fsum gives the same for any order of the series.
            counts[day] = math.fsum(number for _, by_day in series if not isinstance(number := by_day[day], str))
    return DaySums(counts, unknown)


def _numbers(series: CounterSeries, days: Iterable[date]) -> Mapping[date, float | str]:
    values = dict(series.samples)
    return {day: _number(values.get(midnight(day) + DAY)) for day in days}


def _number(value: float | None) -> float | str:
    if value is None:
        return f"has no value for it; {_REMEDY}"
    if not math.isfinite(value):
        return "is not a number"
    return value if value >= 0 else "is negative"


def _increases(series: CounterSeries, days: Iterable[date]) -> Mapping[date, float | str]:
    times = [time for time, _ in series.samples]
    return {day: _increase(_within(series, times, midnight(day)), midnight(day)) for day in days}


def _within(series: CounterSeries, times: Sequence[float], begin: int) -> Sequence[tuple[float, float]]:
    """The samples from a time to the same time of the next day, both included."""
    return series.samples[bisect_left(times, begin) : bisect_right(times, begin + DAY)]


def _increase(samples: Sequence[tuple[float, float]], begin: int) -> float | str:
    if not samples or samples[0][0] != begin or samples[-1][0] != begin + DAY:
        return f"has no value at its beginning or its end; {_REMEDY}"
    values = [_number(value) for _, value in samples]
    for value in values:
        if isinstance(value, str):
            return value
    if any(later - earlier > LONGEST_GAP for (earlier, _), (later, _) in pairwise(samples)):
        return "has a gap of more than an hour"
    numbers = [value for value in values if not isinstance(value, str)]
    return math.fsum(after - before if after >= before else after for before, after in pairwise(numbers))
