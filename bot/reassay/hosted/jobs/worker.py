"""The worker of a process, which runs jobs until it is stopped and reconnects if the database is restarted."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import psycopg
from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ProcrastinateException

from reassay.common.clock import Clock
from reassay.common.errors import ReassayError, UnavailableError
from reassay.hosted.jobs.dead_letters import DeadLetters
from reassay.hosted.jobs.job_runs import JobRuns
from reassay.hosted.jobs.queue import NOW, QUEUE, RECONCILE, SOON, WAKE, JobQueue, StoredJob, job_of, packed, unpacked
from reassay.hosted.jobs.reconcile import JobDone, JobOutcome, NothingToDo, RateLimited, RetryLater
from reassay.hosted.rules.backoff import MOST_FAILURES, after_limit, delay
from reassay.hosted.rules.subject import Job

TRIES = 5
"""How often deferring a retry is tried while the database is down; after that, the next event or sweep defers the job."""


@dataclass(frozen=True, slots=True)
class JobRunner:
    """Runs jobs, in any number of threads."""

    reconcile: Callable[[Job], JobOutcome]
    queue: JobQueue
    letters: DeadLetters
    runs: JobRuns
    clock: Clock
    note: Callable[[Job, JobOutcome, Exception | None], None]
    """Called with each outcome, for logs and counters."""

    def run(self, job: Job) -> JobOutcome:
        """The outcome, after it was acted on. Raises DatabaseError only, if the database stays down."""
        fault: Exception | None = None
        try:
            outcome = self.reconcile(job)
        except ReassayError as error:
            # An unavailable database is not a failure of this subject.
            outcome, fault = RetryLater(str(error), counts=not isinstance(error, UnavailableError)), error
        except Exception as error:  # noqa: BLE001 -- whatever one register causes, other jobs are run
            outcome, fault = RetryLater(f"a bug in reassay: {type(error).__name__}: {error}", counts=True), error
        self.note(job, outcome, fault)
        # What another worker has taken over meanwhile ends there.
        self._with_retries(lambda: self._act_on(job, outcome) if self.queue.holds(job) else None)
        return outcome

    def lost(self, job: Job, counts: bool) -> None:  # noqa: FBT001 -- the reaper's signature
        """Acts on a job whose process died or was stopped. A job that kills every worker becomes a dead letter."""
        why = "the process that ran it died" if counts else "the process that ran it was stopped"
        self._retry(
            replace(job, attempt=job.attempt + 1, failures=job.failures + counts), why, None if counts else 0.0, counts
        )

    def _act_on(self, job: Job, outcome: JobOutcome) -> None:
        failure = failure_of(outcome)
        if failure is not None:
            self.runs.failed(job.subject.repository, failure)
        elif isinstance(outcome, JobDone):
            self.runs.succeeded(job.subject.repository)
        match outcome:
            case JobDone() | NothingToDo():
                self.letters.settled(job.subject)
            case RateLimited(until=until):
                self.queue.wake(job, after_limit((until - self.clock.now()).total_seconds(), job.name))
            case RetryLater(counts=counts, why=why, seconds=seconds):
                self._retry(replace(job, attempt=job.attempt + 1, failures=job.failures + counts), why, seconds, counts)

    def _retry(self, job: Job, why: str, seconds: float | None, counts: bool) -> None:  # noqa: FBT001 -- a field of the outcome
        if counts and (job.failures >= MOST_FAILURES or self.letters.is_buried(job.subject)):
            self.letters.bury_job(job.subject, why, self.clock.now())
        else:
            self.queue.wake(job, delay(job.attempt, job.name) if seconds is None else seconds)

    def _with_retries(self, act: Callable[[], None]) -> None:
        for attempt in range(1, TRIES):
            try:
                act()
            except UnavailableError:
                self.clock.sleep(delay(attempt, "database"))
            else:
                return
        act()


def failure_of(outcome: JobOutcome) -> str | None:
    """Why a run did nothing of what it was to do; None if it did, or only has to wait."""
    match outcome:
        case RetryLater(why=why, counts=counts, is_unavailable=is_unavailable) if counts or is_unavailable:
            return why
        case _:
            return None


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
    poll_seconds: float = 5.0
    """How often it looks for jobs of which no notification came: those that waited for another job of their repository."""
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
            "fetch_job_polling_interval": self.poll_seconds,
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
        run = replace(job, run=context.job.id)
        await asyncio.get_running_loop().run_in_executor(self._threads, self._act, run)

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
        now = (await context.app.connector.execute_query_one_async(query=NOW))["now"]
        deferrer = context.app.configure_task(
            WAKE,
            queue=QUEUE,
            queueing_lock=f"wake:{job.queueing_lock}",
            schedule_at=now + timedelta(seconds=PUT_BACK_SECONDS),
            priority=SOON,
        )
        with contextlib.suppress(AlreadyEnqueued):
            await deferrer.defer_async(**packed(job, PUT_BACK_SECONDS))

    async def _wake(self, context: JobContext, /, **arguments: Any) -> None:  # noqa: ANN401 -- JSON, read at once
        self.taken += 1
        job = unpacked(arguments)
        deferrer = context.app.configure_task(
            job.task, queue=QUEUE, lock=job.lock, queueing_lock=job.queueing_lock, priority=job.priority
        )
        with contextlib.suppress(AlreadyEnqueued):
            await deferrer.defer_async(**job.arguments)
