"""Runs a job and acts on its outcome: it is finished, retried later, or becomes a dead letter."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from reassay.common.clock import Clock
from reassay.common.errors import ReassayError, UnavailableError
from reassay.hosted.dead_letters import DeadLetters
from reassay.hosted.jobs.queue import JobQueue
from reassay.hosted.jobs.reconcile import JobDone, JobOutcome, NothingToDo, RateLimited, RetryLater
from reassay.hosted.rules.backoff import MOST_FAILURES, after_limit, delay
from reassay.hosted.rules.subject import Job, JobSubject

TRIES = 5
"""How often deferring a retry is tried while the database is down; after that, the next event or sweep defers the job."""


@dataclass(frozen=True, slots=True)
class JobRunner:
    """Runs jobs, in any number of threads."""

    reconcile: Callable[[JobSubject], JobOutcome]
    queue: JobQueue
    letters: DeadLetters
    clock: Clock
    note: Callable[[Job, JobOutcome, Exception | None], None]
    """Called with each outcome, for logs and counters."""

    def run(self, job: Job) -> JobOutcome:
        """The outcome, after it was acted on. Raises DatabaseError only, if the database stays down."""
        fault: Exception | None = None
        try:
            outcome = self.reconcile(job.subject)
        except ReassayError as error:
            # An unavailable database is not a failure of this subject.
            outcome, fault = RetryLater(str(error), counts=not isinstance(error, UnavailableError)), error
        except Exception as error:  # noqa: BLE001 -- whatever one register causes, other jobs are run
            outcome, fault = RetryLater(f"a bug in reassay: {type(error).__name__}: {error}", counts=True), error
        self.note(job, outcome, fault)
        self._with_retries(lambda: self._act_on(job, outcome))
        return outcome

    def lost(self, job: Job, counts: bool) -> None:  # noqa: FBT001 -- the reaper's signature
        """Acts on a job whose process died or was stopped. A job that kills every worker becomes a dead letter."""
        why = "the process that ran it died" if counts else "the process that ran it was stopped"
        self._retry(
            replace(job, attempt=job.attempt + 1, failures=job.failures + counts), why, None if counts else 0.0, counts
        )

    def _act_on(self, job: Job, outcome: JobOutcome) -> None:
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
