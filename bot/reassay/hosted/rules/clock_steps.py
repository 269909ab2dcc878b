"""Clocks that were wrong for a while: what was stored while a clock was ahead is not waited for once it is put right.

Every instant that a server stores to wait for has a longest wait. One that lies further ahead was stored by a wrong clock.
"""

from datetime import datetime, timedelta

SKEW = timedelta(minutes=1)
"""How far apart the clocks of servers may be that share a database."""


def is_ahead(at: datetime, now: datetime) -> bool:
    """Whether an instant of the past, as stored, lies in the future: a clock was ahead then, or is behind now."""
    return at > now + SKEW


def latest_wait(now: datetime, longest: timedelta) -> datetime:
    """The latest instant that is waited for, where the right wait is at most `longest`."""
    return now + longest + SKEW


def is_due(claimed: datetime | None, now: datetime, period: timedelta, unchanged: timedelta) -> bool:
    """Whether a task that was last claimed at `claimed` is to be run again.

    `unchanged` is how long this process has seen that claim, by a clock that nobody sets: a task is run within its period
    of elapsed time, however often and far the clocks of servers are set back.
    """
    if claimed is None or is_ahead(claimed, now):
        return True
    return claimed <= now - period or unchanged >= period
