"""One process of the hosted App: its database, its App, and the loops that run until it is stopped."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from reassay.common.clock import Clock, SystemClock
from reassay.common.errors import UsageError
from reassay.github.app_types import AppIdentity
from reassay.hosted.credentials import Credentials
from reassay.hosted.database.database import Database, DatabaseError, migrate
from reassay.hosted.database.pooling import refuse_transaction_pooling
from reassay.hosted.inbox.drain import Drain, DrainResult
from reassay.hosted.inbox.inbox import Inbox
from reassay.hosted.job_services import REDELIVERY, JobServices, Note, job_services
from reassay.hosted.jobs.dead_letters import DeadLetters
from reassay.hosted.jobs.queue import prepare
from reassay.hosted.periodic import PeriodicClaims
from reassay.hosted.repositories import INSTALLATIONS
from reassay.hosted.rules.backoff import delay
from reassay.hosted.settings import HostingSettings

LOG = logging.getLogger("reassay.process")
DRAIN = "drain"
FAILURES_BEFORE_RESTART = 2
"""After this many failures of the database in a row, an embedded PostgreSQL that has ended is started again."""
TICK_SECONDS, DRAIN_SECONDS, IDENTITY_SECONDS = 5.0, 2.0, 3.0
"""How often the scheduler is called, the inbox is read without a wake-up, and a missing App is looked for."""


@contextmanager
def hosted_database(settings: HostingSettings) -> Iterator[Database]:
    """The external PostgreSQL or the embedded one, with all tables. Raises UsageError, DatabaseError."""
    with contextlib.ExitStack() as stack:
        url = settings.database_url
        if not url:
            # Imported late: with an external PostgreSQL it need not be installed.
            from reassay.hosted.database.embedded import embedded  # noqa: PLC0415 -- see above

            url = stack.enter_context(embedded(settings.data))
        else:
            refuse_transaction_pooling(url)
        migrate(url)
        database = stack.enter_context(Database.connect(url, most=settings.concurrency + 10))
        prepare(database)
        yield database


def restart_embedded(settings: HostingSettings) -> None:
    """Starts the embedded PostgreSQL again if it has ended. Does nothing for an external one."""
    if settings.database_url:
        return
    from reassay.hosted.database.embedded import revive  # noqa: PLC0415 -- as in `hosted_database`

    try:
        revive(settings.data)
    except UsageError as error:
        LOG.error("%s", error)  # noqa: TRY400 -- the message says everything


def app_identity(settings: HostingSettings) -> AppIdentity | None:
    """The App from the environment or from set-up; None before set-up. Raises UsageError."""
    return settings.app or Credentials(settings.data).read()


@dataclass(slots=True)
class Engine:
    """Jobs, periodic tasks and the drain of one process. It waits for the App to be set up."""

    settings: HostingSettings
    database: Database
    clock: Clock = field(default_factory=SystemClock)
    note: Note | None = None
    """Called with each outcome of a job; None logs it."""
    tick_now: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a periodic task became due early."""
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a delivery arrived or the App was set up."""
    jobs: JobServices | None = None
    """None until there is an App."""

    async def run(self, stop: asyncio.Event) -> bool:
        """Runs until `stop` is set. False if a job did not end in time: the process should then exit without waiting."""
        app = await self._app(stop)
        if app is None:
            return True
        with job_services(self.settings, app, self.database, self.clock, self.note) as jobs:
            self.jobs = jobs
            loops = [
                asyncio.create_task(self._schedule(jobs, stop)),
                asyncio.create_task(self._drain(self._drain_of(app, jobs), jobs.claims, stop)),
            ]
            working = asyncio.create_task(jobs.worker.run(stop) if self.settings.concurrency else stop.wait())
            # None of them ends before `stop` is set. If one does, it failed, and the whole process ends.
            await asyncio.wait({working, *loops}, return_when=asyncio.FIRST_COMPLETED)
            stop.set()
            self.woken.set()
            ended, *_ = await asyncio.gather(working, *loops)
            return bool(ended)

    def _drain_of(self, app: AppIdentity, jobs: JobServices) -> Drain:
        loop = asyncio.get_running_loop()

        def refresh_soon() -> None:
            jobs.claims.release(INSTALLATIONS)
            loop.call_soon_threadsafe(self.tick_now.set)

        own_login = f"{app.slug}[bot]" if app.slug else ""
        return Drain(Inbox(self.database), DeadLetters(self.database), jobs.queue, jobs.claims, refresh_soon, own_login)

    async def _app(self, stop: asyncio.Event) -> AppIdentity | None:
        """Waits for set-up, which may happen in another process that shares the data folder. None if `stop` is set."""
        while (app := app_identity(self.settings)) is None and not stop.is_set():
            await wait_for_any(IDENTITY_SECONDS, stop, self.woken)
            self.woken.clear()
        return None if stop.is_set() else app

    async def _schedule(self, jobs: JobServices, stop: asyncio.Event) -> None:
        await asyncio.to_thread(look_for_missed, jobs.claims)
        while not stop.is_set():
            self.tick_now.clear()
            await asyncio.to_thread(jobs.scheduler.tick, self.clock.now())
            await wait_for_any(TICK_SECONDS, stop, self.tick_now)

    async def _drain(self, drain: Drain, claims: PeriodicClaims, stop: asyncio.Event) -> None:
        failures = 0
        while not stop.is_set():
            self.woken.clear()
            try:
                await asyncio.to_thread(_drain_once, drain, claims, self.clock.now)
                failures = 0
            except DatabaseError as error:
                failures += 1
                LOG.warning("the inbox cannot be read: %s", error)
                if failures > FAILURES_BEFORE_RESTART:
                    await asyncio.to_thread(restart_embedded, self.settings)
            await wait_for_any(delay(failures, DRAIN) if failures else DRAIN_SECONDS, stop, self.woken)


def look_for_missed(claims: PeriodicClaims) -> None:
    """Deliveries that came while nothing ran are asked for at once, whenever that was done last: one may be a veto."""
    try:
        claims.release(REDELIVERY)
    except DatabaseError as error:
        LOG.warning("deliveries missed before the start are asked for later: %s", error)


def _drain_once(drain: Drain, claims: PeriodicClaims, now_of: Callable[[], datetime]) -> None:
    now = now_of()
    result = drain.run(now)
    claims.succeeded(DRAIN, now)
    if result != DrainResult():
        LOG.info(
            "inbox: %d read, %d jobs, %d dead letters, %d held",
            result.read,
            result.deferred,
            result.dead,
            result.held,
        )


async def wait_for_any(seconds: float, *events: asyncio.Event) -> None:
    """Waits until one of the events is set, at most so many seconds."""
    waiting = [asyncio.create_task(event.wait()) for event in events]
    _, pending = await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
