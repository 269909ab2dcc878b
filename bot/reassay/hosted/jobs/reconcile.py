"""Reconciles one subject of a repository: one sweep of it. The outcome is a value."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from reassay.assessment.views.documents import status_document
from reassay.common.clock import Clock
from reassay.common.errors import (
    InvalidCredentialsError,
    LimitError,
    NotAllowedError,
    NotFoundError,
    ReassayError,
    RejectedError,
    RenamedError,
    SpentError,
    StaleHeadError,
    UnavailableError,
)
from reassay.dashboard.branch_update import sweep_with_dashboard
from reassay.github.app_types import HostedRepository
from reassay.hosted.jobs.dashboard_builder import DashboardBuilder
from reassay.hosted.jobs.job_environment import JobEnvironments
from reassay.hosted.jobs.verdict_builder import VerdictBuilder
from reassay.hosted.rate_limits import RateLimits, pause_until
from reassay.hosted.repositories import RepositoryTables
from reassay.hosted.rules.repository import SweepOutcome
from reassay.hosted.rules.subject import Job, JobSubject
from reassay.hosted.rules.sweep_schedule import instants, next_sweep
from reassay.hosted.signal_events import SignalEvents, of_sources
from reassay.sweep.options import Options
from reassay.sweep.report import Report

BUSY_SECONDS = 5.0
"""Seconds until a retry when the installation already runs as many jobs as it may."""
WHOLE = frozenset({"repository", "issue"})
"""Kinds of subjects whose sweep evaluates all cells of the repository."""


@dataclass(frozen=True, slots=True)
class JobDone:
    """The subject is reconciled."""

    report: Report


@dataclass(frozen=True, slots=True)
class RetryLater:
    """The job is to be run again."""

    why: str
    counts: bool
    """Whether this counts as a failure of the subject."""
    seconds: float | None = None
    """Seconds to wait; None: as the back-off says."""
    is_unavailable: bool = field(default=False, compare=False)
    """Whether GitHub gave no answer that could be used: no failure of this subject, but nothing was done."""


@dataclass(frozen=True, slots=True)
class RateLimited:
    """Outcome of a job that GitHub's rate limit stopped: the whole installation pauses."""

    until: datetime
    why: str


@dataclass(frozen=True, slots=True)
class NothingToDo:
    """GitHub does not list the repository for this App, or nothing is in it; a retry would not change that."""

    why: str


JobOutcome = JobDone | RetryLater | RateLimited | NothingToDo


@dataclass(frozen=True, slots=True)
class Reconciler:
    """Reconciles subjects, in any number of threads."""

    repositories: RepositoryTables
    limits: RateLimits
    environments: JobEnvironments
    refresh_soon: Callable[[], None]
    """Called when GitHub's list of repositories no longer matches the tables."""
    clock: Clock
    events: SignalEvents
    dashboards: DashboardBuilder
    verdicts: VerdictBuilder
    holds: Callable[[Job], bool] = lambda _job: True
    """Whether a run still has its job. Raises DatabaseError."""

    def run(self, job: Job) -> JobOutcome:
        """The outcome, also of errors from GitHub or the repository. Raises DatabaseError."""
        subject = job.subject
        repository = self.repositories.find(subject.repository)
        if repository is None:
            # It may be new: it is swept once it is listed.
            self.refresh_soon()
            return NothingToDo("the repository belongs to no installation of this App")
        until = self.limits.limited_until(repository.installation, self.clock.now())
        if until is not None:
            return RateLimited(until, "GitHub asked for a pause")
        with self.limits.slot(repository.installation) as free:
            if not free:
                return RetryLater(
                    "the installation already runs as many jobs as it may", counts=False, seconds=BUSY_SECONDS
                )
            outcome = self._work(repository, job)
        if isinstance(outcome, RateLimited):
            self.limits.pause(repository.installation, outcome.until)
        if isinstance(outcome, RetryLater) and outcome.counts:
            # A broken token or mirror may be the cause.
            self.environments.forget(repository)
        return outcome

    def _work(self, repository: HostedRepository, job: Job) -> JobOutcome:
        subject = job.subject
        try:
            with self.environments.open(repository, lambda: self.holds(job)) as environment:
                # Read before the ledger is: it must hold whatever was in it earlier.
                waiting = self.events.waiting(repository.id, self.clock.now())
                ports = replace(
                    environment.ports,
                    anchors=self.repositories.anchor(repository.id),
                    events=tuple((event.source, event.event) for event in waiting),
                )
                report = sweep_with_dashboard(ports, _options(subject), environment.allowance, _silent)
        except InvalidCredentialsError as error:
            # The key or a clock is wrong, for every repository: what was asked for waits until it is right.
            self.environments.tokens.forget(repository.installation, repository.id)
            return RetryLater(f"GitHub does not accept this App: {error}", counts=False, is_unavailable=True)
        except (NotAllowedError, NotFoundError, RejectedError) as error:
            # Whether the repository is lost is for GitHub's list to say, which the next attempt asks.
            self.environments.forget(repository)
            self.refresh_soon()
            return RetryLater(f"the installation has no access: {error}", counts=True)
        except ReassayError as error:
            return _waiting([error], str(error), self.clock.now()) or RetryLater(str(error), counts=True)
        renamed = next((problem.error for problem in report.problems if isinstance(problem.error, RenamedError)), None)
        if renamed is not None:
            self._renamed(repository, renamed)
            return RetryLater(str(renamed), counts=False, seconds=1.0)
        outcome = outcome_of(report, self.clock.now())
        ledger = report.content.ledger if report.content else None
        if ledger is not None and ledger.published_anchor and not report.dry_run:
            self.repositories.keep_anchor(repository.id, len(ledger.entries), ledger.published_anchor)
        # Only now: a process that dies before leaves them for the next sweep, which finds in the ledger what it has.
        self.events.recorded(of_sources(waiting, report.read_sources))
        self._store(repository, subject, report, outcome)
        self.verdicts.run(repository, report, self.clock.now(), is_whole=subject.kind == "repository")
        if subject.kind in WHOLE:
            self.dashboards.run(repository, report, ports.contents.newest_objects, self.clock.now())
        return outcome

    def _renamed(self, repository: HostedRepository, renamed: RenamedError) -> None:
        """Stores the new name; the next token, which is requested by repository id, confirms it."""
        self.environments.forget(repository)
        self.refresh_soon()
        if renamed.name.lower() != repository.full_name.lower():
            self.repositories.rename(repository.id, renamed.name)

    def _store(self, repository: HostedRepository, subject: JobSubject, report: Report, outcome: JobOutcome) -> None:
        """Stores the status of the repository, if the job evaluated all of its cells."""
        if subject.kind not in WHOLE:
            return
        now = self.clock.now()
        assessment_input, content = report.assessment_input, report.content
        timezone = assessment_input.register.configuration.timezone if assessment_input else None
        provenance = (
            {"register": content.commit[:12], "ledger": content.ledger.anchor, "trust": report.trust} if content else {}
        )
        swept = SweepOutcome(
            at=now,
            fine=isinstance(outcome, JobDone | NothingToDo),
            fingerprint=repository.activity if subject.kind == "repository" else None,
            problems=_problems(report),
            timezone=timezone,
            status=status_document(report.cells, assessment_input, provenance) if assessment_input else None,
            instants=instants(report.cells, assessment_input) if assessment_input else None,
            next_sweep=next_sweep(now, timezone, repository.id) if timezone else None,
        )
        self.repositories.swept(repository.id, swept)
        if assessment_input:
            # Where this run may write nothing, no message of a monitoring tool is taken.
            sources = () if report.dry_run else assessment_input.register.configuration.signals.sources
            self.events.keep_sources(repository.id, sources)


def _options(subject: JobSubject) -> Options:
    match subject.kind:
        case "issue":
            return Options(issue=subject.number)
        case "pull":
            return Options(pull=subject.number)
        case "group":
            return Options(group=subject.commit, base=subject.base)
        case _:
            return Options()


def outcome_of(report: Report, now: datetime) -> JobOutcome:
    """The outcome of a job with this report."""
    why = "; ".join(f"{problem.what}: {problem.message}" for problem in report.problems)
    errors = [problem.error for problem in report.problems]
    if report.content is None and any(isinstance(error, NotFoundError) for error in errors):
        return NothingToDo(why)
    waiting = _waiting([error for error in errors if error is not None], why, now)
    if waiting is not None:
        return waiting
    if report.problems:
        return RetryLater(why, counts=True)
    if report.left and not report.dry_run:
        return RetryLater(f"{report.left} more actions to do", counts=False, seconds=1.0)
    if report.again_at is not None and not report.dry_run:
        return RetryLater(
            "another run is working on it", counts=False, seconds=max(1.0, (report.again_at - now).total_seconds() + 1)
        )
    return JobDone(report)


def _waiting(errors: list[ReassayError], why: str, now: datetime) -> JobOutcome | None:
    """A retry that does not count as a failure, if waiting resolves the errors; otherwise None."""
    limits = [error for error in errors if isinstance(error, LimitError)]
    asked = [error.retry_after for error in limits if not isinstance(error, SpentError)]
    if asked:
        return RateLimited(pause_until(now, max(asked)), why)
    if limits:
        return RetryLater(why, counts=False, seconds=max(error.retry_after for error in limits))
    if errors and all(isinstance(error, UnavailableError | StaleHeadError) for error in errors):
        is_unavailable = any(isinstance(error, UnavailableError) for error in errors)
        return RetryLater(why, counts=False, is_unavailable=is_unavailable)
    return None


def _problems(report: Report) -> tuple[Mapping[str, str], ...]:
    return tuple({"what": problem.what, "message": problem.message} for problem in report.problems)


def _silent(_line: str) -> None:
    """Progress is not logged: the ledger and GitHub show what was done."""
