"""The hosted App, wired: its database, its identity, and what one process of it does until it is told to stop."""

import asyncio
import contextlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from reassay.common.clock import SystemClock
from reassay.common.errors import UsageError
from reassay.github.app_types import AppIdentity
from reassay.hosted.credentials import Credentials
from reassay.hosted.database.database import Database, DatabaseError
from reassay.hosted.database.migrate import migrate
from reassay.hosted.inbox.drain import Drain, Drained
from reassay.hosted.inbox.inbox import Inbox
from reassay.hosted.job_services import HostedJobs, Note, hosted_jobs
from reassay.hosted.jobs.queue import prepare
from reassay.hosted.periodic import Scheduler
from reassay.hosted.rules.backoff import delay
from reassay.hosted.settings import HostingSettings
from reassay.hosted.ticks import Ticks
from reassay.sweep.ports import Clock

LOG = logging.getLogger("reassay.process")
DRAIN = "drain"
BEARABLE = 2
"""So often in a row the database may not answer before it is looked whether it is gone."""
TICK_SECONDS, DRAIN_SECONDS, IDENTITY_SECONDS = 5.0, 2.0, 3.0
"""How often the scheduler is asked, the inbox looked into without being told to, and an App looked for where there is none."""


@contextmanager
def hosted_database(settings: HostingSettings) -> Iterator[Database]:
    """The given PostgreSQL, or the one that starts itself, with all tables. Raises UsageError, DatabaseError."""
    with contextlib.ExitStack() as stack:
        url = settings.database_url
        if not url:
            # Only those who have none of their own pay for its import.
            from reassay.hosted.database.embedded import embedded

            url = stack.enter_context(embedded(settings.data))
        migrate(url)
        database = stack.enter_context(Database.connect(url, most=settings.concurrency + 10))
        prepare(database)
        yield database


def revived(settings: HostingSettings) -> None:
    """The embedded PostgreSQL is started again if something ended it; one's own is somebody else's to start."""
    if settings.database_url:
        return
    from reassay.hosted.database.embedded import revive

    try:
        revive(settings.data)
    except UsageError as error:
        LOG.error("%s", error)  # noqa: TRY400 -- the words say all that there is


def identity(settings: HostingSettings) -> AppIdentity | None:
    """By the environment, or as set-up left it. Raises UsageError."""
    return settings.app or Credentials(settings.data).read()


@dataclass(slots=True)
class Engine:
    """Jobs, scheduler and drain of one process. Without an App it waits for one."""

    settings: HostingSettings
    database: Database
    clock: Clock = field(default_factory=SystemClock)
    note: Note | None = None
    """Told each outcome of a job, instead of the log."""
    hurry: asyncio.Event = field(default_factory=asyncio.Event)
    """The scheduler has something to do at once."""
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    """Something is in the inbox, or there is an App."""
    jobs: HostedJobs | None = None
    """Once it is at work."""

    async def run(self, stop: asyncio.Event) -> bool:
        """Until told to stop. False if a job did not end in time: then the process ends without waiting for its thread."""
        app = await self._app(stop)
        if app is None:
            return True
        with hosted_jobs(self.settings, app, self.database, self.clock, self.note) as jobs:
            self.jobs = jobs
            refresh = _Refresh(jobs.scheduler, asyncio.get_running_loop(), self.hurry)
            drain = Drain(Inbox(self.database), jobs.queue, refresh, f"{app.slug}[bot]" if app.slug else "")
            loops = [
                asyncio.create_task(self._schedule(jobs, stop)),
                asyncio.create_task(self._drain(drain, jobs, stop)),
            ]
            working = asyncio.create_task(jobs.worker.run(stop) if self.settings.concurrency else stop.wait())
            # None of them ends by itself: if one does, the process is not what it should be, and ends as a whole.
            await asyncio.wait({working, *loops}, return_when=asyncio.FIRST_COMPLETED)
            stop.set()
            self.woken.set()
            ended, *_ = await asyncio.gather(working, *loops)
            return bool(ended)

    async def _app(self, stop: asyncio.Event) -> AppIdentity | None:
        """Set-up may happen in this process or in another one that shares the data folder."""
        while (found := identity(self.settings)) is None and not stop.is_set():
            await wait_for_any(IDENTITY_SECONDS, stop, self.woken)
            self.woken.clear()
        return None if stop.is_set() else found

    async def _schedule(self, jobs: HostedJobs, stop: asyncio.Event) -> None:
        while not stop.is_set():
            self.hurry.clear()
            await asyncio.to_thread(jobs.scheduler.tick, self.clock.now())
            await wait_for_any(TICK_SECONDS, stop, self.hurry)

    async def _drain(self, drain: Drain, jobs: HostedJobs, stop: asyncio.Event) -> None:
        failures = 0
        while not stop.is_set():
            self.woken.clear()
            try:
                await asyncio.to_thread(_drained, drain, jobs.ticks, self.clock)
                failures = 0
            except DatabaseError as error:
                failures += 1
                LOG.warning("the inbox cannot be read: %s", error)
                if failures > BEARABLE:
                    await asyncio.to_thread(revived, self.settings)
            await wait_for_any(delay(failures, DRAIN) if failures else DRAIN_SECONDS, stop, self.woken)


@dataclass(frozen=True, slots=True)
class _Refresh:
    """Satisfies `services.hosting.drain.Refresh`: asks, and does not wait for the next tick."""

    scheduler: Scheduler
    loop: asyncio.AbstractEventLoop
    hurry: asyncio.Event

    def soon(self, name: str) -> None:
        self.scheduler.soon(name)
        self.loop.call_soon_threadsafe(self.hurry.set)

    def silent_since(self, name: str) -> datetime | None:
        return self.scheduler.silent_since(name)


def _drained(drain: Drain, ticks: Ticks, clock: Clock) -> None:
    now = clock.now()
    found = drain.run(now)
    ticks.succeeded(DRAIN, now)
    if found != Drained():
        LOG.info(
            "inbox: %d read, %d jobs, %d dead letters, %d held", found.read, found.deferred, found.dead, found.held
        )


async def wait_for_any(seconds: float, *events: asyncio.Event) -> None:
    """Until one of them is set, or so many seconds have passed."""
    waiting = [asyncio.create_task(each.wait()) for each in events]
    _, pending = await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for each in pending:
        each.cancel()
