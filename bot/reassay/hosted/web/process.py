"""One process of the hosted App: a server, with or without doing jobs, or a worker that does nothing else."""

import asyncio
import contextlib
import gc
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import uvicorn

from reassay.common.errors import UsageError
from reassay.hosted.alarm import Alarm
from reassay.hosted.database.database import Database
from reassay.hosted.engine import Engine
from reassay.hosted.inbox.group_commit import GroupCommit
from reassay.hosted.job_services import INSTALLATIONS, Note
from reassay.hosted.jobs.queue import JobQueue
from reassay.hosted.settings import HostingSettings
from reassay.hosted.ticks import Ticks
from reassay.hosted.web.access import may_bind
from reassay.hosted.web.composition import Outside, Web, web
from reassay.hosted.web.dependencies import Identities
from reassay.hosted.web.intake import Counts, Expected, Intake
from reassay.sweep.ports import Clock

LOG = logging.getLogger("reassay.process")
ALARM_SECONDS = 60.0
GRACE_SECONDS = 10
"""So long requests that run may take to end."""
BACKLOG = 2_048
CONNECTIONS = 1_000
"""More at once are told to come again: GitHub's deliveries need a handful."""


class _Server(uvicorn.Server):
    """Ends when it is told by whoever started it: signals are for the process, not for one of its parts."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leaves them alone."""
        yield


@dataclass(slots=True)
class Serving:
    """A server, ready to run."""

    settings: HostingSettings
    database: Database
    clock: Clock
    said: Callable[[str], None]
    """Told where it listens, and the one-time address of the set-up page; that goes into no log."""
    note: Note | None = None
    """Told each outcome of a job, instead of the log."""
    engine: Engine | None = None
    """Once it runs."""
    counts: Counts = field(default_factory=Counts)

    async def run(self, stop: asyncio.Event, listening: socket.socket) -> bool:
        """Until told to stop. False if a job did not end in time. Raises UsageError."""
        engine, loop = Engine(self.settings, self.database, self.clock, self.note), asyncio.get_running_loop()
        self.engine = engine
        outside = Outside(
            queue=JobQueue.on(self.database),
            refresh_soon=lambda: Ticks(self.database).release(INSTALLATIONS),
            deliveries=lambda: dict(self.counts.outcomes),
            told=(lambda _app: _set(loop, engine.woken),),
        )
        with web(self.settings, self.database, self.clock, outside) as made:
            may_bind(self.settings, made.parts.identities.current())
            keeper = GroupCommit(self.database.url, engine.woken.set)
            expected = _expected(made.parts.identities, self.settings)
            server = _Server(
                _config(self.settings, Intake(made.app, keeper, expected, self.clock.now, _note, self.counts))
            )
            tasks = [
                asyncio.create_task(keeper.run()),
                asyncio.create_task(server.serve(sockets=[listening])),
                asyncio.create_task(self._watch(made.alarm, stop)),
            ]
            while not server.started and not tasks[1].done():  # noqa: ASYNC110 -- uvicorn tells nobody
                await asyncio.sleep(0.01)
            self._say(made)
            # What start-up made stays: looking through it again and again would cost every delivery a little.
            gc.collect()
            gc.freeze()
            return await self._until(stop, engine, server, tasks)

    async def _until(
        self, stop: asyncio.Event, engine: Engine, server: _Server, tasks: "list[asyncio.Task[None]]"
    ) -> bool:
        working = asyncio.create_task(engine.run(stop))
        stopped = asyncio.create_task(stop.wait())
        # Whatever ends first ends all: a process that does half of its work is worse than one that is started anew.
        await asyncio.wait({working, stopped, *tasks}, return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        # No more deliveries first: what is acknowledged was kept, and what is not is GitHub's to send again.
        server.should_exit = True
        await asyncio.wait({tasks[1]})
        ended = await working
        for each in (*tasks, stopped):
            each.cancel()
        for result in await asyncio.gather(*tasks, stopped, return_exceptions=True):
            if isinstance(result, Exception):
                raise result
        return ended

    async def _watch(self, alarm: Alarm, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await asyncio.to_thread(alarm.tick, self.clock.now())
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), ALARM_SECONDS)

    def _say(self, made: Web) -> None:
        self.said(f"reassay listens on {self.settings.base_url}")
        if made.address:
            self.said(f"No App is set up yet. Open this address in a browser on this machine, once:\n  {made.address}")


def _set(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> None:
    loop.call_soon_threadsafe(event.set)


def _expected(identities: Identities, settings: HostingSettings) -> Callable[[], Expected]:
    def now() -> Expected:
        app = identities.current()
        if app is None:
            return Expected()
        secrets = (app.webhook_secret, settings.previous_webhook_secret)
        return Expected(app.id, tuple(each.encode() for each in secrets if each))

    return now


def _note(delivery: str, status: int, why: str) -> None:
    LOG.warning("delivery refused: %s", why, extra={"delivery": delivery, "status": status})


def _config(settings: HostingSettings, intake: Intake) -> uvicorn.Config:
    return uvicorn.Config(
        intake,
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        backlog=BACKLOG,
        limit_concurrency=CONNECTIONS,
        host=settings.host,
        port=settings.port,
    )


def listen(settings: HostingSettings) -> socket.socket:
    """Raises UsageError where the address cannot be had."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((settings.host, settings.port))
    except OSError as error:
        made.close()
        message = f"{settings.host}:{settings.port} cannot be had ({error.strerror})."
        raise UsageError(message, where="--port", remedy="Stop what listens there, or give another --port.") from error
    return made


def until_signalled(act: "Callable[[asyncio.Event], asyncio.Future[bool] | object]") -> bool:
    """Runs `act` with an event that SIGTERM and SIGINT set; a second signal ends the process at once."""

    async def main() -> bool:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()

        def told(number: int) -> None:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)
            LOG.info("told to stop: running jobs are finished first")
            stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, told, number)
        return bool(await act(stop))  # type: ignore[misc] # a coroutine

    return asyncio.run(main())
