"""Durations compared: one is shorter than another only if it is so from every day on which it may start."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from itertools import product

from reassay.changes.base import FieldChange, looser, neutral, tighter, uncompared
from reassay.common.calendar import Duration, add_months

_CYCLE = range(2000, 2400)
"""After four hundred years the calendar repeats."""


@lru_cache(maxsize=256)
def never_longer(left: Duration, right: Duration) -> bool:
    """Whether `left` ends no later than `right`, from whatever day both start: 30 days and 1 month are not ordered."""
    if left.months <= right.months and left.days <= right.days:
        return True
    if left.months >= right.months and left.days >= right.days:
        return False
    # Days 1 to 28 exist in every month, so what holds from the first holds from all of them.
    return all(
        left.after(start) <= right.after(start)
        for year, month in product(_CYCLE, range(1, 13))
        for start in {_day(year, month, number) for number in (1, 29, 30, 31)}
    )


def _day(year: int, month: int, number: int) -> date:
    start = date(year, month, 1)
    return min(start + timedelta(days=number - 1), add_months(start, 1) - timedelta(days=1))


def duration_change(
    field: str, before: Duration | None, after: Duration | None, longer: str, shorter: str
) -> Iterator[FieldChange]:
    """The change of a duration of which a longer one is looser; stated on one side alone it cannot be compared."""
    if before == after:
        return
    if before is None or after is None:
        yield uncompared(field, before and before.words(), after and after.words())
        return
    old, new = before.words(), after.words()
    no_longer, no_shorter = never_longer(after, before), never_longer(before, after)
    if no_longer and no_shorter:
        yield neutral(field, old, new, "the same duration in other words")
    elif no_longer:
        yield tighter(field, "shortened", old, new, shorter)
    else:
        yield looser(field, "lengthened" if no_shorter else "changed", old, new, longer)
