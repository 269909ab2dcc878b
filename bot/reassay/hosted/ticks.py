"""Ticks: what is to be done every so often is done by one process, and everybody can see when it last was."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from reassay.hosted.database.database import Database, value

_CLAIM = """
insert into reassay_ticks as t (name, at) values (%(name)s, %(now)s)
on conflict (name) do update set at = excluded.at where t.at <= %(before)s
"""
_DONE = """
insert into reassay_ticks as t (name, at) values (%s, %s)
on conflict (name) do update set at = greatest(t.at, excluded.at)
"""


@dataclass(frozen=True, slots=True)
class Ticks:
    """Raises DatabaseError where PostgreSQL does not do what is asked."""

    database: Database

    def claim(self, name: str, now: datetime, every: timedelta) -> bool:
        """True for exactly one of all that ask within `every`. However many were missed, one makes up for them."""
        with self.database.transaction() as connection:
            values = {"name": f"claim/{name}", "now": now, "before": now - every}
            return connection.execute(_CLAIM, values).rowcount == 1

    def release(self, name: str) -> None:
        """It is due at once, whenever it last was."""
        self.database.run("delete from reassay_ticks where name = %s", (f"claim/{name}",))

    def succeeded(self, name: str, now: datetime) -> None:
        """It was done."""
        self.database.run(_DONE, (name, now))

    def silent_since(self, name: str) -> datetime | None:
        """When it was last done; None if never."""
        rows = self.database.rows("select at from reassay_ticks where name = %s", (name,))
        found: datetime | None = value(rows[0]) if rows else None
        return found
