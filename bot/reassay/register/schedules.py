"""Schedules: intervals from a decision or in a fixed sequence, and what becomes of a date that is a day off."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from reassay.common.calendar import Duration, WorkingDays, add_months
from reassay.register.base import Day, SoftInterval, Strict


class Schedule(Strict):
    """An interval with its beginning. In a fixed sequence one decision keeps the period that it falls into."""

    interval: SoftInterval
    """The interval."""
    from_: Annotated[Literal["decision", "schedule"], Field(alias="from")] = "decision"
    """`decision`: from the last decision on. `schedule`: a fixed sequence of dates, whatever happened."""
    starting: Day | None = None
    """With `from: schedule`: the first date of the sequence."""
    roll: Literal["none", "next", "previous"] = "none"
    """The working day that takes the place of a date which is none: the `next`, the `previous`, or `none`."""

    @model_validator(mode="after")
    def _sequence_has_a_start(self) -> "Schedule":
        if self.from_ == "schedule" and self.starting is None:
            raise ValueError("'from: schedule' needs its first date; write for example 'starting: 2027-01-15'")
        if self.from_ == "decision" and self.starting is not None:
            raise ValueError("'starting' begins a fixed sequence; write 'from: schedule' beside it, or leave it out")
        return self

    def words(self) -> str:
        """The schedule in words: `6 months`, or `6 months from 2027-01-15 on`."""
        return f"{self.interval.words()} from {self.starting} on" if self.starting else self.interval.words()

    def rolled(self, day: date, working: WorkingDays) -> date:
        """A date as it is due: itself, or the working day in its place."""
        if self.roll == "none" or working.is_working(day):
            return day
        return working.on_or_after(day) if self.roll == "next" else working.on_or_before(day)

    def date_of(self, number: int, working: WorkingDays) -> date:
        """The date of a sequence by its number from 0. Months count from the first date."""
        start = self.starting or date.min
        return self.rolled(_plus(start, self.interval, number), working)

    def next_number(self, decided: tuple[date, ...], working: WorkingDays, first_opens: date) -> int:
        """The number of the date that is due next, after decisions on these days, in order.

        The first period begins on the day `first_opens`, every other one with the date before it.
        """
        number = 0
        for day in decided:
            if day < first_opens or (number and day <= self.date_of(number - 1, working)):
                # Its period was kept by an earlier decision, or the sequence has not begun.
                continue
            number += 1
            while self.date_of(number, working) < day:
                number += 1
        return number


def _plus(start: date, interval: Duration, number: int) -> date:
    return date.fromordinal(add_months(start, interval.months * number).toordinal() + interval.days * number)
