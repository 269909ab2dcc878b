"""Properties of a list of triggers as a whole: its shortest interval, and whether it measures changes."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from reassay.common.calendar import Duration, WorkingDays
from reassay.register.schedules import Schedule
from reassay.register.trigger_specs import (
    LAST_ASSESSMENT,
    AllSpec,
    AnySpec,
    AnyTrigger,
    IntervalRangeSpec,
    IntervalSpec,
    IntervalUnlessSpec,
    MetricIncreaseSpec,
    MetricRatioSpec,
)

_ANY_DAY: Final = date(2001, 1, 1)
COMPARING: Final = frozenset({"model-change", "deployment-change", "mitigation-change", "redundancy-lost"})
"""Kinds that measure a difference from the last assessment."""


def flat(triggers: Iterable[AnyTrigger]) -> Iterator[AnyTrigger]:
    """Every trigger of a list, including the members of `any` and `all`."""
    for trigger in triggers:
        yield trigger
        if isinstance(trigger, AnySpec | AllSpec):
            yield from flat(trigger.of)


def shortest(triggers: Iterable[AnyTrigger]) -> Duration | None:
    """The shortest interval after which a trigger fires without an event; None if all of them need one."""
    intervals = [every for trigger in triggers if (every := _of(trigger)) is not None]
    return min(intervals, key=_length, default=None)


def _of(trigger: AnyTrigger) -> Duration | None:
    if isinstance(trigger, IntervalSpec | IntervalRangeSpec | IntervalUnlessSpec):
        every = trigger.every.interval if isinstance(trigger.every, Schedule) else trigger.every
        return every if isinstance(every, Duration) else None
    if isinstance(trigger, AnySpec):
        return shortest(trigger.of)
    if isinstance(trigger, AllSpec):
        members = [_of(member) for member in trigger.of]
        intervals = [every for every in members if every is not None]
        return max(intervals, key=_length) if len(intervals) == len(members) else None
    return None


def _length(every: Duration) -> date:
    # Months and days compare only on a calendar; any day with a long month behind it does.
    return every.after(_ANY_DAY)


def first_date(triggers: Iterable[AnyTrigger], working: WorkingDays) -> date | None:
    """The first date of the fixed sequences; None if there is none."""
    dates = [
        trigger.every.date_of(0, working)
        for trigger in flat(triggers)
        if isinstance(trigger, IntervalSpec) and isinstance(trigger.every, Schedule) and trigger.every.starting
    ]
    return min(dates, default=None)


def compares(triggers: Iterable[AnyTrigger]) -> bool:
    """Whether any trigger measures a change since the last assessment."""
    return any(
        trigger.kind in COMPARING
        or isinstance(trigger, MetricIncreaseSpec)
        or (isinstance(trigger, MetricRatioSpec) and trigger.relative_to == LAST_ASSESSMENT)
        for trigger in flat(triggers)
    )
