"""Deadlines after an event, such as those of statutes."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal

from pydantic import Field

from reassay.common.calendar import WorkingDays, add_months
from reassay.register.base import Id, Line, Strict

Unit = Literal["hours", "days", "weeks", "months"]
_DAYS_PER_WEEK = 7


class Deadline(Strict):
    """A deadline `count` units after its anchor. Instants are in UTC."""

    anchor: Id
    """The event that starts the clock, for example `occurred`, `discovered`, `aware`, `determined`, `resolved`, `publication`."""
    count: Annotated[int, Field(gt=0, le=10_000)]
    """The number of units."""
    unit: Unit
    """Hours and days are exact; weeks and months follow the calendar."""
    calendar: Literal["calendar", "business"] = "calendar"
    """Whether only working days (`business`) count; for the unit days."""
    what: Line | None = None
    """What must be done by then."""
    circumstance: Id | None = None
    """Applies only to incidents with this circumstance, for example `imminent-injury`."""

    def words(self) -> str:
        """The deadline in words: `15 days from discovered`, `24 hours from discovered (imminent-injury)`."""
        unit = self.unit if self.count != 1 else self.unit[:-1]
        business = "business " if self.calendar == "business" else ""
        only = f" ({self.circumstance})" if self.circumstance else ""
        return f"{self.count} {business}{unit} from {self.anchor}{only}"

    def after(self, start: datetime, working: WorkingDays) -> datetime:
        """The deadline of a clock that starts at `start` (UTC). Business days end at the end of the day."""
        if self.unit == "hours":
            return start + timedelta(hours=self.count)
        if self.unit == "months":
            return datetime.combine(add_months(start.date(), self.count), start.timetz())
        if self.unit == "weeks":
            return start + timedelta(days=_DAYS_PER_WEEK * self.count)
        if self.calendar == "business":
            return _end(_business(start.date(), self.count, working))
        return start + timedelta(days=self.count)


def _business(start: date, count: int, working: WorkingDays) -> date:
    """The `count`-th working day after `start`; the day of the event itself never counts."""
    return working.add(start + timedelta(days=1), count - 1)


def _end(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, UTC) - timedelta(microseconds=1)
