"""Builds the web application for one process: pages, API and alarm over the real database and GitHub."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import httpx
from fastapi import FastAPI

from reassay import __version__
from reassay.common.clock import Clock
from reassay.common.errors import UsageError
from reassay.evidence.criterion_bounds import criterion_needs
from reassay.evidence.criterion_findings import with_target_findings
from reassay.evidence.views.criterion_needs import needs_document
from reassay.github.app_types import AppIdentity
from reassay.github.client import Client
from reassay.github.manifest_flow import ManifestFlow
from reassay.github.sign_in import OAuthClient
from reassay.github.tokens import ASKED, READINGS, Tokens
from reassay.hosted.alarm import Alarm, Heartbeat, StoppedTask, WatchedTask
from reassay.hosted.credentials import Credentials
from reassay.hosted.dashboards import DashboardTable
from reassay.hosted.database.database import Database
from reassay.hosted.job_services import app_client, hosted_keyring
from reassay.hosted.jobs.dead_letters import DeadLetters, Redrive
from reassay.hosted.jobs.job_environment import book
from reassay.hosted.jobs.job_runs import JobRuns
from reassay.hosted.jobs.queue import JobQueue
from reassay.hosted.periodic import PeriodicClaims
from reassay.hosted.rate_limits import Cost, RateLimits
from reassay.hosted.repositories import INSTALLATIONS
from reassay.hosted.rules.events import subscribed
from reassay.hosted.rules.manifest import manifest, permissions
from reassay.hosted.settings import HostingSettings
from reassay.hosted.verdicts import VerdictTable
from reassay.hosted.web.app import make_app
from reassay.hosted.web.dependencies import CurrentApp, WebDependencies
from reassay.hosted.web.inspector import Inspector, ReadOnlyAccess
from reassay.hosted.web.logs import logger
from reassay.hosted.web.overview import Overview
from reassay.hosted.web.sessions import Sessions, SetupCode
from reassay.hosted.web.stored_dashboards import StoredDashboards
from reassay.ledger.store.ed25519 import public_pem
from reassay.register.files.memory_files import MemoryFiles
from reassay.register.files.reader import read_register
from reassay.register.views.documents import check_document

SECONDS = 15.0
WATCHED = (
    WatchedTask("drain", timedelta(minutes=2), "deliveries processed", "events from GitHub have no effect"),
    WatchedTask("sweeps", timedelta(minutes=5), "sweep", "nothing will be opened until this is fixed"),
    WatchedTask(
        "installations",
        timedelta(hours=3),
        "list of repositories",
        "new repositories are not swept until this is fixed",
    ),
    WatchedTask(
        "missed", timedelta(minutes=40), "look at GitHub's delivery log", "lost deliveries are not requested again"
    ),
    WatchedTask("reaper", timedelta(minutes=5), "clean-up of dead workers", "their jobs are not run again"),
    WatchedTask(
        "intake",
        timedelta(hours=2),
        "complete delivery log",
        "deliveries do not arrive here: check the webhook's address and the proxy",
    ),
)
"""Background tasks by their names in the database. `intake` succeeds when GitHub's log shows no missing delivery."""


JOBS = WatchedTask("jobs", timedelta(0), "run of a job", "nothing is judged or opened until this is fixed")
"""Not watched by time: it has stopped while every run of a job fails."""


@dataclass(frozen=True, slots=True)
class WebApplication:
    """The application to serve."""

    app: FastAPI
    """The application behind the intake."""
    dependencies: WebDependencies
    """Its alarm's `tick(now)` is to be called every minute, in a task of its own."""
    address: str
    """Set-up address to print on the console; empty once the App exists. It contains a secret and must not be logged."""


@contextmanager
def web_application(  # noqa: PLR0913 -- four of them have defaults
    settings: HostingSettings,
    database: Database,
    clock: Clock,
    *,
    deliveries: Callable[[], Mapping[str, int]] = dict,
    messages: Callable[[], Mapping[str, int]] = dict,
    listeners: tuple[Callable[[AppIdentity], None], ...] = (),
    watched: tuple[WatchedTask, ...] = WATCHED,
) -> Iterator[WebApplication]:
    """The application over a prepared data folder. `listeners` are called when the App is set up.

    `deliveries` counts the deliveries of this process by outcome, `messages` those of monitoring tools. Raises UsageError for
    credentials that are invalid or readable by others.
    """
    credentials = Credentials(settings.data)
    current = CurrentApp(settings.app or credentials.read(), credentials.keep, list(listeners))
    setup_code, overview, letters = SetupCode(), Overview(database), DeadLetters(database)
    headers = {"user-agent": f"reassay/{__version__}"}
    with httpx.Client(timeout=SECONDS, headers=headers, follow_redirects=False) as http:
        beat = Heartbeat(http, settings.heartbeat_url).beat if settings.heartbeat_url else None
        log = logger("reassay.alarm").error
        alarm = Alarm(
            watched,
            overview.last_successes,
            clock.now(),
            beat,
            lambda words: log("stopped", why=words),
            _FailingRuns(JobRuns(database)),
            lambda: current.app is not None,
        )
        inspectors = _Inspectors(settings, current, RateLimits(database), clock)
        dependencies = WebDependencies(
            settings=settings,
            now=clock.now,
            current=current,
            setup_code=setup_code,
            manifest_flow=ManifestFlow(http, settings.api_url),
            oauth=OAuthClient(http, settings.server_url, settings.api_url),
            sessions=Sessions(database),
            overview=overview,
            dashboards=StoredDashboards(DashboardTable(database), VerdictTable(database)),
            dead_letters=letters,
            redrive=Redrive(letters, JobQueue.on(database)),
            inspector=inspectors,
            check=checked,
            alarm=alarm,
            manifest=lambda name: app_manifest(settings.base_url, name),
            ledger_key=lambda: public_pem(_public_key(settings, credentials)),
            signs_with=lambda: _signing_key(settings),
            refresh_soon=lambda: PeriodicClaims(database).release(INSTALLATIONS),
            deliveries=deliveries,
            messages=messages,
        )
        address = "" if current.app else setup_code.address(settings.base_url)
        try:
            yield WebApplication(make_app(dependencies), dependencies, address)
        finally:
            inspectors.close()


def app_manifest(base_url: str, name: str) -> Mapping[str, object]:
    """Manifest of the App: the permissions that tokens are requested with, and the events that are used."""
    events = subscribed()
    return manifest(base_url, name, permissions(ASKED, events), events)


def checked(files: Mapping[str, bytes]) -> Mapping[str, object]:
    """`reassay/check/v1` of files by path."""
    register = with_target_findings(read_register(MemoryFiles(files)))
    return check_document(register, needs_document(tuple(criterion_needs(register))))


def _signing_key(settings: HostingSettings) -> str:
    """Id of the key that signs ledgers; empty without one that can be read."""
    try:
        signer = hosted_keyring(settings).signer
    except UsageError:
        return ""
    return signer.id if signer else ""


def _public_key(settings: HostingSettings, credentials: Credentials) -> str:
    """Public half of the configured ledger key, or of the one in the data folder."""
    signer = hosted_keyring(settings).signer
    return signer.public_key if signer else credentials.ledger_key()


@dataclass(frozen=True, slots=True)
class _FailingRuns:
    """Whether all runs of jobs fail, as a task that has stopped."""

    runs: JobRuns

    def __call__(self) -> StoppedTask | None:
        failing = self.runs.failing()
        if failing is None or not failing.is_the_server:
            return None
        return StoppedTask(JOBS, None, failure=failing.words, reason=failing.reason)


@dataclass(slots=True)
class _Inspectors:
    """Makes the inspector of the current App when it is first used: at the start there may be no App."""

    settings: HostingSettings
    current: CurrentApp
    limits: RateLimits
    clock: Clock
    inspectors: dict[int, tuple[Tokens, Inspector]] = field(default_factory=dict, repr=False)
    """By id of the App."""

    def __call__(self) -> Inspector | None:
        app = self.current.app
        if app is None:
            return None
        if app.id not in self.inspectors:
            tokens = Tokens(
                app_client(app, self.settings, self.clock),
                self._connect,
                self.clock.now,
                permissions=READINGS,
            )
            access = ReadOnlyAccess(tokens, hosted_keyring(self.settings), self.clock, self.settings.server_url)
            self.inspectors[app.id] = (tokens, Inspector(access))
        return self.inspectors[app.id][1]

    def close(self) -> None:
        """Closes their connections."""
        for tokens, _ in self.inspectors.values():
            tokens.close()

    def _connect(self, token: str, installation: int) -> Client:
        def spend(points: int) -> None:
            book(self.limits, installation, Cost(points=points), self.clock)

        return Client.connect(token, self.settings.api_url, spend=spend, sleep=self.clock.sleep)
