"""What a list of triggers says as a whole: how soon it comes round by itself, and whether it compares with anything."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from reassay.common.calendar import Duration
from reassay.register.trigger_specs import (
    LAST_ASSESSMENT,
    AllSpec,
    AnySpec,
    AnyTrigger,
    IntervalRangeSpec,
    IntervalSpec,
    IntervalUnlessSpec,
    MetricRatioSpec,
)

_ANY_DAY: Final = date(2001, 1, 1)
_COMPARE: Final = frozenset({"model-change", "deployment-change", "mitigation-change", "redundancy-lost"})


def flat(triggers: Iterable[AnyTrigger]) -> Iterator[AnyTrigger]:
    """Every trigger of a list, members of any and all included."""
    for each in triggers:
        yield each
        if isinstance(each, AnySpec | AllSpec):
            yield from flat(each.of)


def shortest(triggers: Iterable[AnyTrigger]) -> Duration | None:
    """The interval after which something fires by itself, whatever happens; None if only events start anything."""
    found = [every for each in triggers if (every := _of(each)) is not None]
    return min(found, key=_length, default=None)


def _of(each: AnyTrigger) -> Duration | None:
    if isinstance(each, IntervalSpec | IntervalRangeSpec | IntervalUnlessSpec):
        return each.every if isinstance(each.every, Duration) else None
    if isinstance(each, AnySpec):
        return shortest(each.of)
    if isinstance(each, AllSpec):
        members = [_of(member) for member in each.of]
        known = [every for every in members if every is not None]
        return max(known, key=_length) if len(known) == len(members) else None
    return None


def _length(every: Duration) -> date:
    # Months and days compare only on a calendar; any day with a long month behind it does.
    return every.after(_ANY_DAY)


def compares(triggers: Iterable[AnyTrigger]) -> bool:
    """Whether any of them measures a change since the last assessment, and is blind without one."""
    return any(
        each.kind in _COMPARE or (isinstance(each, MetricRatioSpec) and each.relative_to == LAST_ASSESSMENT)
        for each in flat(triggers)
    )
