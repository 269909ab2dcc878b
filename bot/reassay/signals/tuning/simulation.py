"""Simulates incidents that follow a Poisson process, and measures a setting on them."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from reassay.signals.rates.evidence import FULL_LEVEL
from reassay.signals.tuning.detectors import Detector

Uniform = Callable[[], float]
"""Independent numbers of at least 0 and below 1; the caller gives the seed."""
YEAR: Final = 365
MOST_RATE: Final = 50.0
"""Incidents a day that are simulated at most."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A simulated figure with its Monte Carlo standard error."""

    value: float
    """`math.inf` for a delay that is longer than was simulated."""
    error: float


@dataclass(frozen=True, slots=True)
class Course:
    """How long is simulated."""

    runs: int = 2000
    years: int = 10
    """Years at the ceiling, in which false alarms are counted."""
    quiet: int = YEAR
    """Days at the ceiling before a change."""
    longest: int = 20 * YEAR
    """Days after a change in which it may be found."""


@dataclass(frozen=True, slots=True)
class FalseAlarms:
    """Chances that a watch raises at least one alarm while incidents come exactly as often as accepted."""

    in_a_year: Estimate
    """In the first year of a watch."""
    in_all: Estimate
    """In all years that were simulated."""
    full_in_all: Estimate
    """Likewise an alarm of level 100 or more, which asks for a full re-assessment; the same where a setting has no levels."""


def false_alarms(new: Callable[[], Detector], rate: float, course: Course, uniform: Uniform) -> FalseAlarms:
    """The false alarms of a setting; `rate` in incidents a day. Raises ValueError."""
    year = every = full = 0
    for _ in range(course.runs):
        detector, first, highest = new(), 0, 0.0
        for day, incidents in incident_days(rate, 0, course.years * YEAR, uniform):
            level = detector.level(day, incidents)
            first = first or (day if level else 0)
            highest = max(highest, level)
            if highest >= FULL_LEVEL:
                break
        year += 0 < first <= YEAR
        every += highest > 0
        full += highest >= FULL_LEVEL
    return FalseAlarms(*(_share(number, course.runs) for number in (year, every, full)))


def delay(new: Callable[[], Detector], rate: float, factor: float, course: Course, uniform: Uniform) -> Estimate:
    """The median of days from a change to `factor` times the rate until the alarm, where none came before. Raises ValueError."""
    delays: list[float] = []
    for _ in range(course.runs):
        detector = new()
        if any(detector.level(*own) for own in incident_days(rate, 0, course.quiet, uniform)):
            continue
        after = incident_days(rate * factor, course.quiet, course.quiet + course.longest, uniform)
        alarm = next((day for day, incidents in after if detector.level(day, incidents)), None)
        delays.append(math.inf if alarm is None else alarm - course.quiet)
    return _median(delays)


def incident_days(rate: float, after: int, until: int, uniform: Uniform) -> Iterator[tuple[int, int]]:
    """The days with incidents after a day, up to and including `until`, each with its number. Raises ValueError."""
    if not 0 < rate <= MOST_RATE:
        raise ValueError(f"{rate:g} incidents a day cannot be simulated; more than 0 and at most {MOST_RATE:g} can")
    day = after
    while True:
        day += 1 + math.floor(math.log(1 - uniform()) / -rate)
        if day > until:
            return
        yield day, _at_least_one(rate, uniform())


def _at_least_one(rate: float, at: float) -> int:
    """The number of a Poisson distribution without 0 at a quantile."""
    number, chance = 1, rate / math.expm1(rate)
    while at >= chance and number < 1000:  # noqa: PLR2004 -- rounding errors end it long before
        at -= chance
        number += 1
        chance *= rate / number
    return number


def _share(number: int, runs: int) -> Estimate:
    # Two more runs of each outcome (Agresti and Coull 1998), so that none of sixty does not look certain.
    near = (number + 2) / (runs + 4)
    return Estimate(number / runs, math.sqrt(near * (1 - near) / (runs + 4)))


def _median(values: Sequence[float]) -> Estimate:
    """The median, with an error from the order statistics one standard error to each side."""
    if not values:
        return Estimate(math.inf, math.inf)
    ordered = sorted(values)
    reach = max(1, round(math.sqrt(len(ordered)) / 2))
    middle = len(ordered) // 2
    low, high = ordered[max(0, middle - reach)], ordered[min(len(ordered) - 1, middle + reach)]
    return Estimate(median(ordered), (high - low) / 2 if high < math.inf else math.inf)
