"""Deadlines after an event, such as those of statutes."""

import re
from datetime import date, datetime, timedelta
from typing import Annotated, Final, Literal

from pydantic import Field, model_validator

from reassay.common.calendar import Duration, WorkingDays, add_months, end_of_day, local_date
from reassay.register.base import Id, Interval, Line, Strict
from reassay.register.configuration import Timezone

Unit = Literal["hours", "days", "weeks", "months"]
LENGTH: Final = re.compile(r"\d+ (?:business )?(?:hour|day|week|month)s? ")
"""The length of a deadline at the beginning of its words, before its start."""
_DAYS_PER_WEEK = 7


class Deadline(Strict):
    """A deadline `count` units after its anchor. Instants are in UTC."""

    id: Id | None = None
    """Its name, for deadlines that are met one after the other. One decision meets all those without a name. Deadlines that
    differ by their circumstance may share a name: they are one duty, which ends with the earliest of those that apply."""
    anchor: Id | None = None
    """The event that starts the clock: `occurred`, `discovered`, `aware`, `learned`, `determined`, `confirmed`, `resolved`,
    `published`, `received`, `changed`, `certificate-lost`, or one that the commitment defines under `anchors`."""
    earliest_of: Annotated[tuple[Id, ...], Field(max_length=20)] = ()
    """In place of `anchor`: several events, of which the first starts the clock."""
    after: Id | None = None
    """In place of `anchor`: id of another deadline of this commitment; the clock starts when that one is met."""
    count: Annotated[int, Field(gt=0, le=10_000)]
    """The number of units."""
    unit: Unit
    """Hours and days are exact; weeks and months follow the calendar."""
    calendar: Literal["calendar", "business"] = "calendar"
    """Whether only working days (`business`) count; for the unit days."""
    timezone: Timezone | None = None
    """Time zone of business days, as an IANA name; that of the configuration if left out."""
    repeats: Interval | None = None
    """Interval after which it is due again and again, from its first date on."""
    until: Id | None = None
    """With `repeats`: the event that ends it, for example `resolved`."""
    or_as_stated: bool = False
    """Whether another schedule applies that is stated in a document: see `schedules` of incidents and information items."""
    what: Line | None = None
    """What must be done by then."""
    circumstance: Id | None = None
    """Applies only to incidents with this circumstance, for example `imminent-injury`."""
    retain: Interval | None = None
    """How long the evidence that it was met is kept, from the day it was gathered."""

    @model_validator(mode="after")
    def _one_start(self) -> "Deadline":
        starts = [bool(self.anchor), bool(self.earliest_of), bool(self.after)]
        if sum(starts) != 1:
            raise ValueError("a deadline has one start: write one of 'anchor', 'earliest_of' and 'after'")
        if self.until is not None and self.repeats is None:
            raise ValueError("'until' ends a deadline that repeats; write for example 'repeats: 4 weeks' beside it")
        if self.calendar == "business" and self.unit != "days":
            raise ValueError("'calendar: business' counts days; write 'unit: days', or leave 'calendar' out")
        if self.timezone is not None and self.calendar != "business":
            raise ValueError("'timezone' is that of business days; write 'calendar: business', or leave it out")
        if self.or_as_stated and self.id is None:
            raise ValueError("'or_as_stated' needs an 'id', which the schedule names")
        return self

    @property
    def anchors(self) -> tuple[str, ...]:
        """The anchors that may start it; empty if another deadline does."""
        return self.earliest_of or ((self.anchor,) if self.anchor else ())

    @property
    def name(self) -> str:
        """Its id; without one, itself in words."""
        return self.id or self.words()

    def words(self) -> str:
        """The deadline in words: `15 days from discovered`, `24 hours from discovered (imminent-injury)`."""
        unit = self.unit if self.count != 1 else self.unit[:-1]
        business = "business " if self.calendar == "business" else ""
        start = f"from the earliest of {', '.join(self.earliest_of)}" if self.earliest_of else f"from {self.anchor}"
        start = f"after {self.after}" if self.after else start
        again = f", then every {self.repeats.words()}" if self.repeats else ""
        end = f" until {self.until}" if self.until else ""
        only = f" ({self.circumstance})" if self.circumstance else ""
        return f"{self.count} {business}{unit} {start}{again}{end}{only}"

    def end(self, start: datetime, working: WorkingDays, timezone: str) -> datetime:
        """The deadline of a clock that starts at `start` (UTC). Business days are those of its time zone, or of `timezone`.

        A business day ends with the day there: in Tokyo at 15:00 UTC.
        """
        if self.unit == "hours":
            return start + timedelta(hours=self.count)
        if self.unit == "months":
            return datetime.combine(add_months(start.date(), self.count), start.timetz())
        if self.unit == "weeks":
            return start + timedelta(days=_DAYS_PER_WEEK * self.count)
        if self.calendar == "business":
            place = self.timezone or timezone
            return end_of_day(_business(local_date(start, place), self.count, working), place)
        return start + timedelta(days=self.count)

    def repeated(self, first: datetime, number: int, timezone: str, repeats: Duration | None = None) -> datetime:
        """The `number`-th date of a deadline that repeats, from 0: `first`, then one interval after the other."""
        every = repeats or self.repeats
        if number == 0 or every is None:
            return first
        months, days = every.months * number, timedelta(days=every.days * number)
        if self.calendar == "business":
            place = self.timezone or timezone
            return end_of_day(add_months(local_date(first, place), months) + days, place)
        return datetime.combine(add_months(first.date(), months) + days, first.timetz())


def _business(start: date, count: int, working: WorkingDays) -> date:
    """The `count`-th working day after `start`; the day of the event itself never counts."""
    return working.add(start + timedelta(days=1), count - 1)
