"""What follows from a job's outcome: it is over, it comes again later, or a person has to look."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from reassay.common.errors import ReassayError, UnavailableError
from reassay.hosted.jobs.reconcile import Done, Gone, Later, LimitedUntil, Outcome
from reassay.hosted.rules.backoff import MOST_FAILURES, after_limit, delay
from reassay.hosted.rules.subject import Subject
from reassay.sweep.ports import Clock

TRIES = 5
"""How often it is tried to put a job back before that is left to the next event or sweep."""


@dataclass(frozen=True, slots=True)
class Job:
    """One attempt at a subject."""

    subject: Subject
    attempt: int = 0
    """How many went before it in a row."""
    failures: int = 0
    """How many of those count as failures of this subject."""

    @property
    def name(self) -> str:
        """Of the subject, among all."""
        return f"{self.subject.repository}/{self.subject.text}"


class Queue(Protocol):
    """Where jobs wait."""

    def defer(self, subjects: Iterable[Subject]) -> int:
        """As soon as possible; how many were not waiting already."""
        ...

    def wake(self, job: Job, seconds: float) -> None:
        """In so many seconds, without being in the way of others until then."""
        ...


class Letters(Protocol):
    """Subjects that failed too often."""

    def bury(self, subject: Subject, reason: str, now: datetime) -> None:
        """A person has to look."""
        ...

    def is_buried(self, subject: Subject) -> bool:
        """Whether a person has to look."""
        ...

    def settled(self, subject: Subject) -> None:
        """There is nothing to look at any more."""
        ...


@dataclass(frozen=True, slots=True)
class Runner:
    """Runs jobs and sees to what follows. `note` is told each outcome, for logs and counters."""

    reconcile: Callable[[Subject], Outcome]
    queue: Queue
    letters: Letters
    clock: Clock
    note: Callable[[Job, Outcome, Exception | None], None]

    def run(self, job: Job) -> Outcome:
        """The outcome, with what follows from it done. Raises only if the database stays away."""
        fault: Exception | None = None
        try:
            outcome = self.reconcile(job.subject)
        except ReassayError as error:
            # What the database cannot do is no failure of this subject, and will be possible again.
            outcome, fault = Later(str(error), counts=not isinstance(error, UnavailableError)), error
        except Exception as error:  # noqa: BLE001 -- whatever a register makes this program do, the others go on
            outcome, fault = Later(f"a fault of this program: {type(error).__name__}: {error}", counts=True), error
        self.note(job, outcome, fault)
        self._patiently(lambda: self._follow(job, outcome))
        return outcome

    def lost(self, job: Job, counts: bool) -> None:  # noqa: FBT001 -- as the reaper says
        """Sees to a job whose run did not end. What kills every worker that takes it is a dead letter in the end."""
        why = "the process that ran it died" if counts else "the process that ran it was told to stop"
        self._again(
            replace(job, attempt=job.attempt + 1, failures=job.failures + counts), why, None if counts else 0.0, counts
        )

    def _follow(self, job: Job, outcome: Outcome) -> None:
        match outcome:
            case Done() | Gone():
                self.letters.settled(job.subject)
            case LimitedUntil(at=at):
                self.queue.wake(job, after_limit((at - self.clock.now()).total_seconds(), job.name))
            case Later(counts=counts, why=why, seconds=seconds):
                self._again(replace(job, attempt=job.attempt + 1, failures=job.failures + counts), why, seconds, counts)

    def _again(self, job: Job, why: str, seconds: float | None, counts: bool) -> None:  # noqa: FBT001 -- one of the outcome's own
        if counts and (job.failures >= MOST_FAILURES or self.letters.is_buried(job.subject)):
            self.letters.bury(job.subject, why, self.clock.now())
        else:
            self.queue.wake(job, delay(job.attempt, job.name) if seconds is None else seconds)

    def _patiently(self, act: Callable[[], None]) -> None:
        for attempt in range(1, TRIES):
            try:
                act()
            except UnavailableError:
                self.clock.sleep(delay(attempt, "database"))
            else:
                return
        act()
