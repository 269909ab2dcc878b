"""When a repository is swept next: every hour at a minute of its own, and soon after its midnight, when dates turn."""

from datetime import UTC, date, datetime, timedelta

from reassay.common.calendar import local_date, zone
from reassay.hosted.rules.jitter import share

HOUR = timedelta(hours=1)
AFTER_MIDNIGHT = timedelta(minutes=15)
"""So long after its local midnight a repository has been swept, if the machine keeps up."""


def next_sweep(now: datetime, timezone: str, repository: int) -> datetime:
    """The first instant after `now`, in UTC. However many were missed, it counts from now: one sweep makes up for all.

    `timezone` is an IANA name that is known to exist.
    """
    return min(_next_hour(now, repository), _next_midnight(now, timezone, repository))


def first_instant(day: date, timezone: str) -> datetime:
    """When a day begins, in UTC; where the clock leaps over midnight, the instant at which it leaps."""
    return datetime.combine(day, datetime.min.time(), zone(timezone)).astimezone(UTC)


def _next_hour(now: datetime, repository: int) -> datetime:
    offset = timedelta(seconds=int(HOUR.total_seconds() * share(f"hour/{repository}")))
    start = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + offset
    return start if start > now else start + HOUR


def _next_midnight(now: datetime, timezone: str, repository: int) -> datetime:
    wait = timedelta(seconds=1 + int((AFTER_MIDNIGHT.total_seconds() - 1) * share(f"midnight/{repository}")))
    today = local_date(now, timezone)
    days = (today + timedelta(days=offset) for offset in (0, 1, 2))
    return min(each for day in days if (each := first_instant(day, timezone) + wait) > now)
