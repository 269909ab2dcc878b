"""The queue: at most one waiting job for each subject, and at most one running job for each repository.

Procrastinate's own retry is not used: with a queueing lock it blocks a subject forever if an event arrives while the job
fails. A retry is a second task, `wake`, which waits without a lock and then defers the job: a delayed job with a lock
would block all later jobs of its repository.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg
from procrastinate import App, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException

from reassay.hosted.database.database import Database, unavailable
from reassay.hosted.rules.subject import Job, JobSubject

QUEUE = "reassay"
"""A new task needs another queue, since older workers would take its jobs from this one and fail them."""
RECONCILE, WAKE = "reassay.reconcile", "reassay.wake"
VERSION = 1
"""Version of the arguments. To be raised when older workers cannot run the new ones; they put such a job back."""
PRIORITY = {"group": 20, "pull": 20, "issue": 10, "repository": 0}
"""People wait for verdicts; nobody waits for a sweep."""
SOON = 100
"""Priority of `wake`, which takes a millisecond."""
NOW = "select now() as now"
HELD = "select exists (select from procrastinate_jobs where id = %(run)s and status in ('doing', 'aborting')) as held"
_SCHEMA_LOCK = 7_263_552_009_141_002


@dataclass(frozen=True, slots=True)
class StoredJob:
    """A job as Procrastinate stores it. Arguments and locks of newer versions are passed on unchanged."""

    lock: str | None
    queueing_lock: str | None
    arguments: Mapping[str, Any]
    priority: int = 0
    task: str = RECONCILE


def stored(job: Job) -> StoredJob:
    """The stored form of a job."""
    subject = job.subject
    arguments = {
        "v": VERSION,
        "repository": subject.repository,
        "subject": subject.text,
        "attempt": job.attempt,
        "failures": job.failures,
    }
    return StoredJob(str(subject.repository), job.name, arguments, PRIORITY[subject.kind])


def job_of(arguments: Mapping[str, Any]) -> Job | None:
    """The job of stored arguments; None if a newer version wrote them."""
    if arguments.get("v") != VERSION:
        return None
    subject = JobSubject.read(int(arguments["repository"]), str(arguments["subject"]))
    if subject is None:
        return None
    return Job(subject, int(arguments.get("attempt", 0)), int(arguments.get("failures", 0)))


@dataclass(frozen=True, slots=True)
class JobQueue:
    """Defers jobs, from any thread. Methods raise DatabaseError."""

    app: App

    @staticmethod
    def on(database: Database) -> "JobQueue":
        """A queue that shares the connections of `database`."""
        app = App(connector=SyncPsycopgConnector())
        app.open(database.pool)
        return JobQueue(app)

    def defer(self, subjects: Iterable[JobSubject]) -> int:
        """Defers a job for each subject; returns how many were not waiting already."""
        return sum(self.put(stored(Job(subject))) for subject in subjects)

    def wake(self, job: Job, seconds: float) -> None:
        """Defers a job in so many seconds, without blocking others until then."""
        self.put_later(stored(job), seconds)

    def holds(self, job: Job) -> bool:
        """Whether the run of a job is still its worker's: one that was suspended for long has lost it to another worker."""
        if job.run is None:
            return True
        with typed_errors():
            return bool(self.app.connector.execute_query_one(query=HELD, run=job.run)["held"])

    def put(self, job: StoredJob) -> bool:
        """Defers a job now. False if the same job is waiting already."""
        deferrer = self.app.configure_task(
            job.task, queue=QUEUE, lock=job.lock, queueing_lock=job.queueing_lock, priority=job.priority
        )
        try:
            with typed_errors():
                deferrer.defer(**job.arguments)
        except AlreadyEnqueued:
            return False
        return True

    def put_later(self, job: StoredJob, seconds: float) -> bool:
        """Defers a `wake` of a job. False if one is waiting already."""
        seconds = max(0.0, seconds)
        try:
            with typed_errors():
                # By the clock of the database, which also decides when it is due.
                at = self.app.connector.execute_query_one(query=NOW)["now"] + timedelta(seconds=seconds)
                deferrer = self.app.configure_task(
                    WAKE, queue=QUEUE, queueing_lock=f"wake:{job.queueing_lock}", schedule_at=at, priority=SOON
                )
                deferrer.defer(**packed(job, seconds))
        except AlreadyEnqueued:
            return False
        return True


def packed(job: StoredJob, seconds: float) -> dict[str, Any]:
    """Arguments of a `wake` for a job in so many seconds."""
    return {
        "seconds": seconds,
        "task": job.task,
        "lock": job.lock,
        "queueing_lock": job.queueing_lock,
        "priority": job.priority,
        "arguments": dict(job.arguments),
    }


def unpacked(arguments: Mapping[str, Any]) -> StoredJob:
    """The job that a `wake` defers."""
    return StoredJob(
        lock=arguments["lock"],
        queueing_lock=arguments["queueing_lock"],
        arguments=arguments["arguments"],
        priority=int(arguments.get("priority", 0)),
        task=str(arguments["task"]),
    )


@contextmanager
def typed_errors() -> Iterator[None]:
    """Raises DatabaseError in place of errors of Procrastinate and psycopg."""
    try:
        yield
    except AlreadyEnqueued:
        raise
    except (ConnectorException, psycopg.Error) as error:
        raise unavailable(error.__cause__ if isinstance(error.__cause__, Exception) else error) from error


def prepare(database: Database) -> bool:
    """Creates Procrastinate's tables if they are missing, in one process at a time. Raises DatabaseError."""
    schema = App(connector=SyncPsycopgConnector()).schema_manager.get_schema()
    with database.transaction() as connection:
        connection.execute("select pg_advisory_xact_lock(%s)", (_SCHEMA_LOCK,))
        existing = connection.execute("select to_regclass('procrastinate_jobs')").fetchone()
        if existing and existing[0] is not None:
            return False
        connection.execute(schema.encode())
    return True
