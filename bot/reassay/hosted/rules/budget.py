"""What GitHub lets one installation do in a while, and how long to wait for room.

Its secondary limits, as documented: 900 points a minute, of which a read costs one and a write five; 80 pieces of content
a minute and 500 an hour. Spending is counted in slots of ten seconds; a slot counts until all of it is out of the window.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

POINTS_PER_MINUTE = 900
READ, WRITE = 1, 5
CREATIONS_PER_MINUTE, CREATIONS_PER_HOUR = 80, 500
KEPT_PER_MINUTE, KEPT_PER_HOUR = 16, 100
"""Creations that are kept for what somebody waits for: a thousand first issues must not hold back a verdict."""
AT_ONCE = 8
"""Jobs of one installation; GitHub allows a hundred requests at once, and the point is that others get their turn."""
SLOT = timedelta(seconds=10)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Slot:
    """What was spent in ten seconds."""

    start: datetime
    points: int = 0
    creations: int = 0


@dataclass(frozen=True, slots=True)
class Cost:
    """Of what is about to be done."""

    points: int = 0
    creations: int = 0
    urgent: bool = False
    """Whether somebody waits for it."""


def slot_of(now: datetime) -> datetime:
    """When the slot of an instant began."""
    return now.replace(second=now.second - now.second % int(SLOT.total_seconds()), microsecond=0)


def wait_for_room(spent: Sequence[Slot], now: datetime, cost: Cost) -> float:
    """Seconds until it may be done; 0 if it may be now. What costs more than a whole window has to wait for an empty one."""
    points = [(each.start, each.points) for each in spent]
    made = [(each.start, each.creations) for each in spent]
    kept = (0, 0) if cost.urgent else (KEPT_PER_MINUTE, KEPT_PER_HOUR)
    return max(
        _wait(points, now, cost.points, POINTS_PER_MINUTE, MINUTE),
        _wait(made, now, cost.creations, CREATIONS_PER_MINUTE - kept[0], MINUTE),
        _wait(made, now, cost.creations, CREATIONS_PER_HOUR - kept[1], HOUR),
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
