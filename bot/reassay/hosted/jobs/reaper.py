"""Jobs that nobody works on any more are deferred anew: their worker died, was told to stop, or lost the database.

Each step can be the last one of this process: a job is first finished as failed, then deferred anew, then deleted.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from procrastinate import sql
from procrastinate.jobs import Job as EngineJob

from reassay.hosted.database.database import Database
from reassay.hosted.jobs.queue import QUEUE, RECONCILE, WAKE, JobQueue, Order, job_of, typed_errors
from reassay.hosted.jobs.runner import Job
from reassay.hosted.jobs.worker import PUT_BACK_SECONDS, STALLED_SECONDS

RETAINED_HOURS = 24
_DELETE = "delete from procrastinate_jobs where id = %s and status in ('failed', 'aborted')"
_WORKERS = "select procrastinate_prune_stalled_workers_v1(%s)"
ENDED = ("failed", "aborted")


@dataclass(frozen=True, slots=True)
class Reaper:
    """Any number of processes may run it: what one of them has dealt with, the next one does not find."""

    database: Database
    queue: JobQueue
    lost: Callable[[Job, bool], None]
    """Sees to a job whose run did not end; the second value says whether that counts as a failure of its subject."""

    def run(self, stalled_seconds: float = STALLED_SECONDS) -> int:
        """How many jobs were deferred anew. Raises DatabaseError."""
        with typed_errors():
            for each in self._stalled(stalled_seconds):
                self._finish(each)
            self.database.run(_WORKERS, (stalled_seconds,))
            ended = [each for status in ENDED for each in self._listed(status)]
        return sum(self._anew(each) for each in ended)

    def forget(self) -> None:
        """Deletes what ended long ago. Raises DatabaseError."""
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
        """Never by the engine's own retry: that would be refused, for good, where the same subject waits already."""
        # Where another process was faster, or the job has ended meanwhile, there is nothing to finish.
        self.database.rows(
            "select procrastinate_finish_job_v1(id, 'failed', false) from procrastinate_jobs"
            " where id = %s and status = 'doing' for update skip locked",
            (job.id,),
        )

    def _anew(self, job: EngineJob) -> bool:
        arguments: dict[str, Any] = dict(job.task_kwargs)
        known = job_of(arguments) if job.task_name == RECONCILE else None
        if known is not None:
            self.lost(known, job.status == "failed")
        else:
            # What to wake, or something that only a newer worker knows: as it is.
            order = Order(job.lock, job.queueing_lock, arguments, job.priority, job.task_name)
            if job.task_name == WAKE:
                self.queue.put(order)
            else:
                self.queue.put_later(order, PUT_BACK_SECONDS)
        return self.database.run(_DELETE, (job.id,)) == 1
