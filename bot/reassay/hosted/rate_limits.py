"""What an installation may do, shared by all workers: GitHub's pauses, points, creations, and jobs at once."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg

from reassay.hosted.database.database import Connection, Database, unavailable, value
from reassay.hosted.rules.budget import AT_ONCE, HOUR, SLOT, Cost, Slot, slot_of, wait_for_room

_LOCK = "select pg_advisory_xact_lock(hashtextextended(%s, 0))"
_SPENT = "select minute, points, creations from reassay_spent where installation_id = %s and minute > %s"
_SPEND = """
insert into reassay_spent as s (installation_id, minute, points, creations) values (%s, %s, %s, %s)
on conflict (installation_id, minute)
do update set points = s.points + excluded.points, creations = s.creations + excluded.creations
"""
_LIMIT = """
update reassay_installations set limited_until = greatest(limited_until, %s) where id = %s
"""


@dataclass(frozen=True, slots=True)
class Limits:
    """Raises DatabaseError where PostgreSQL does not do what is asked."""

    database: Database
    at_once: int = AT_ONCE

    def limited_until(self, installation: int, now: datetime) -> datetime | None:
        """When GitHub's pause ends; None if there is none."""
        rows = self.database.rows(
            "select limited_until from reassay_installations where id = %s and limited_until > %s", (installation, now)
        )
        found: datetime | None = value(rows[0]) if rows else None
        return found

    def limit(self, installation: int, until: datetime) -> None:
        """GitHub asked for a pause; a longer one that is known already stays."""
        self.database.run(_LIMIT, (until, installation))

    def spend(self, installation: int, cost: Cost, now: datetime) -> float:
        """0 if it was booked; else the seconds until there is room, and nothing was booked."""
        with self.database.transaction() as connection:
            connection.execute(_LOCK, (f"reassay/spent/{installation}",))
            rows = connection.execute(_SPENT, (installation, now - HOUR - 2 * SLOT)).fetchall()
            wait = wait_for_room([Slot(*row) for row in rows], now, cost)
            if not wait:
                connection.execute(_SPEND, (installation, slot_of(now), cost.points, cost.creations))
        return wait

    def forget(self, before: datetime) -> int:
        """Drops what is out of every window."""
        return self.database.run("delete from reassay_spent where minute < %s", (before - HOUR - timedelta(hours=1),))

    @contextmanager
    def slot(self, installation: int) -> Iterator[bool]:
        """Whether one more job of the installation may run; the place is free again at the end of the block.

        The place is a lock of this connection: a process that dies gives it back. The database has to be reached without
        a pooler that hands out connections by transaction.
        """
        with _connection(self.database) as connection:
            taken = next((name for name in self._names(installation) if _try(connection, name)), None)
            try:
                yield taken is not None
            finally:
                if taken is not None:
                    with suppress(psycopg.Error):
                        # Without the connection there is no lock any more either.
                        connection.execute("select pg_advisory_unlock(hashtextextended(%s, 0))", (taken,))
                        connection.commit()

    def _names(self, installation: int) -> Iterator[str]:
        return (f"reassay/job/{installation}/{number}" for number in range(self.at_once))


@contextmanager
def _connection(database: Database) -> Iterator[Connection]:
    """Outside of a transaction, since it is held for as long as a job runs."""
    try:
        with database.pool.connection() as connection:
            yield connection
    except psycopg.Error as error:
        raise unavailable(error) from error


def _try(connection: Connection, name: str) -> bool:
    found = bool(value(connection.execute("select pg_try_advisory_lock(hashtextextended(%s, 0))", (name,)).fetchone()))
    connection.commit()
    return found
