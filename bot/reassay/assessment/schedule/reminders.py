"""Reminders of what is open: one before it is due, then some after at growing intervals, on working days.

With `escalate_to` they do not fade: from `escalate_after` working days past due on they come every week, to a further role too.
"""

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
    escalate_to: str | None = None
    """The role that is mentioned too; None if it is not escalated."""


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
            role = configuration.reminders.escalate_to if number > len(_listed(configuration)) else None
            latest = Reminder(number, day, _day(number + 1, due, configuration), role)
        number += 1
    return latest


def _listed(configuration: Configuration) -> tuple[int, ...]:
    """The stated working days after the due date; with `escalate_to`, those before it is escalated."""
    reminders = configuration.reminders
    if reminders.escalate_to is None:
        return reminders.after or (0,)
    return tuple(days for days in reminders.after if days < reminders.escalate_after)


def _day(number: int, due: date, configuration: Configuration) -> date:
    calendar, after = configuration.working_days, _listed(configuration)
    if number == 0:
        return calendar.on_or_after(configuration.reminders.before.before(due))
    if number <= len(after):
        return calendar.add(due, after[number - 1])
    repeated = number - len(after) - 1
    if configuration.reminders.escalate_to is not None:
        # A week, in working days: from then on reminders neither fade nor stop.
        return calendar.add(due, configuration.reminders.escalate_after + repeated * len(calendar.weekdays))
    # After the list its last interval repeats.
    last = max(after[-1], 1)
    return calendar.add(due, last * (repeated + 2))
