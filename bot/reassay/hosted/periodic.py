"""Periodic tasks: each is run by one process at a time, and a task that fails does not stop the others.

Why this is not Procrastinate's `@app.periodic`: docs/decisions/0021-periodic-tasks.md.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from reassay.hosted.database.database import Database, value

# A claim that lies more than one period ahead was written while a clock was ahead: it does not count.
_CLAIM = """
insert into reassay_ticks as t (name, at) values (%(name)s, %(now)s)
on conflict (name) do update set at = excluded.at where t.at <= %(before)s or t.at > %(after)s
"""
_SUCCEEDED = """
insert into reassay_ticks as t (name, at) values (%s, %s) on conflict (name) do update set at = excluded.at
"""


@dataclass(frozen=True, slots=True)
class PeriodicClaims:
    """Table of when each task was last claimed and last succeeded, shared by all processes. Raises DatabaseError."""

    database: Database

    def claim(self, name: str, now: datetime, period: timedelta) -> bool:
        """True for exactly one of all processes that ask within a period. Missed periods are not added up."""
        values = {"name": f"claim/{name}", "now": now, "before": now - period, "after": now + period}
        with self.database.transaction() as connection:
            return connection.execute(_CLAIM, values).rowcount == 1

    def release(self, name: str) -> None:
        """Makes the task due at once."""
        self.database.run("delete from reassay_ticks where name = %s", (f"claim/{name}",))

    def succeeded(self, name: str, now: datetime) -> None:
        """Stores the time of a success."""
        self.database.run(_SUCCEEDED, (name, now))

    def last_success(self, name: str) -> datetime | None:
        """When any process last ran the task without failing; None if none did."""
        rows = self.database.rows("select at from reassay_ticks where name = %s", (name,))
        at: datetime | None = value(rows[0]) if rows else None
        return at


@dataclass(frozen=True, slots=True)
class PeriodicTask:
    """A task and its period."""

    name: str
    period: timedelta
    run: Callable[[datetime], str]
    """Runs it at the given time; returns its result in a few words, for the log."""


@dataclass(frozen=True, slots=True)
class Scheduler:
    """Runs the tasks that are due whenever `tick` is called."""

    tasks: tuple[PeriodicTask, ...]
    claims: PeriodicClaims
    note: Callable[[str, str, Exception | None], None]
    """Called after each run with the task's name, and its result or the exception."""

    def tick(self, now: datetime) -> tuple[str, ...]:
        """Runs what is due at `now`; returns the names of the tasks that succeeded."""
        return tuple(task.name for task in self.tasks if self._run(task, now))

    def _run(self, task: PeriodicTask, now: datetime) -> bool:
        try:
            if not self.claims.claim(task.name, now, task.period):
                return False
            result = task.run(now)
            self.claims.succeeded(task.name, now)
        except Exception as error:  # noqa: BLE001 -- whatever a task raises, the other tasks are run
            self.note(task.name, "failed", error)
            return False
        self.note(task.name, result, None)
        return True
