"""The server process of the hosted App: intake, pages and the engine, until it is stopped."""

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import uvicorn

from reassay.common.clock import Clock
from reassay.common.errors import UsageError
from reassay.hosted.alarm import Alarm
from reassay.hosted.database.database import Database
from reassay.hosted.engine import Engine
from reassay.hosted.inbox.inbox import GroupCommit
from reassay.hosted.job_services import Note
from reassay.hosted.settings import HostingSettings
from reassay.hosted.signal_events import SignalEvents
from reassay.hosted.web.access import may_bind
from reassay.hosted.web.composition import WebApplication, web_application
from reassay.hosted.web.dependencies import CurrentApp
from reassay.hosted.web.intake import DeliveryCounts, ExpectedSender, Intake
from reassay.hosted.web.public_path import PublicPath
from reassay.hosted.web.signal_intake import SignalDesk, SignalIntake

LOG = logging.getLogger("reassay.process")
ALARM_SECONDS = 60.0
GRACE_SECONDS = 10
"""Time that running requests have to end."""
BACKLOG = 2_048
CONNECTIONS = 1_000
"""Further connections are answered with 503; GitHub's deliveries need a handful."""


class _Server(uvicorn.Server):
    """A server that leaves signals to the process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Installs no signal handlers."""
        yield


@dataclass(slots=True)
class HostedServer:
    """A server, ready to run."""

    settings: HostingSettings
    database: Database
    clock: Clock
    say: Callable[[str], None]
    """Prints a line on the console: the address, and the one-time set-up address, which must not be logged."""
    note: Note | None = None
    """Called with each outcome of a job; None logs it."""
    engine: Engine | None = None
    """None before `run`."""
    counts: DeliveryCounts = field(default_factory=DeliveryCounts)
    signal_counts: DeliveryCounts = field(default_factory=DeliveryCounts)
    """Counts of messages of monitoring tools."""

    async def run(self, stop: asyncio.Event, listening: socket.socket) -> bool:
        """Runs until `stop` is set. False if a job did not end in time. Raises UsageError."""
        engine, loop = Engine(self.settings, self.database, self.clock, self.note), asyncio.get_running_loop()
        self.engine = engine
        with web_application(
            self.settings,
            self.database,
            self.clock,
            deliveries=lambda: dict(self.counts.outcomes),
            messages=lambda: dict(self.signal_counts.outcomes),
            listeners=(lambda _app: _set(loop, engine.woken),),
        ) as web:
            may_bind(self.settings, web.dependencies.current.app)
            commit = GroupCommit(self.database.url, engine.woken.set)
            expected = _expected(web.dependencies.current, self.settings)
            desk = SignalDesk(SignalEvents(self.database), self.settings.sources.sender_secrets, self.clock.now)
            signals = SignalIntake(web.app, desk, engine.woken.set, _log_refused_message, self.signal_counts)
            intake = Intake(signals, commit.put, expected, self.clock.now, _log_refusal, self.counts)
            server = _Server(_config(self.settings, PublicPath(intake, self.settings.path)))
            tasks = [
                asyncio.create_task(commit.run()),
                asyncio.create_task(server.serve(sockets=[listening])),
                asyncio.create_task(self._watch(web.dependencies.alarm, stop)),
            ]
            while not server.started and not tasks[1].done():  # noqa: ASYNC110 -- uvicorn has no event for this
                await asyncio.sleep(0.01)
            self._print_addresses(web)
            return await self._until(stop, engine, server, tasks)

    async def _until(
        self, stop: asyncio.Event, engine: Engine, server: _Server, tasks: "list[asyncio.Task[None]]"
    ) -> bool:
        working = asyncio.create_task(engine.run(stop))
        stopped = asyncio.create_task(stop.wait())
        # Whatever ends first ends the process: it is better restarted than running without one of its tasks.
        await asyncio.wait({working, stopped, *tasks}, return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        # Deliveries stop first: acknowledged ones are stored, and GitHub sends the others again.
        server.should_exit = True
        await asyncio.wait({tasks[1]})
        ended = await working
        for task in (*tasks, stopped):
            task.cancel()
        for result in await asyncio.gather(*tasks, stopped, return_exceptions=True):
            if isinstance(result, Exception):
                raise result
        return ended

    async def _watch(self, alarm: Alarm, stop: asyncio.Event) -> None:
        while not stop.is_set():
            await asyncio.to_thread(alarm.tick, self.clock.now())
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), ALARM_SECONDS)

    def _print_addresses(self, web: WebApplication) -> None:
        self.say(f"reassay listens on {self.settings.base_url}")
        if web.address:
            self.say(set_up_words(web.address, self.settings))


def set_up_words(address: str, settings: HostingSettings) -> str:
    """Lines for the console with the address of the set-up page, which is set apart from the log around it."""
    lines = ["", "No App is set up yet. Open this address in a browser, once:", "", f"  {address}", ""]
    if not settings.public_url:
        tunnel = f"ssh -L {settings.port}:127.0.0.1:{settings.port} THIS-MACHINE"
        lines += [f"From another machine, run there first: {tunnel}", ""]
    return "\n".join(lines)


def _set(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> None:
    loop.call_soon_threadsafe(event.set)


def _expected(current: CurrentApp, settings: HostingSettings) -> Callable[[], ExpectedSender]:
    def now() -> ExpectedSender:
        app = current.app
        if app is None:
            return ExpectedSender()
        secrets = (app.webhook_secret, settings.previous_webhook_secret)
        return ExpectedSender(app.id, tuple(secret.encode() for secret in secrets if secret))

    return now


def _log_refusal(delivery: str, status: int, why: str) -> None:
    LOG.warning("delivery refused: %s", why, extra={"delivery": delivery, "status": status})


def _log_refused_message(status: int, why: str) -> None:
    LOG.warning("message of a monitoring tool refused: %s", why, extra={"status": status})


def _config(settings: HostingSettings, application: PublicPath) -> uvicorn.Config:
    return uvicorn.Config(
        application,
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
    """A bound socket for `host` and `port`. Raises UsageError if the address is in use or invalid."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        listening.close()
        message = f"{settings.host}:{settings.port} cannot be used ({error.strerror})."
        raise UsageError(
            message, where="--port", remedy="Stop the program that listens there, or use another --port."
        ) from error
    return listening


def until_signalled(act: "Callable[[asyncio.Event], asyncio.Future[bool] | object]") -> bool:
    """Runs `act` with an event that SIGTERM and SIGINT set. A second signal ends the process at once."""

    async def main() -> bool:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()

        def on_signal(number: int) -> None:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)
            LOG.info("stopping: running jobs are finished first")
            stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, on_signal, number)
        return bool(await act(stop))  # type: ignore[misc] # a coroutine

    return asyncio.run(main())
