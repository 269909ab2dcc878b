"""The day on which a spreadsheet says that a control is due next, beside its interval and its last assessment.

The register counts from the last assessment. A stated day is compared with that, and the earlier one counts.
"""

from dataclasses import dataclass
from datetime import date

from reassay.common.calendar import Duration
from reassay.imports.durations import Cadence
from reassay.register.schedules import Schedule


@dataclass(frozen=True, slots=True)
class StatedDueDay:
    """The outcome for a stated day: the schedule that keeps it, or why it is left out; neither if both days are the same."""

    schedule: Schedule | None = None
    why: str = ""
    remedy: str = ""


def compared(day: date, last: date | None, cadence: Cadence | None) -> StatedDueDay:
    """What becomes of a stated day."""
    every = cadence.every if cadence is not None else None
    if not isinstance(every, Duration):
        since = f" They are {(day - last).days} days apart." if last is not None and day > last else ""
        why = "the register has an interval and a last assessment instead, and no interval was read"
        return StatedDueDay(why=why, remedy=f"Write the interval.{since}")
    if last is None:
        why = "no last assessment was read, so it counts as never assessed and is due at once"
        return StatedDueDay(why=why, remedy="Write the day of the last assessment.")
    counted = every.after(last)
    if day == counted:
        return StatedDueDay()
    if day > counted:
        why = f"{every.words()} after the last assessment on {last} is {counted}, which is earlier and counts"
        return StatedDueDay(why=why, remedy="Correct the interval or one of the days, if they are wrong.")
    if cadence is not None and cadence.at_least_after is not None:
        why = f"the longer end of the range gives {counted}, and a range cannot begin on a day of its own"
        return StatedDueDay(why=why, remedy="Write one interval.")
    schedule = Schedule.model_validate({"interval": every, "from": "schedule", "starting": day})
    return StatedDueDay(
        schedule, f"it is earlier than {every.words()} after the last assessment ({counted}), so it counts"
    )
