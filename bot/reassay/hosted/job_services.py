"""The hosted App's jobs, wired: queue, worker and scheduler over one database and one App."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from reassay.cli.remote import keyring_of_keys
from reassay.common.clock import SystemClock
from reassay.common.errors import UpstreamError, UsageError
from reassay.github.app_api import AppApi
from reassay.github.batch import Batch
from reassay.github.client import Client
from reassay.github.tokens import Tokens
from reassay.hosted.adapters.parsed import ParsedFiles
from reassay.hosted.arrived import Arrived
from reassay.hosted.credentials import Credentials
from reassay.hosted.database.database import Database
from reassay.hosted.dead_letters import DeadJobs
from reassay.hosted.due import Due
from reassay.hosted.git_mirrors import Copies
from reassay.hosted.inbox.inbox import Inbox
from reassay.hosted.inbox.redelivery import LONGEST, Missed
from reassay.hosted.installations import Installations
from reassay.hosted.jobs.job_environment import Workshop, book
from reassay.hosted.jobs.queue import JobQueue
from reassay.hosted.jobs.reaper import Reaper
from reassay.hosted.jobs.reconcile import Done, Gone, Later, LimitedUntil, Outcome, Reconciler
from reassay.hosted.jobs.runner import Job, Runner
from reassay.hosted.jobs.worker import Worker
from reassay.hosted.periodic import Part, Scheduler
from reassay.hosted.rate_limits import Limits
from reassay.hosted.repositories import Repositories
from reassay.hosted.rules.budget import Cost
from reassay.hosted.settings import AppIdentity, HostingSettings
from reassay.hosted.sweeps import Sweeps
from reassay.hosted.ticks import Ticks
from reassay.ledger.store.keyring import Keyring
from reassay.sweep.ports import Clock

LOG = logging.getLogger("reassay.jobs")
Note = Callable[[Job, Outcome, Exception | None], None]
SWEEPS, INSTALLATIONS, MISSED, REAPER, RETENTION = "sweeps", "installations", "missed", "reaper", "retention"
INTAKE = "intake"
"""Alive as long as GitHub's log shows nothing that did not arrive."""
EVERY = {
    SWEEPS: timedelta(seconds=30),
    INSTALLATIONS: timedelta(hours=1),
    MISSED: timedelta(minutes=10),
    REAPER: timedelta(seconds=20),
    RETENTION: timedelta(hours=6),
}
READ_KEPT = timedelta(days=7)
"""For so long the ids of deliveries are known again; GitHub makes none again that is older than three days."""
KEPT = timedelta(days=30)
"""For so long letters are kept that nobody looked at."""


@dataclass(frozen=True, slots=True)
class HostedJobs:
    """What the processes of the hosted App are made of."""

    queue: JobQueue
    worker: Worker
    scheduler: Scheduler
    runner: Runner
    repositories: Repositories
    limits: Limits
    ticks: Ticks
    due: Due
    dead: DeadJobs
    copies: Copies
    tokens: Tokens
    reaper: Reaper


@contextmanager
def hosted_jobs(
    settings: HostingSettings,
    app: AppIdentity,
    database: Database,
    clock: Clock | None = None,
    note: "Note | None" = None,
) -> Iterator[HostedJobs]:
    """For one process; the tables have to be there. Raises UsageError for a key that is none.

    `note` is told each outcome of a job, instead of the log.
    """
    clock = clock or SystemClock()
    limits, ticks = Limits(database), Ticks(database)
    tokens = Tokens(as_app(app, settings), _Connect(settings, limits, clock), clock.now)
    try:
        yield _wired(settings, app, database, clock, limits, ticks, tokens, note or note_job)
    finally:
        tokens.close()


def as_app(app: AppIdentity, settings: HostingSettings) -> Client:
    """The client that proves to be the App. Raises UsageError."""
    try:
        return Client.as_app(app.id, app.key, settings.api_url)
    except ValueError as error:
        message = "the App's private key cannot be read."
        raise UsageError(
            message, where="REASSAY_APP_KEY", remedy="Give the whole PEM file that GitHub made."
        ) from error


def hosted_keyring(settings: HostingSettings) -> Keyring:
    """The keys that are given; else the one that was made at set-up. Raises UsageError, which shows nothing of a key."""
    keys, made = settings.keys, Credentials(settings.data).key_file
    if not (keys.key or keys.key_file) and made.exists():
        keys = replace(keys, key_file=str(made))
    return keyring_of_keys(keys)


@dataclass(frozen=True, slots=True)
class _Connect:
    """A client for a token; every request of an installation is booked before it is sent."""

    settings: HostingSettings
    limits: Limits
    clock: Clock

    def __call__(self, token: str, installation: int) -> Client:
        def spend(points: int) -> None:
            book(self.limits, installation, Cost(points=points), self.clock)

        return Client.connect(token, self.settings.api_url, write_pause=self.settings.write_pause, spend=spend)


def _wired(  # noqa: PLR0913, PLR0917 -- the parts that are made before
    settings: HostingSettings,
    app: AppIdentity,
    database: Database,
    clock: Clock,
    limits: Limits,
    ticks: Ticks,
    tokens: Tokens,
    note: "Note",
) -> HostedJobs:
    keyring = hosted_keyring(settings)
    repositories, dead, queue = Repositories(database), DeadJobs(database), JobQueue.on(database)
    copies, listing = Copies(settings.data / "git"), _Listing(ticks)
    shelf = ParsedFiles(database, lambda: clock.now().date())
    workshop = Workshop(tokens, copies, limits, keyring, clock, settings.server_url, app.id, shelf)
    reconciler = Reconciler(repositories, limits, workshop, listing, clock)
    runner = Runner(reconciler.run, queue, dead, clock, note)
    reaper = Reaper(database, queue, runner.lost)
    api = AppApi(tokens.app, tokens)
    sweeps = Sweeps(repositories, Batch(tokens), queue, limits, listing.refresh_soon)
    installations = Installations(api, repositories, copies.forget)
    missed = _Missed(Missed(api, Arrived(database)), ticks)
    retention = _Retention(limits, dead, Arrived(database), reaper, copies, repositories, shelf, Inbox(database))
    acts = (
        (REAPER, lambda _now: f"{reaper.run()} deferred anew"),
        (INSTALLATIONS, _Listed(installations, ticks)),
        (SWEEPS, lambda now: _said(sweeps.run(now))),
        (MISSED, missed),
        (RETENTION, retention),
    )
    scheduler = Scheduler(tuple(Part(name, EVERY[name], act) for name, act in acts), ticks, note_part)
    worker = Worker(database.url, runner.run, max(1, settings.concurrency), note_worker)
    return HostedJobs(
        queue, worker, scheduler, runner, repositories, limits, ticks, Due(database), dead, copies, tokens, reaper
    )


@dataclass(frozen=True, slots=True)
class _Listing:
    ticks: Ticks

    def refresh_soon(self) -> None:
        """With the next tick, not at once: a hundred jobs may find out the same."""
        self.ticks.release(INSTALLATIONS)


@dataclass(frozen=True, slots=True)
class _Listed:
    installations: Installations
    ticks: Ticks

    def __call__(self, now: datetime) -> str:
        said = _said(self.installations.run(now))
        # What is new is swept at once.
        self.ticks.release(SWEEPS)
        return said


@dataclass(frozen=True, slots=True)
class _Missed:
    missed: Missed
    ticks: Ticks

    def __call__(self, now: datetime) -> str:
        again = self.missed.run(self.ticks.silent_since(MISSED), now)
        if again == 0:
            self.ticks.succeeded(INTAKE, now)
        return f"{again} asked for again"


@dataclass(frozen=True, slots=True)
class _Retention:
    limits: Limits
    dead: DeadJobs
    arrived: Arrived
    reaper: Reaper
    copies: Copies
    repositories: Repositories
    shelf: ParsedFiles
    inbox: Inbox

    def __call__(self, now: datetime) -> str:
        self.reaper.forget()
        gone = [each for each in self.copies.kept() if self.repositories.find(each) is None]
        for each in gone:
            self.copies.forget(each)
        counts = (
            self.limits.forget(now),
            self.dead.forget(now - KEPT),
            self.arrived.forget(now - 2 * LONGEST),
            self.shelf.forget(),
            self.inbox.forget(now - READ_KEPT, now - KEPT),
        )
        return f"{sum(counts)} rows and {len(gone)} copies dropped"


def _said(result: object) -> str:
    """In the log; what failed for one installation is no success of the part."""
    failed = getattr(result, "failed", ())
    if failed:
        raise UpstreamError("; ".join(failed))
    return str(result)


def note_job(job: Job, outcome: Outcome, fault: Exception | None) -> None:
    """One line for each run."""
    ids = {"repository": job.subject.repository, "subject": job.subject.text, "attempt": job.attempt + 1}
    match outcome:
        case Done(report=report):
            LOG.info("%s: done, %d actions", job.name, len(report.done), extra=ids)
        case Gone(why=why):
            LOG.info("%s: nothing to do: %s", job.name, why, extra=ids)
        case LimitedUntil(at=at, why=why):
            LOG.warning("%s: waits until %s: %s", job.name, at.isoformat(), why, extra=ids)
        case Later(why=why, counts=counts):
            level = logging.ERROR if counts else logging.WARNING
            said = fault if counts else None
            LOG.log(level, "%s: attempt %d: %s", job.name, job.attempt + 1, why, exc_info=said, extra=ids)


def note_part(name: str, said: str, error: Exception | None) -> None:
    """One line for each part that was done or failed."""
    if error is None:
        LOG.info("%s: %s", name, said)
    else:
        LOG.error("%s failed: %s", name, error, exc_info=None if isinstance(error, UpstreamError) else error)


def note_worker(what: str, error: Exception | None) -> None:
    """What becomes of the worker itself."""
    LOG.warning("worker: %s%s", what, f" ({type(error).__name__})" if error else "")
