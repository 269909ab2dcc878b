"""The rules of an incident rate, and the alarms that each raises over one stretch between two decisions."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from reassay.common.calendar import Duration
from reassay.signals.rates.accepted import DAY, CalendarCeiling, Ceiling
from reassay.signals.rates.change_walk import change_walk
from reassay.signals.rates.evidence import FULL_LEVEL, firing_count
from reassay.signals.rates.promise import exceeded
from reassay.signals.rates.walk import RateAlarm, walk
from reassay.signals.rates.watch_events import Stretch


@dataclass(frozen=True, slots=True)
class ReplayedAlarm:
    """A day on which a rule fires, with the counts by which it does."""

    on: date
    since: date
    """The first day that is counted."""
    incidents: float
    accepted: float | None
    """None for a promise's own count, which accepts no rate."""
    fires_at: int | None
    """The number of incidents at which it fires; None for the method for long intervals, which weighs how close they come."""
    level: float | None = None
    """The evidence level that was reached (20, 100, ...); None for the other two methods."""

    @property
    def depth(self) -> str:
        """Depth of the re-assessment that is due, as far as the rule sets it: full from a level of 100."""
        return "full" if self.level is not None and self.level >= FULL_LEVEL else "light"


@dataclass(frozen=True, slots=True)
class CeilingRule:
    """A stated ceiling, watched by evidence (`bot/reassay/signals/rates/evidence.py`)."""

    ceiling: Ceiling

    def alarms(self, stretches: Sequence[Stretch], began: date, until: date) -> tuple[ReplayedAlarm, ...]:
        """The alarms of the last stretch, in order: one for each level that it reaches first."""
        reached: list[ReplayedAlarm] = []
        last, since = stretches[-1], _since(stretches, began)
        while until > since:
            alarm = walk([*stretches[:-1], _cut(last, until)], began, until).alarm
            if alarm is None:
                break
            reached.append(_of_level(alarm))
            until = alarm.on - DAY
        return tuple(reversed(reached))


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """The method for long intervals (`bot/reassay/signals/rates/change.py`)."""

    ceiling: Ceiling
    run_length: float
    """Mean time to a false alarm at the ceiling, in days."""

    def alarms(self, stretches: Sequence[Stretch], began: date, until: date) -> tuple[ReplayedAlarm, ...]:
        """The alarm of the last stretch; it has at most one, because what has fired stays fired until a decision."""
        alarm = change_walk([*stretches[:-1], _cut(stretches[-1], until)], began, until, self.run_length).alarm
        if alarm is None:
            return ()
        return (ReplayedAlarm(alarm.on, alarm.began + DAY, alarm.incidents, alarm.accepted, None),)


@dataclass(frozen=True, slots=True)
class PromiseRule:
    """A promise's own count: more than a number within a window, or more than a number for the exposure of the window."""

    window: Duration
    more_than: int = 0
    """The number, if it is not by exposure."""
    by_exposure: Ceiling | None = None
    """What the number is by exposure; None if it is not."""

    def most(self, end: date) -> float:
        """The number that must be exceeded within the window that ends with a day."""
        if self.by_exposure is None:
            return self.more_than
        return self.by_exposure.between(self.window.before(end), end)

    def fires_at(self, end: date) -> int:
        """The number of incidents within the window that ends with a day at which it fires."""
        return math.floor(self.most(end)) + 1

    def alarms(self, stretches: Sequence[Stretch], began: date, until: date) -> tuple[ReplayedAlarm, ...]:
        """The alarm of the last stretch: the first window with too many that ends with one of its incidents."""
        counted = [incident for stretch in stretches for incident in stretch.incidents]
        news = {incident.day for incident in stretches[-1].incidents if began < incident.day <= until}
        for crowded in exceeded(counted, self.most, self.window, news):
            since = max(began, self.window.before(crowded.on)) + DAY
            return (ReplayedAlarm(crowded.on, since, crowded.incidents, None, self.fires_at(crowded.on)),)
        return ()


RateRule = CeilingRule | ChangeRule | PromiseRule


def ceiling_of(rule: RateRule) -> Ceiling:
    """The ceiling of a rule; one of zero for a promise's own count."""
    return CalendarCeiling(0.0) if isinstance(rule, PromiseRule) else rule.ceiling


def _cut(stretch: Stretch, until: date) -> Stretch:
    """The stretch as it was known at the end of `until`, before its decision."""
    return replace(stretch, incidents=tuple(own for own in stretch.incidents if own.day <= until), ends_with=None)


def _since(stretches: Sequence[Stretch], began: date) -> date:
    """The last day before the last stretch."""
    ends = [stretch.ends_with.day for stretch in stretches[:-1] if stretch.ends_with]
    return ends[-1] if ends else began


def _of_level(alarm: RateAlarm) -> ReplayedAlarm:
    fires_at = firing_count(alarm.accepted, alarm.level)
    return ReplayedAlarm(alarm.on, alarm.began + DAY, alarm.incidents, alarm.accepted, fires_at, alarm.level)
