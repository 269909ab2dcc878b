"""Rate limits of each installation, shared by all processes: GitHub's pauses, points, creations, concurrent jobs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg

from reassay.hosted.database.database import Connection, Database, unavailable, value
from reassay.hosted.rules.clock_steps import SKEW, latest_wait

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


def pause_until(now: datetime, seconds: float) -> datetime:
    """End of a pause of so many seconds that GitHub asked for, at most the longest one."""
    return now + timedelta(seconds=min(seconds, LONGEST_PAUSE.total_seconds()))


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


_LOCK = "select pg_advisory_xact_lock(hashtextextended(%s, 0))"
_SPENT = "select minute, points, creations from reassay_spent where installation_id = %s and minute > %s"
_SPEND = """
insert into reassay_spent as s (installation_id, minute, points, creations) values (%s, %s, %s, %s)
on conflict (installation_id, minute)
do update set points = s.points + excluded.points, creations = s.creations + excluded.creations
"""
_AHEAD = "delete from reassay_spent where installation_id = %s and minute > %s"
# A pause that was stored while a clock was ahead is replaced, not prolonged.
_LIMIT = """
update reassay_installations
set limited_until = greatest(case when limited_until <= %(latest)s then limited_until end, %(until)s) where id = %(id)s
"""
LONGEST_PAUSE = timedelta(hours=1)
"""GitHub's limits are reset within the hour. After this time GitHub is asked again, whatever it said."""


@dataclass(frozen=True, slots=True)
class RateLimits:
    """The tables and locks. Methods raise DatabaseError."""

    database: Database
    at_once: int = AT_ONCE

    def limited_until(self, installation: int, now: datetime) -> datetime | None:
        """End of the pause that GitHub requested; None without a pause."""
        rows = self.database.rows(
            "select limited_until from reassay_installations where id = %s and limited_until > %s and limited_until <= %s",
            (installation, now, latest_wait(now, LONGEST_PAUSE)),
        )
        until: datetime | None = value(rows[0]) if rows else None
        return until

    def pause(self, installation: int, until: datetime) -> None:
        """Stores a pause that GitHub requested, unless a longer one is stored."""
        values = {"until": until, "latest": latest_wait(until, LONGEST_PAUSE), "id": installation}
        with self.database.transaction() as connection:
            connection.execute(_LIMIT, values)

    def spend(self, installation: int, cost: Cost, now: datetime) -> float:
        """Books a request. 0 if it is allowed now; otherwise the seconds until it is, and nothing was booked."""
        with self.database.transaction() as connection:
            connection.execute(_LOCK, (f"reassay/spent/{installation}",))
            # Use that was stored while a clock was ahead would be waited for until it has left its window.
            connection.execute(_AHEAD, (installation, now + SKEW))
            rows = connection.execute(_SPENT, (installation, now - HOUR - 2 * SLOT)).fetchall()
            wait = wait_for_budget([BudgetSlot(*row) for row in rows], now, cost)
            if not wait:
                connection.execute(_SPEND, (installation, slot_of(now), cost.points, cost.creations))
        return wait

    def forget(self, before: datetime) -> int:
        """Deletes use that has left every window."""
        return self.database.run("delete from reassay_spent where minute < %s", (before - HOUR - timedelta(hours=1),))

    @contextmanager
    def slot(self, installation: int) -> Iterator[bool]:
        """Whether one more job of the installation may run; the slot is released at the end of the block.

        The slot is a session-level advisory lock: PostgreSQL releases it when the process dies. It does not work through
        a pooler that assigns connections by transaction.
        """
        with _connection(self.database) as connection:
            taken = next((name for name in self._names(installation) if _try(connection, name)), None)
            try:
                yield taken is not None
            finally:
                if taken is not None:
                    with suppress(psycopg.Error):
                        # If the connection is gone, PostgreSQL has released the lock.
                        connection.execute("select pg_advisory_unlock(hashtextextended(%s, 0))", (taken,))
                        connection.commit()

    def _names(self, installation: int) -> Iterator[str]:
        return (f"reassay/job/{installation}/{number}" for number in range(self.at_once))


@contextmanager
def _connection(database: Database) -> Iterator[Connection]:
    """A connection without an open transaction, since it is held as long as the job runs."""
    try:
        with database.pool.connection() as connection:
            yield connection
    except psycopg.Error as error:
        raise unavailable(error) from error


def _try(connection: Connection, name: str) -> bool:
    taken = bool(value(connection.execute("select pg_try_advisory_lock(hashtextextended(%s, 0))", (name,)).fetchone()))
    connection.commit()
    return taken
