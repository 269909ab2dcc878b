"""Defers jobs again whose worker died, was stopped, or lost the database.

A process may die after any step: a job is first finished as failed, then deferred again, then deleted.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from procrastinate import sql
from procrastinate.jobs import Job as EngineJob

from reassay.hosted.database.database import Database
from reassay.hosted.jobs.queue import QUEUE, RECONCILE, WAKE, JobQueue, StoredJob, job_of, typed_errors
from reassay.hosted.jobs.worker import PUT_BACK_SECONDS, STALLED_SECONDS
from reassay.hosted.rules.clock_steps import SKEW
from reassay.hosted.rules.subject import Job

RETAINED_HOURS = 24
_DELETE = "delete from procrastinate_jobs where id = %s and status in ('failed', 'aborted')"
_WORKERS = "select procrastinate_prune_stalled_workers_v1(%s)"
# By the clock of the database, which may have been ahead when these were stored.
_BEATS = (
    "update procrastinate_workers set last_heartbeat = now() where last_heartbeat > now() + %s * interval '1 second'"
)
_WAITS = """
update procrastinate_jobs set scheduled_at = now()
where queue_name = %s and status = 'todo'
  and scheduled_at > now() + (coalesce((args->>'seconds')::float, %s) + %s) * interval '1 second'
"""
LONGEST_WAIT_SECONDS = 3_700.0
"""A job waits for a rate limit at most; for one whose own wait an older version did not store."""
ENDED = ("failed", "aborted")


@dataclass(frozen=True, slots=True)
class Reaper:
    """May run in any number of processes: a job that one of them has handled is not found by the others."""

    database: Database
    queue: JobQueue
    lost: Callable[[Job, bool], None]
    """Called with a job whose run did not end, and with whether that counts as a failure of its subject."""

    def run(self, stalled_seconds: float = STALLED_SECONDS) -> int:
        """Number of jobs that were deferred again. Raises DatabaseError."""
        self._put_right()
        with typed_errors():
            for job in self._stalled(stalled_seconds):
                self._finish(job)
            self.database.run(_WORKERS, (stalled_seconds,))
            ended = [job for status in ENDED for job in self._listed(status)]
        return sum(self._defer_again(job) for job in ended)

    def _put_right(self) -> None:
        """Makes good for a clock of the database that was ahead: jobs would wait for it, and dead workers count as alive.

        A living worker's next heartbeat is a right one.
        """
        skew = SKEW.total_seconds()
        self.database.run(_BEATS, (skew,))
        self.database.run(_WAITS, (QUEUE, LONGEST_WAIT_SECONDS, skew))

    def forget(self) -> None:
        """Deletes jobs that succeeded or were cancelled more than `RETAINED_HOURS` ago. Raises DatabaseError."""
        with typed_errors():
            self.queue.app.connector.execute_query(
                query=sql.queries["delete_old_jobs"],
                nb_hours=RETAINED_HOURS,
                queue=QUEUE,
                statuses=["succeeded", "cancelled"],
            )

    def _stalled(self, seconds: float) -> list[EngineJob]:
        rows = self.queue.app.connector.execute_query_all(
            query=sql.queries["select_stalled_jobs_by_heartbeat"],
            queue=QUEUE,
            task_name=None,
            seconds_since_heartbeat=seconds,
        )
        return [EngineJob.from_row(row) for row in rows]

    def _listed(self, status: str) -> Iterable[EngineJob]:
        return self.queue.app.job_manager.list_jobs(queue=QUEUE, status=status)

    def _finish(self, job: EngineJob) -> None:
        """Finishes a stalled job as failed, unless it ended meanwhile or another process finishes it.

        Procrastinate's retry would be refused forever if the same subject is waiting already.
        """
        self.database.rows(
            "select procrastinate_finish_job_v1(id, 'failed', false) from procrastinate_jobs"
            " where id = %s and status = 'doing' for update skip locked",
            (job.id,),
        )

    def _defer_again(self, job: EngineJob) -> bool:
        arguments: dict[str, Any] = dict(job.task_kwargs)
        own = job_of(arguments) if job.task_name == RECONCILE else None
        if own is not None:
            self.lost(own, job.status == "failed")
        else:
            # A `wake`, or a job of a newer version: deferred unchanged.
            same = StoredJob(job.lock, job.queueing_lock, arguments, job.priority, job.task_name)
            if job.task_name == WAKE:
                self.queue.put(same)
            else:
                self.queue.put_later(same, PUT_BACK_SECONDS)
        return self.database.run(_DELETE, (job.id,)) == 1
