"""GitHub's secondary rate limits for one installation, and how long to wait until a request is allowed.

The limits, as documented: 900 points a minute, of which a read costs one and a write five; 80 content creations a minute
and 500 an hour. Use is counted in slots of ten seconds; a slot counts until all of it has left the window.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

POINTS_PER_MINUTE = 900
CREATIONS_PER_MINUTE, CREATIONS_PER_HOUR = 80, 500
RESERVED_PER_MINUTE, RESERVED_PER_HOUR = 16, 100
"""Creations reserved for urgent ones: a thousand new issues must not delay a verdict."""
AT_ONCE = 8
"""Most jobs of one installation at once. GitHub allows 100 concurrent requests; this leaves workers for the others."""
SLOT = timedelta(seconds=10)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class BudgetSlot:
    """What was used in ten seconds."""

    start: datetime
    points: int = 0
    creations: int = 0


@dataclass(frozen=True, slots=True)
class Cost:
    """What a request costs."""

    points: int = 0
    creations: int = 0
    urgent: bool = False
    """Whether a person waits for it, as for a verdict."""


def slot_of(now: datetime) -> datetime:
    """Start of the slot that contains an instant."""
    return now.replace(second=now.second - now.second % int(SLOT.total_seconds()), microsecond=0)


def wait_for_budget(spent: Sequence[BudgetSlot], now: datetime, cost: Cost) -> float:
    """Seconds until the request is allowed; 0 if it is allowed now. One that exceeds a whole window waits for an empty one."""
    points = [(slot.start, slot.points) for slot in spent]
    creations = [(slot.start, slot.creations) for slot in spent]
    reserved = (0, 0) if cost.urgent else (RESERVED_PER_MINUTE, RESERVED_PER_HOUR)
    return max(
        _wait(points, now, cost.points, POINTS_PER_MINUTE, MINUTE),
        _wait(creations, now, cost.creations, CREATIONS_PER_MINUTE - reserved[0], MINUTE),
        _wait(creations, now, cost.creations, CREATIONS_PER_HOUR - reserved[1], HOUR),
    )


def _wait(spent: Sequence[tuple[datetime, int]], now: datetime, wanted: int, most: int, window: timedelta) -> float:
    if wanted <= 0:
        return 0.0
    counted = sorted((start + SLOT + window, amount) for start, amount in spent if amount > 0)
    left = [(leaves, amount) for leaves, amount in counted if leaves > now]
    total = sum(amount for _, amount in left)
    until = now
    for leaves, amount in left:
        if total + wanted <= most:
            break
        total -= amount
        until = leaves
    return (until - now).total_seconds()
