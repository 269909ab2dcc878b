"""Builds the queue, the worker and the periodic tasks of one process, for one database and one App."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from reassay.common.clock import Clock, SystemClock
from reassay.common.errors import ReassayError, UpstreamError, UsageError
from reassay.github.activity_query import ActivityQuery
from reassay.github.app_api import AppApi
from reassay.github.app_types import AppIdentity
from reassay.github.client import Client
from reassay.github.tokens import Tokens
from reassay.hosted.credentials import Credentials
from reassay.hosted.dashboards import DashboardTable
from reassay.hosted.database.database import Database
from reassay.hosted.inbox.inbox import Inbox
from reassay.hosted.inbox.redelivery import LONGEST, ReceivedDeliveries, Redelivery
from reassay.hosted.jobs.dashboard_builder import DashboardBuilder
from reassay.hosted.jobs.dead_letters import DeadLetters
from reassay.hosted.jobs.job_environment import GitMirrors, JobEnvironments, book
from reassay.hosted.jobs.job_runs import LEAST_RUNS, JobRuns
from reassay.hosted.jobs.queue import JobQueue
from reassay.hosted.jobs.reaper import Reaper
from reassay.hosted.jobs.reconcile import JobDone, JobOutcome, NothingToDo, RateLimited, Reconciler, RetryLater
from reassay.hosted.jobs.verdict_builder import VerdictBuilder
from reassay.hosted.jobs.worker import JobRunner, Worker
from reassay.hosted.periodic import PeriodicClaims, PeriodicTask, Scheduler
from reassay.hosted.rate_limits import Cost, RateLimits
from reassay.hosted.repositories import INSTALLATIONS, InstallationRefresh, RepositoryTables
from reassay.hosted.rules.subject import Job, JobSubject
from reassay.hosted.settings import HostingSettings
from reassay.hosted.signal_events import KEPT, SignalEvents
from reassay.hosted.sweeps import Sweeps
from reassay.hosted.verdicts import VerdictTable
from reassay.ledger.store.configured_keys import keyring_of_keys
from reassay.ledger.store.keyring import Keyring
from reassay.register.files import ParsedFiles

LOG = logging.getLogger("reassay.jobs")
Note = Callable[[Job, JobOutcome, Exception | None], None]
SWEEPS, REDELIVERY, REAPER, RETENTION = "sweeps", "missed", "reaper", "retention"
"""Names of periodic tasks, as stored in the database."""
INTAKE = "intake"
"""Succeeds whenever GitHub's log of deliveries shows none that did not arrive."""
LOG_READ = "missed/read"
"""How far GitHub's log of deliveries was read, by GitHub's clock."""
PERIODS = {
    REAPER: timedelta(seconds=20),
    INSTALLATIONS: timedelta(hours=1),
    SWEEPS: timedelta(seconds=30),
    REDELIVERY: timedelta(minutes=10),
    RETENTION: timedelta(hours=6),
}
DELIVERIES_KEPT = timedelta(days=7)
"""How long ids of processed deliveries are kept to recognise duplicates; GitHub sends none again after three days."""
DEAD_LETTERS_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class JobServices:
    """Everything that runs jobs in one process."""

    queue: JobQueue
    worker: Worker
    scheduler: Scheduler
    runner: JobRunner
    repositories: RepositoryTables
    limits: RateLimits
    claims: PeriodicClaims
    dead_letters: DeadLetters
    mirrors: GitMirrors
    tokens: Tokens
    reaper: Reaper


@contextmanager
def job_services(
    settings: HostingSettings,
    app: AppIdentity,
    database: Database,
    clock: Clock | None = None,
    note: "Note | None" = None,
) -> Iterator[JobServices]:
    """Services over a migrated database. Raises UsageError for an invalid key.

    `note` is called with each outcome of a job; None logs it.
    """
    clock = clock or SystemClock()
    limits = RateLimits(database)
    tokens = Tokens(app_client(app, settings, clock), _Connect(settings, limits, clock), clock.now)
    try:
        yield _build(settings, app, database, clock, tokens, note or log_job)
    finally:
        tokens.close()


def app_client(app: AppIdentity, settings: HostingSettings, clock: Clock) -> Client:
    """A client that authenticates as the App itself. Raises UsageError."""
    try:
        return Client.as_app(app.id, app.key, settings.api_url, sleep=clock.sleep)
    except ValueError as error:
        message = "the App's private key cannot be read."
        raise UsageError(
            message, where="REASSAY_APP_KEY", remedy="Use the whole PEM file that GitHub generated."
        ) from error


def hosted_keyring(settings: HostingSettings) -> Keyring:
    """The configured ledger keys, or the key made at set-up. Raises UsageError, which shows no key."""
    keys, key_file = settings.keys, Credentials(settings.data).key_file
    if not (keys.key or keys.key_file) and key_file.exists():
        keys = replace(keys, key_file=str(key_file))
    return keyring_of_keys(keys)


@dataclass(frozen=True, slots=True)
class _Connect:
    """Makes the client for a token; every request of an installation is booked before it is sent."""

    settings: HostingSettings
    limits: RateLimits
    clock: Clock

    def __call__(self, token: str, installation: int) -> Client:
        def spend(points: int) -> None:
            book(self.limits, installation, Cost(points=points), self.clock)

        return Client.connect(
            token,
            self.settings.api_url,
            write_pause=self.settings.write_pause,
            spend=spend,
            sleep=self.clock.sleep,
        )


def _build(  # noqa: PLR0913, PLR0917 -- what `job_services` was given
    settings: HostingSettings, app: AppIdentity, database: Database, clock: Clock, tokens: Tokens, note: "Note"
) -> JobServices:
    limits, claims, letters = RateLimits(database), PeriodicClaims(database), DeadLetters(database)
    repositories, queue, runs = RepositoryTables(database), JobQueue.on(database), JobRuns(database)
    mirrors, keyring = GitMirrors(settings.data / "git"), hosted_keyring(settings)

    def refresh_soon() -> None:
        # With the next tick and not at once: a hundred jobs may find out the same.
        claims.release(INSTALLATIONS)

    environments = JobEnvironments(
        tokens, mirrors, limits, keyring, clock, settings.server_url, app.id, ParsedFiles(), settings.sources
    )
    events = SignalEvents(database)
    dashboards = DashboardBuilder(DashboardTable(database), settings.server_url, log_dashboard)
    verdicts = VerdictBuilder(VerdictTable(database), log_verdict)
    reconciler = Reconciler(
        repositories, limits, environments, refresh_soon, clock, events, dashboards, verdicts, queue.holds
    )
    runner = JobRunner(reconciler.run, queue, letters, runs, clock, note)
    reaper = Reaper(database, queue, runner.lost)
    api = AppApi(tokens.app, tokens)
    received = ReceivedDeliveries(database)
    sweeps = Sweeps(repositories, ActivityQuery(tokens), queue, limits, refresh_soon)
    retention = _Retention(limits, letters, received, reaper, mirrors, repositories, Inbox(database), events)
    acts: dict[str, Callable[[datetime], str]] = {
        REAPER: lambda _now: f"{reaper.run()} deferred again",
        INSTALLATIONS: _Refresh(InstallationRefresh(api, repositories, mirrors.forget), claims),
        SWEEPS: _Sweep(sweeps, runs, queue),
        REDELIVERY: _Redeliver(Redelivery(api, received), claims),
        RETENTION: retention,
    }
    tasks = tuple(PeriodicTask(name, PERIODS[name], run) for name, run in acts.items())
    worker = Worker(database.url, runner.run, max(1, settings.concurrency), log_worker, settings.poll_seconds)
    return JobServices(
        queue,
        worker,
        Scheduler(tasks, claims, log_task),
        runner,
        repositories,
        limits,
        claims,
        letters,
        mirrors,
        tokens,
        reaper,
    )


@dataclass(frozen=True, slots=True)
class _Refresh:
    refresh: InstallationRefresh
    claims: PeriodicClaims

    def __call__(self, now: datetime) -> str:
        words = _words(self.refresh.run(now))
        # New repositories are swept at once.
        self.claims.release(SWEEPS)
        return words


@dataclass(frozen=True, slots=True)
class _Sweep:
    sweeps: Sweeps
    runs: JobRuns
    queue: JobQueue

    def __call__(self, now: datetime) -> str:
        words = _words(self.sweeps.run(now))
        failing = self.runs.failing()
        if failing is not None and failing.runs >= LEAST_RUNS and not failing.is_the_server:
            # One repository fails and no other one ran: the run of another one shows whether it is the server.
            other = self.runs.untried()
            self.queue.defer([JobSubject(other)] if other is not None else [])
        return words


@dataclass(frozen=True, slots=True)
class _Redeliver:
    redelivery: Redelivery
    claims: PeriodicClaims

    def __call__(self, now: datetime) -> str:
        since = self.claims.last_success(LOG_READ) or self.claims.last_success(REDELIVERY)
        result = self.redelivery.run(since, now)
        self.claims.succeeded(LOG_READ, result.newest)
        if result.requested == 0:
            self.claims.succeeded(INTAKE, now)
        return f"{result.requested} requested again"


@dataclass(frozen=True, slots=True)
class _Retention:
    limits: RateLimits
    letters: DeadLetters
    received: ReceivedDeliveries
    reaper: Reaper
    mirrors: GitMirrors
    repositories: RepositoryTables
    inbox: Inbox
    events: SignalEvents

    def __call__(self, now: datetime) -> str:
        self.reaper.forget()
        lost = [repository for repository in self.mirrors.ids() if self.repositories.find(repository) is None]
        for repository in lost:
            self.mirrors.forget(repository)
        counts = (
            self.limits.forget(now),
            self.letters.forget(now - DEAD_LETTERS_KEPT),
            self.received.forget(now - 2 * LONGEST),
            self.inbox.forget(now - DELIVERIES_KEPT),
            self.events.expire(now - KEPT),
        )
        return f"{sum(counts)} rows and {len(lost)} git mirrors deleted"


def _words(result: object) -> str:
    """The result for the log. Raises UpstreamError if the task failed for some installation."""
    failed = getattr(result, "failed", ())
    if failed:
        raise UpstreamError("; ".join(failed))
    return str(result)


def log_job(job: Job, outcome: JobOutcome, fault: Exception | None) -> None:
    """One line for each run of a job."""
    ids = {"repository": job.subject.repository, "subject": job.subject.text, "attempt": job.attempt + 1}
    match outcome:
        case JobDone(report=report):
            done = f"done, {0 if report.dry_run else len(report.done)} actions"
            if report.dry_run:
                done = f"{done}: {'; '.join(report.notes) or 'nothing is written'}"
            LOG.info("%s: %s", job.name, done, extra=ids)
            for note in () if report.dry_run else report.notes:
                LOG.log(
                    logging.WARNING if note in (*report.leftover_keys, *report.schedule) else logging.INFO,
                    "%s: %s",
                    job.name,
                    note,
                    extra=ids,
                )
            for own in report.unreadable:
                LOG.warning("%s: unreadable: %s: %s", job.name, own.what, own.message, extra=ids)
        case NothingToDo(why=why):
            LOG.info("%s: nothing to do: %s", job.name, why, extra=ids)
        case RateLimited(until=until, why=why):
            LOG.warning("%s: waits until %s: %s", job.name, until.isoformat(), why, extra=ids)
        case RetryLater(why=why, counts=counts):
            level = logging.ERROR if counts else logging.WARNING
            cause = fault if counts else None
            LOG.log(level, "%s: attempt %d: %s", job.name, job.attempt + 1, why, exc_info=cause, extra=ids)


def log_task(name: str, result: str, error: Exception | None) -> None:
    """One line for each run of a periodic task."""
    if error is None:
        LOG.info("%s: %s", name, result)
    else:
        LOG.error("%s failed: %s", name, error, exc_info=None if isinstance(error, UpstreamError) else error)


def log_dashboard(repository: str, error: Exception) -> None:
    """One line for a dashboard that could not be made, and its cause."""
    LOG.error(
        "%s: no new dashboard: %s", repository, error, exc_info=None if isinstance(error, ReassayError) else error
    )


def log_verdict(pull: str, error: Exception) -> None:
    """One line for a verdict that could not be explained, and its cause."""
    LOG.error("%s: its verdict is not explained: %s", pull, error, exc_info=error)


def log_worker(what: str, error: Exception | None) -> None:
    """One line for each trouble of the worker itself."""
    LOG.warning("worker: %s%s", what, f" ({type(error).__name__})" if error else "")
