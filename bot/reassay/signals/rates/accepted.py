"""Incidents that a ceiling accepts over some days: by the calendar, or by exposure."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate
from typing import Protocol

DAY = timedelta(days=1)


class Ceiling(Protocol):
    """A stated ceiling of incidents."""

    def between(self, after: date, until: date) -> float:
        """The number of incidents that is accepted on the days after `after`, up to and including `until`."""
        ...


@dataclass(frozen=True, slots=True)
class CalendarCeiling:
    """So many incidents a day."""

    per_day: float

    def between(self, after: date, until: date) -> float:
        """Days times incidents a day."""
        return max(0, (until - after).days) * self.per_day


@dataclass(frozen=True, slots=True)
class ExposureCeiling:
    """So many incidents for a unit of exposure, for example a request."""

    per_unit: float
    exposure: Mapping[date, float]
    """Exposure by day (UTC); a day that is absent is not known and accepts nothing."""
    _days: list[date] = field(init=False, repr=False)
    _sums: list[float] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Sorts the days, with the sum of the exposure up to each."""
        days = sorted(self.exposure)
        object.__setattr__(self, "_days", days)
        object.__setattr__(self, "_sums", [0.0, *accumulate(self.exposure[day] for day in days)])

    def between(self, after: date, until: date) -> float:
        """The exposure of those days times incidents a unit."""
        start, end = bisect_right(self._days, after), bisect_right(self._days, until)
        return self.per_unit * (self._sums[end] - self._sums[start]) if end > start else 0.0


@dataclass(frozen=True, slots=True)
class LowerCeiling:
    """The lower of two ceilings, day by day: a looser one that nobody has signed yet does not count."""

    signed: Ceiling
    written: Ceiling

    def between(self, after: date, until: date) -> float:
        """The sum of the lower number of each day."""
        days = (after + number * DAY for number in range((until - after).days))
        return sum(min(self.signed.between(day, day + DAY), self.written.between(day, day + DAY)) for day in days)


def exposure_between(exposure: Mapping[date, float], after: date, until: date) -> float:
    """The sum of the days after `after`, up to and including `until`."""
    return sum(amount for day, amount in exposure.items() if after < day <= until)


def unexposed_days(exposure: Mapping[date, float], after: date, until: date) -> tuple[date, ...]:
    """The days after `after`, up to and including `until`, of which no exposure is known, or an exposure of 0."""
    days = ((after + number * DAY) for number in range(1, (until - after).days + 1))
    return tuple(day for day in days if not exposure.get(day, 0) > 0)
