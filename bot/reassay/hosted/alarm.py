"""Alarm for background tasks: a heartbeat is sent while all of them run, and stops when one of them has stopped.

The service that receives the heartbeat alerts when it stays away, also if the whole server is down.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx

from reassay.common.errors import ReassayError
from reassay.hosted.rules.clock_steps import is_ahead


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
    is_ahead: bool = False
    """Whether that success lies in the future: a clock was ahead then, or is behind now."""
    failure: str = ""
    """What is wrong with it, if that is not how long ago its last success was."""
    reason: str = ""
    """Why, for operators only: it may quote a repository."""

    @property
    def words(self) -> str:
        """One line for people and logs."""
        if self.failure:
            return self.failure
        if self.is_ahead and self.since:
            return (
                f"its last success is stored for {self.since:%Y-%m-%d %H:%M} UTC, which is in the future: check the clocks of"
                f" the servers. Until the next success it counts as stopped; {self.task.effect}"
            )
        since = f"since {self.since:%Y-%m-%d %H:%M} UTC" if self.since else "since the server started"
        return f"no {self.task.noun} {since}; {self.task.effect}"


def stopped_tasks(
    tasks: Iterable[WatchedTask], last: Mapping[str, datetime | None], started: datetime, now: datetime
) -> tuple[StoppedTask, ...]:
    """Tasks whose last success, or the start of the server if that is later, is longer ago than their patience.

    A success in the future says nothing: a clock was ahead then, or is behind now.
    """
    stopped = []
    for task in tasks:
        success = last.get(task.name)
        if success is not None and is_ahead(success, now):
            stopped.append(StoppedTask(task, success, is_ahead=True))
        elif now - max(success or started, started) > task.patience:
            stopped.append(StoppedTask(task, success))
    return tuple(stopped)


SECONDS = 10.0
_FAILED = 400


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The heartbeat, a request to an address. The address may contain a secret, so messages omit it."""

    http: httpx.Client
    url: str = field(repr=False)

    def beat(self) -> str:
        """Sends a heartbeat. Returns the error in words; empty on success."""
        try:
            answer = self.http.get(self.url, timeout=SECONDS)
        except httpx.HTTPError as error:
            return f"the heartbeat was not sent ({type(error).__name__})"
        return f"the heartbeat was answered with {answer.status_code}" if answer.status_code >= _FAILED else ""


@dataclass(slots=True)
class Alarm:
    """Called every minute from an asyncio task of its own, which depends on no task that it watches.

    Without an App nothing has stopped, and no heartbeat is sent: the server does nothing for anybody yet.
    """

    watched: tuple[WatchedTask, ...]
    last: Callable[[], Mapping[str, datetime | None]]
    """Reads when each task last succeeded."""
    started: datetime
    """When the server started; set back if the clock turns out to have been ahead then."""
    beat: Callable[[], str] | None = None
    """Sends the heartbeat; None if no address is configured."""
    note: Callable[[str], None] = lambda _words: None
    """Called once for each new trouble."""
    failing: Callable[[], StoppedTask | None] = lambda: None
    """Reads whether all runs of jobs fail."""
    is_expected: Callable[[], bool] = lambda: True
    """Whether the tasks should run: they wait until the App exists."""
    noted: frozenset[str] = field(default=frozenset())
    """Names of troubles that `note` was called for and that still exist."""

    def tick(self, now: datetime) -> tuple[StoppedTask, ...]:
        """Tasks that have stopped. Sends the heartbeat only if there is none, and if that could be read."""
        try:
            stopped = self.stopped(now)
        except ReassayError as error:
            self._note({"unknown": f"the state of the background tasks cannot be read: {error}"})
            return ()
        troubles = {task.task.name: f"{task.words}: {task.reason}" if task.reason else task.words for task in stopped}
        is_due = not stopped and self.is_expected()
        if is_due and self.beat is not None and (failure := self.beat()):
            troubles["heartbeat"] = failure
        self._note(troubles)
        return stopped

    def stopped(self, now: datetime) -> tuple[StoppedTask, ...]:
        """Tasks that have stopped; sends no heartbeat and calls no `note`. Raises DatabaseError."""
        if not self.is_expected():
            # Their patience begins with the App.
            self.started = now
            return ()
        self.started = min(self.started, now)
        failing = self.failing()
        stopped = stopped_tasks(self.watched, self.last(), self.started, now)
        return (*stopped, failing) if failing is not None else stopped

    def _note(self, troubles: Mapping[str, str]) -> None:
        for name, words in troubles.items():
            if name not in self.noted:
                self.note(words)
        self.noted = frozenset(troubles)
