"""Replays a rule over a historical series: when it would have fired, if people had decided in a stated way."""

from dataclasses import dataclass
from datetime import date

from reassay.common.calendar import Duration
from reassay.signals.rates.watch_events import CountedIncident, Stretch, WatchDecision
from reassay.signals.replay.rules import RateRule, ReplayedAlarm, ceiling_of
from reassay.signals.replay.series import Series


@dataclass(frozen=True, slots=True)
class DecisionHabit:
    """How people decide in a replay."""

    every: Duration | None = None
    """The interval of their decisions, counted from the day before the watch; None without one."""
    at_alarm: bool = False
    """Whether they decide on the day of each alarm."""


@dataclass(frozen=True, slots=True)
class Replay:
    """What a rule would have done. The stretches are what its picture is drawn from."""

    rule: RateRule
    series: Series
    alarms: tuple[ReplayedAlarm, ...]
    decisions: tuple[date, ...]
    stretches: tuple[Stretch, ...]
    """All of them; the last is open."""


def replay(rule: RateRule, series: Series, habit: DecisionHabit) -> Replay:
    """Goes through the series stretch by stretch, each up to the next decision."""
    ceiling = ceiling_of(rule)
    closed: list[Stretch] = []
    alarms: list[ReplayedAlarm] = []
    after, number = series.began, 1
    while True:
        planned = _planned(habit, series, number)
        ends = series.until if planned is None else planned
        open_stretch = Stretch(_between(series.counted, after, ends), ceiling)
        new = rule.alarms([*closed, open_stretch], series.began, ends)
        if habit.at_alarm and new:
            new, ends = new[:1], new[0].on
        alarms += new
        is_decided = planned is not None or (habit.at_alarm and bool(new))
        if not is_decided or ends >= series.until:
            break
        decision = WatchDecision(ends, f"decision of {ends}")
        closed.append(Stretch(_between(series.counted, after, ends), ceiling, decision))
        after = ends
        number += planned == ends
    decisions = tuple(stretch.ends_with.day for stretch in closed if stretch.ends_with)
    rest = Stretch(_between(series.counted, after, series.until), ceiling)
    return Replay(rule, series, tuple(alarms), decisions, (*closed, rest))


def _planned(habit: DecisionHabit, series: Series, number: int) -> date | None:
    """The day of the planned decision with a number, from 1; None without an interval, or after the series."""
    if habit.every is None:
        return None
    day = Duration(habit.every.months * number, habit.every.days * number).after(series.began)
    return day if day <= series.until else None


def _between(incidents: tuple[CountedIncident, ...], after: date, until: date) -> tuple[CountedIncident, ...]:
    return tuple(own for own in incidents if after < own.day <= until)
