"""Which background tasks have stopped. Pure: the last successes and the time are given."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class WatchedTask:
    """A background task, and how long it may go without a success."""

    name: str
    patience: timedelta
    noun: str
    """One success of it in words, as in "no sweep since"."""
    effect: str
    """What goes wrong while it has stopped, as a sentence without its full stop."""


@dataclass(frozen=True, slots=True)
class StoppedTask:
    """A background task without a success for longer than its patience."""

    task: WatchedTask
    since: datetime | None
    """Its last success; None if there was none since the server started."""

    @property
    def words(self) -> str:
        """One line for people and logs."""
        since = f"since {self.since:%Y-%m-%d %H:%M} UTC" if self.since else "since the server started"
        return f"no {self.task.noun} {since}; {self.task.effect}"


def stopped_tasks(
    tasks: Iterable[WatchedTask], last: Mapping[str, datetime | None], started: datetime, now: datetime
) -> tuple[StoppedTask, ...]:
    """Tasks whose last success, or the start of the server if that is later, is longer ago than their patience.

    A success in the future (the clock was ahead, then set back) counts as now.
    """
    stopped = []
    for task in tasks:
        success = last.get(task.name)
        if now - max(success or started, started) > task.patience:
            stopped.append(StoppedTask(task, success))
    return tuple(stopped)
