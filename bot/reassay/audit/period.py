"""The period that is audited: two calendar dates, both included, in one time zone."""

from dataclasses import dataclass
from datetime import date, datetime

from reassay.common.calendar import end_of_day, local_date


@dataclass(frozen=True, slots=True)
class Period:
    """From the beginning of `start` to the end of `end`."""

    start: date
    end: date
    timezone: str
    """IANA name of the zone in which both are dates."""

    def day(self, instant: datetime) -> date:
        """The calendar date of an instant."""
        return local_date(instant, self.timezone)

    def has(self, day: date | None) -> bool:
        """Whether a date falls in it; no date does not."""
        return day is not None and self.start <= day <= self.end

    def holds(self, instant: datetime) -> bool:
        """Whether an instant falls in it."""
        return self.has(self.day(instant))

    @property
    def opening(self) -> datetime:
        """The instant that stands for `start`: its end, as `status --at` reads a date alone. UTC."""
        return end_of_day(self.start, self.timezone)

    @property
    def closing(self) -> datetime:
        """The last instant. UTC."""
        return end_of_day(self.end, self.timezone)
