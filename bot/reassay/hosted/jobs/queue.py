"""Where jobs wait: one for each subject, whatever number of events asked for it, and one at a time for each repository.

No job is ever retried by the engine: with a queueing lock that wedges a subject for good once an event came while its job
failed. A job that has to come again is put back by a second task, `wake`, which waits without a lock of its own: a delayed
job with one would be in the way of every later job of its repository.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from procrastinate import App, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException

from reassay.hosted.database.database import Database, unavailable
from reassay.hosted.jobs.runner import Job
from reassay.hosted.rules.subject import Subject

QUEUE = "reassay"
"""A task that older workers do not know needs a queue of its own: they would take its jobs and fail them."""
RECONCILE, WAKE = "reassay.reconcile", "reassay.wake"
VERSION = 1
"""Of the arguments. Goes up when an older worker could not do what they say; it then puts such a job back."""
PRIORITY = {"group": 20, "pull": 20, "issue": 10, "repository": 0}
"""Somebody waits for a verdict; a sweep can wait."""
SOON = 100
"""Waking takes a millisecond."""
_SCHEMA_LOCK = 7_263_552_009_141_002


@dataclass(frozen=True, slots=True)
class Order:
    """A job as the engine stores it; arguments and locks that a newer version wrote are handed on as they are."""

    lock: str | None
    queueing_lock: str | None
    arguments: Mapping[str, Any]
    priority: int = 0
    task: str = RECONCILE


def order_of(job: Job) -> Order:
    """What is stored of an attempt."""
    subject = job.subject
    arguments = {
        "v": VERSION,
        "repository": subject.repository,
        "subject": subject.text,
        "attempt": job.attempt,
        "failures": job.failures,
    }
    return Order(str(subject.repository), job.name, arguments, PRIORITY[subject.kind])


def job_of(arguments: Mapping[str, Any]) -> Job | None:
    """None for what this version does not know: a newer one has written it."""
    if arguments.get("v") != VERSION:
        return None
    subject = Subject.read(int(arguments["repository"]), str(arguments["subject"]))
    if subject is None:
        return None
    return Job(subject, int(arguments.get("attempt", 0)), int(arguments.get("failures", 0)))


@dataclass(frozen=True, slots=True)
class JobQueue:
    """For threads; satisfies `services.hosting.run_job.Queue`. Raises DatabaseError."""

    app: App

    @staticmethod
    def on(database: Database) -> "JobQueue":
        """Uses the same connections as everything else."""
        app = App(connector=SyncPsycopgConnector())
        app.open(database.pool)
        return JobQueue(app)

    def defer(self, subjects: Iterable[Subject]) -> int:
        """As soon as possible; how many were not waiting already."""
        return sum(self.put(order_of(Job(subject))) for subject in subjects)

    def wake(self, job: Job, seconds: float) -> None:
        """In so many seconds, without being in the way of others until then."""
        self.put_later(order_of(job), seconds)

    def put(self, order: Order) -> bool:
        """False if the same was waiting already, which is just as well."""
        deferrer = self.app.configure_task(
            order.task, queue=QUEUE, lock=order.lock, queueing_lock=order.queueing_lock, priority=order.priority
        )
        try:
            with typed_errors():
                deferrer.defer(**order.arguments)
        except AlreadyEnqueued:
            return False
        return True

    def put_later(self, order: Order, seconds: float) -> bool:
        """False if the same is to be woken already."""
        deferrer = self.app.configure_task(
            WAKE,
            queue=QUEUE,
            queueing_lock=f"wake:{order.queueing_lock}",
            schedule_in={"seconds": max(0.0, seconds)},
            priority=SOON,
        )
        try:
            with typed_errors():
                deferrer.defer(**packed(order))
        except AlreadyEnqueued:
            return False
        return True


def packed(order: Order) -> dict[str, Any]:
    """Arguments of `wake`."""
    return {
        "task": order.task,
        "lock": order.lock,
        "queueing_lock": order.queueing_lock,
        "priority": order.priority,
        "arguments": dict(order.arguments),
    }


def unpacked(arguments: Mapping[str, Any]) -> Order:
    """What is to be deferred."""
    return Order(
        lock=arguments["lock"],
        queueing_lock=arguments["queueing_lock"],
        arguments=arguments["arguments"],
        priority=int(arguments.get("priority", 0)),
        task=str(arguments["task"]),
    )


@contextmanager
def typed_errors() -> Iterator[None]:
    """Raises DatabaseError instead of the engine's and the driver's own."""
    try:
        yield
    except AlreadyEnqueued:
        raise
    except (ConnectorException, psycopg.Error) as error:
        raise unavailable(error.__cause__ if isinstance(error.__cause__, Exception) else error) from error


def prepare(database: Database) -> bool:
    """Makes the engine's tables where there are none; by one process at a time. Raises DatabaseError."""
    schema = App(connector=SyncPsycopgConnector()).schema_manager.get_schema()
    with database.transaction() as connection:
        connection.execute("select pg_advisory_xact_lock(%s)", (_SCHEMA_LOCK,))
        there = connection.execute("select to_regclass('procrastinate_jobs')").fetchone()
        if there and there[0] is not None:
            return False
        connection.execute(schema.encode())
    return True
