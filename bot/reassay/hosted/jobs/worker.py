"""The worker: takes jobs as long as it is not told to stop, and outlives a database that is restarted."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import psycopg
from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ProcrastinateException

from reassay.hosted.jobs.queue import QUEUE, RECONCILE, SOON, WAKE, Order, job_of, packed, unpacked
from reassay.hosted.jobs.runner import Job
from reassay.hosted.rules.backoff import delay

HEARTBEAT_SECONDS = 10.0
GRACE_SECONDS = 20.0
"""So long running jobs may take to end once the worker is told to stop. No heart beats meanwhile."""
STALLED_SECONDS = 60.0
"""A worker is dead whose heart has not beaten for so long; more than a beat and the grace together."""
PUT_BACK_SECONDS = 60.0
"""Until a job comes again that only a newer worker understands."""
OPEN_SECONDS = 10.0


@dataclass(slots=True)
class Worker:
    """One for each process."""

    url: str = field(repr=False)
    act: Callable[[Job], object]
    """Runs a job in a thread, and sees to what follows from it."""
    concurrency: int = 2
    note: Callable[[str, Exception | None], None] = lambda _what, _error: None
    """Told when the database went away, and when it is back."""
    running: int = 0
    """Threads that are at work on a job."""
    taken: int = 0
    """Jobs that were begun."""
    _threads: ThreadPoolExecutor = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._threads = ThreadPoolExecutor(max_workers=max(1, self.concurrency), thread_name_prefix="job")

    async def run(self, stop: asyncio.Event) -> bool:
        """Until told to stop. False if a job did not end in time: the process should then end without waiting for it.

        Such a job is deferred anew by the reaper, and whatever it has done by then is found by the next run.
        """
        failures = 0
        while not stop.is_set():
            try:
                async with self._app() as app:
                    failures = 0
                    await self._serve(app, stop)
            except (ProcrastinateException, psycopg.Error, OSError) as error:
                failures += 1
                self.note("the database does not answer; trying again", error)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), delay(failures, "worker"))
        self._threads.shutdown(wait=False, cancel_futures=True)
        return self.running == 0

    async def run_waiting(self) -> None:
        """Whatever can be run now, until nothing is left. Raises what the database does."""
        async with self._app() as app:
            taken = -1
            while taken != self.taken:
                # A job that waited for another one of its repository is there only once that has ended.
                taken = self.taken
                await app.run_worker_async(**self._options(), wait=False, listen_notify=False)

    async def _serve(self, app: App, stop: asyncio.Event) -> None:
        worker = asyncio.create_task(app.run_worker_async(**self._options()))
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({worker, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not worker.done():
            # Takes no more jobs, waits for those that run, and cancels what takes longer than the grace.
            worker.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await worker

    def _options(self) -> Any:  # noqa: ANN401 -- keyword arguments of the engine
        return {
            "queues": [QUEUE],
            "concurrency": self.concurrency,
            "install_signal_handlers": False,
            "shutdown_graceful_timeout": GRACE_SECONDS,
            "update_heartbeat_interval": HEARTBEAT_SECONDS,
            "stalled_worker_timeout": STALLED_SECONDS,
            # What went well is of no more use; what did not stays until the reaper has seen to it.
            "delete_jobs": "successful",
        }

    @contextlib.asynccontextmanager
    async def _app(self) -> AsyncIterator[App]:
        connector = PsycopgConnector(
            conninfo=self.url, min_size=1, max_size=self.concurrency + 3, timeout=OPEN_SECONDS, name="reassay-jobs"
        )
        app = App(connector=connector)
        app.task(name=RECONCILE, queue=QUEUE, pass_context=True)(self._reconcile)
        app.task(name=WAKE, queue=QUEUE, pass_context=True)(self._wake)
        async with app.open_async():
            yield app

    async def _reconcile(self, context: JobContext, /, **arguments: Any) -> None:  # noqa: ANN401 -- JSON, read at once
        self.taken += 1
        job = job_of(arguments)
        if job is None:
            await self._put_back(context, arguments)
            return
        await asyncio.get_running_loop().run_in_executor(self._threads, self._act, job)

    def _act(self, job: Job) -> None:
        self.running += 1
        try:
            self.act(job)
        finally:
            self.running -= 1

    async def _put_back(self, context: JobContext, arguments: dict[str, Any]) -> None:
        """As it is: a newer worker knows what it means."""
        own = context.job
        order = Order(own.lock, own.queueing_lock, arguments, own.priority, own.task_name)
        deferrer = context.app.configure_task(
            WAKE,
            queue=QUEUE,
            queueing_lock=f"wake:{order.queueing_lock}",
            schedule_in={"seconds": PUT_BACK_SECONDS},
            priority=SOON,
        )
        with contextlib.suppress(AlreadyEnqueued):
            await deferrer.defer_async(**packed(order))

    async def _wake(self, context: JobContext, /, **arguments: Any) -> None:  # noqa: ANN401 -- JSON, read at once
        self.taken += 1
        order = unpacked(arguments)
        deferrer = context.app.configure_task(
            order.task, queue=QUEUE, lock=order.lock, queueing_lock=order.queueing_lock, priority=order.priority
        )
        with contextlib.suppress(AlreadyEnqueued):
            await deferrer.defer_async(**order.arguments)
