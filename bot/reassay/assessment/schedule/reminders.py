"""When an open re-assessment is spoken of again: once before it is due, then with growing distance, on working days."""

from dataclasses import dataclass
from datetime import date

from reassay.register.configuration import Configuration


@dataclass(frozen=True, slots=True)
class Reminder:
    """The reminder that should have been given by now."""

    number: int
    """0 is the one before it is due; then one for each step of the back-off."""
    day: date
    """The working day it fell on."""
    next_day: date
    """When the following one comes."""


def latest_reminder(due: date, opened_on: date, today: date, configuration: Configuration) -> Reminder | None:
    """The newest reminder not later than `today`; None if none is due yet, or nobody works today.

    Missed ones are not made up for: after a silence of a month one reminder is given, not five.
    """
    if not configuration.working_days.is_working(today):
        return None
    number, found = 0, None
    while (day := _day(number, due, configuration)) <= today:
        # The opening itself was the news on its own day and before.
        if day > opened_on:
            found = Reminder(number, day, _day(number + 1, due, configuration))
        number += 1
    return found


def _day(number: int, due: date, configuration: Configuration) -> date:
    calendar = configuration.working_days
    if number == 0:
        return calendar.on_or_after(configuration.reminders.before.before(due))
    after = configuration.reminders.after or (0,)
    if number <= len(after):
        return calendar.add(due, after[number - 1])
    # Past the list, its last distance repeats.
    last = max(after[-1], 1)
    return calendar.add(due, last * (number - len(after) + 1))
