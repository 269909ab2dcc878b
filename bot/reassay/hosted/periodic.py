"""Periodic tasks: each is run by one process at a time, and a task that fails does not stop the others.

Why this is not Procrastinate's `@app.periodic`: docs/decisions/0021-periodic-tasks.md.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic

from reassay.hosted.database.database import Database, value
from reassay.hosted.rules.clock_steps import is_due

# Compared and set: of several processes that found the same claim, one sets the next.
_CLAIM = """
insert into reassay_ticks as t (name, at) values (%(name)s, %(now)s)
on conflict (name) do update set at = excluded.at where t.at = %(seen)s
"""
_SUCCEEDED = """
insert into reassay_ticks as t (name, at) values (%s, %s) on conflict (name) do update set at = excluded.at
"""


@dataclass(frozen=True, slots=True)
class PeriodicClaims:
    """Table of when each task was last claimed and last succeeded, shared by all processes. Raises DatabaseError."""

    database: Database
    observed: dict[str, tuple[datetime | None, float]] = field(default_factory=dict, repr=False, compare=False)
    """By task: its claim, and when this process saw it first, in seconds of a clock that nobody sets."""

    def claim(self, name: str, now: datetime, period: timedelta, elapsed: float | None = None) -> bool:
        """True for exactly one of all processes that ask within a period. Missed periods are not added up.

        `elapsed` are seconds of a clock that nobody sets; None: that of the machine.
        """
        elapsed = monotonic() if elapsed is None else elapsed
        seen, unchanged = self._observed(name, elapsed)
        if not is_due(seen, now, period, unchanged):
            return False
        # Always another value than before, also by a clock that stands still: others see that it was claimed.
        at = now if now != seen else now + timedelta(microseconds=1)
        with self.database.transaction() as connection:
            is_won = connection.execute(_CLAIM, {"name": f"claim/{name}", "now": at, "seen": seen}).rowcount == 1
        if is_won:
            self.observed[name] = (at, elapsed)
        return is_won

    def _observed(self, name: str, elapsed: float) -> tuple[datetime | None, timedelta]:
        """The latest claim, and for how long this process has seen it."""
        seen = self.last_success(f"claim/{name}")
        before = self.observed.get(name)
        if before is None or before[0] != seen:
            before = self.observed[name] = (seen, elapsed)
        return seen, timedelta(seconds=elapsed - before[1])

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
    elapsed: Callable[[], float] = monotonic
    """Seconds of a clock that nobody sets."""

    def tick(self, now: datetime) -> tuple[str, ...]:
        """Runs what is due at `now`; returns the names of the tasks that succeeded."""
        return tuple(task.name for task in self.tasks if self._run(task, now))

    def _run(self, task: PeriodicTask, now: datetime) -> bool:
        try:
            if not self.claims.claim(task.name, now, task.period, self.elapsed()):
                return False
            result = task.run(now)
            self.claims.succeeded(task.name, now)
        except Exception as error:  # noqa: BLE001 -- whatever a task raises, the other tasks are run
            self.note(task.name, "failed", error)
            return False
        self.note(task.name, result, None)
        return True
