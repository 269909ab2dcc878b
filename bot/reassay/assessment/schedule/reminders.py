"""Reminders of an open re-assessment: one before it is due, then some after at growing intervals, on working days."""

from dataclasses import dataclass
from datetime import date

from reassay.register.configuration import Configuration


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder of an open re-assessment."""

    number: int
    """0 for the reminder before the due date, then 1, 2, ... for those after it."""
    day: date
    """The working day of the reminder."""
    next_day: date
    """The day of the next reminder."""


def latest_reminder(due: date, opened_on: date, today: date, configuration: Configuration) -> Reminder | None:
    """The newest reminder up to `today`; None if there is none yet, or today is not a working day.

    Missed reminders are not repeated: after a month without sweeps there is one reminder, not five.
    """
    if not configuration.working_days.is_working(today):
        return None
    number, latest = 0, None
    while (day := _day(number, due, configuration)) <= today:
        # Until its opening day people have just been notified.
        if day > opened_on:
            latest = Reminder(number, day, _day(number + 1, due, configuration))
        number += 1
    return latest


def _day(number: int, due: date, configuration: Configuration) -> date:
    calendar = configuration.working_days
    if number == 0:
        return calendar.on_or_after(configuration.reminders.before.before(due))
    after = configuration.reminders.after or (0,)
    if number <= len(after):
        return calendar.add(due, after[number - 1])
    # After the list its last interval repeats.
    last = max(after[-1], 1)
    return calendar.add(due, last * (number - len(after) + 1))
