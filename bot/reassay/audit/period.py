"""The audited period: two calendar dates, both included, in one time zone."""

from dataclasses import dataclass
from datetime import date, datetime

from reassay.common.calendar import end_of_day, local_date


@dataclass(frozen=True, slots=True)
class Period:
    """From the beginning of `start` to the end of `end`."""

    start: date
    end: date
    timezone: str
    """IANA name of the time zone of both dates."""

    def day(self, instant: datetime) -> date:
        """The calendar date of an instant, in the period's time zone."""
        return local_date(instant, self.timezone)

    def contains_day(self, day: date | None) -> bool:
        """Whether a date falls in the period; False for None."""
        return day is not None and self.start <= day <= self.end

    def contains(self, instant: datetime) -> bool:
        """Whether an instant falls in the period."""
        return self.contains_day(self.day(instant))

    @property
    def opening(self) -> datetime:
        """The end of the day `start` in UTC, which is how `status --at` reads a date."""
        return end_of_day(self.start, self.timezone)

    @property
    def closing(self) -> datetime:
        """The end of the day `end` in UTC."""
        return end_of_day(self.end, self.timezone)
