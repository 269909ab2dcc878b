"""The worker of one process: runs jobs until it is stopped, and reconnects if the database is restarted."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import psycopg
from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ProcrastinateException

from reassay.hosted.jobs.queue import QUEUE, RECONCILE, SOON, WAKE, StoredJob, job_of, packed, unpacked
from reassay.hosted.rules.backoff import delay
from reassay.hosted.rules.subject import Job

HEARTBEAT_SECONDS = 10.0
GRACE_SECONDS = 20.0
"""Time that running jobs have to end once the worker is stopped. The worker sends no heartbeat in that time."""
STALLED_SECONDS = 60.0
"""A worker without a heartbeat for this long counts as dead; longer than one interval and the grace together."""
PUT_BACK_SECONDS = 60.0
"""Delay of a job that only a newer worker can run."""
OPEN_SECONDS = 10.0


@dataclass(slots=True)
class Worker:
    """A Procrastinate worker with a thread pool."""

    url: str = field(repr=False)
    act: Callable[[Job], object]
    """Runs a job and acts on its outcome; called in a thread."""
    concurrency: int = 2
    note: Callable[[str, Exception | None], None] = lambda _what, _error: None
    """Called when the database cannot be reached."""
    running: int = 0
    """Number of jobs that run now."""
    taken: int = 0
    """Number of jobs that were started."""
    _threads: ThreadPoolExecutor = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._threads = ThreadPoolExecutor(max_workers=max(1, self.concurrency), thread_name_prefix="job")

    async def run(self, stop: asyncio.Event) -> bool:
        """Runs until `stop` is set. False if a job did not end in time: the process should then exit without waiting.

        The reaper defers such a job again, and its next run sees what the first one has done.
        """
        failures = 0
        while not stop.is_set():
            try:
                async with self._app() as app:
                    failures = 0
                    await self._serve(app, stop)
            except (ProcrastinateException, psycopg.Error, OSError) as error:
                failures += 1
                self.note("cannot reach the database; trying again", error)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), delay(failures, "worker"))
        self._threads.shutdown(wait=False, cancel_futures=True)
        return self.running == 0

    async def run_waiting(self) -> None:
        """Runs every job that is ready, then returns; for tests. Raises errors of Procrastinate and psycopg."""
        async with self._app() as app:
            taken = -1
            while taken != self.taken:
                # A job that waited for another job of its repository is ready only once that has ended.
                taken = self.taken
                await app.run_worker_async(**self._options(), wait=False, listen_notify=False)

    async def _serve(self, app: App, stop: asyncio.Event) -> None:
        worker = asyncio.create_task(app.run_worker_async(**self._options()))
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({worker, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not worker.done():
            # The worker takes no more jobs, waits for running ones, and cancels those that take longer than the grace.
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
            # Failed jobs stay until the reaper has deferred them again.
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
        """Defers a job of a newer version unchanged, for a newer worker."""
        own = context.job
        job = StoredJob(own.lock, own.queueing_lock, arguments, own.priority, own.task_name)
        deferrer = context.app.configure_task(
            WAKE,
            queue=QUEUE,
            queueing_lock=f"wake:{job.queueing_lock}",
            schedule_in={"seconds": PUT_BACK_SECONDS},
            priority=SOON,
        )
        with contextlib.suppress(AlreadyEnqueued):
            await deferrer.defer_async(**packed(job))

    async def _wake(self, context: JobContext, /, **arguments: Any) -> None:  # noqa: ANN401 -- JSON, read at once
        self.taken += 1
        job = unpacked(arguments)
        deferrer = context.app.configure_task(
            job.task, queue=QUEUE, lock=job.lock, queueing_lock=job.queueing_lock, priority=job.priority
        )
        with contextlib.suppress(AlreadyEnqueued):
            await deferrer.defer_async(**job.arguments)
