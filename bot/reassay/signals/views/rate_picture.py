"""The values of an incident rate's picture, and its text for people who do not see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from reassay.common.calendar import day_words
from reassay.common.sentences import number_words
from reassay.signals.replay.lines import RateDay

UNSETTLED_DAYS = 90
"""Length in days of the recent part that is shaded: many of its incidents are not known yet."""
SETTLED = (
    "Recent days are not settled: elsewhere, 37% of a month's incidents were known at its end, and 79% after 90 days."
)
"""Measured on the dates of the AI Incident Database (docs/explanation/statistics.md)."""


UNSETTLED = "not settled: 79% are known after 90 days"


@dataclass(frozen=True, slots=True)
class PictureAlarm:
    """A day on which the rule fired, with the total then."""

    day: date
    incidents: float


@dataclass(frozen=True, slots=True)
class RatePicture:
    """The picture of a rule over one series of incidents. Title and rule are untrusted words."""

    title: str
    rule: str
    days: tuple[RateDay, ...]
    """Consecutive days, at least one."""
    occurred: tuple[date, ...] = ()
    """When the counted incidents happened, in order; those without an instant are left out."""
    alarms: tuple[PictureAlarm, ...] = ()
    decisions: tuple[date, ...] = ()
    """Days of decisions."""
    exposure_unit: str = ""
    """The unit of the exposure, as "requests"; empty for a rule per time."""

    @property
    def last(self) -> RateDay:
        """The last day."""
        return self.days[-1]

    @property
    def unsettled_from(self) -> date:
        """The first day that is not settled."""
        return max(self.days[0].day, self.last.day - timedelta(days=UNSETTLED_DAYS))


def alternative_text(picture: RatePicture) -> str:
    """The picture in counts: one sentence of what it shows today, then its alarms."""
    last, first = picture.last, picture.days[0]
    shown = (
        f"{incidents_words(last.incidents)} from {day_words(first.day, year=True)} to {day_words(last.day, year=True)}"
    )
    parts = [shown]
    if last.accepted is not None:
        parts.append(f"{accepted_words(last.accepted)} accepted by then")
    parts.append(f"{number_words(last.fires_at)} is the number at which this rule fires")
    unknown = sum(day.exposure is None for day in picture.days) if picture.exposure_unit else 0
    if unknown:
        parts.append(f"the exposure of {unknown:,} of {len(picture.days):,} days is unknown")
    return "; ".join(parts) + f". {_alarms(picture.alarms)}"


def accepted_words(accepted: float) -> str:
    """An accepted number: `1 was`, `0.25 were`."""
    figure = number_words(accepted)
    return f"{figure} {'was' if figure == '1' else 'were'}"


def incidents_words(count: float) -> str:
    """`1 incident`, `5 incidents`."""
    return f"{number_words(count)} incident{'' if count == 1 else 's'}"


def _alarms(alarms: Sequence[PictureAlarm]) -> str:
    if not alarms:
        return "No alarm."
    shown = ", ".join(f"{day_words(alarm.day, year=True)} at {number_words(alarm.incidents)}" for alarm in alarms[:5])
    more = f" and {len(alarms) - 5:,} more" if len(alarms) > 5 else ""  # noqa: PLR2004 -- as many as are shown
    return f"Alarm{'' if len(alarms) == 1 else 's'}: {shown}{more}."
