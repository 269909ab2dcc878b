"""The web, wired to the real world. Whoever starts it mounts `Web.app` behind the intake, and ticks `Web.alarm`."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx
from fastapi import FastAPI

from reassay import __version__
from reassay.common.clock import Clock
from reassay.github.app_token import ASKED, READS, READS_WITH_TEAMS
from reassay.github.client import Client
from reassay.github.manifest_flow import ManifestFlow
from reassay.github.sign_in import GitHubSignIn
from reassay.github.tokens import Tokens
from reassay.hosted.adapters.credentials import Credentials
from reassay.hosted.adapters.dead_jobs import DeadJobs
from reassay.hosted.adapters.directory import Directory
from reassay.hosted.adapters.limits import Limits
from reassay.hosted.adapters.reading_room import ReadingRoom
from reassay.hosted.adapters.sessions import Sessions
from reassay.hosted.adapters.workshop import book
from reassay.hosted.database.database import Database
from reassay.hosted.heartbeat import Heartbeat
from reassay.hosted.hosted_jobs import hosted_keyring
from reassay.hosted.inbox.inbox import Inbox
from reassay.hosted.rules.budget import Cost
from reassay.hosted.rules.events import subscribed
from reassay.hosted.rules.identity import AppIdentity
from reassay.hosted.rules.manifest import manifest, permissions
from reassay.hosted.rules.silence import Watched
from reassay.hosted.services.alarm import Alarm
from reassay.hosted.services.inspect import Inspector
from reassay.hosted.services.redrive import Jobs, Queue, Redrive
from reassay.hosted.settings import HostingSettings
from reassay.hosted.web.app import make_app
from reassay.hosted.web.logs import logger
from reassay.hosted.web.parts import Identities, Parts
from reassay.hosted.web.set_up_gate import SetUpGate
from reassay.ledger.store.ed25519 import public_pem
from reassay.register.files.given import GivenFiles
from reassay.register.files.reader import read_register
from reassay.register.views.documents import check_document

SECONDS = 15.0
WATCHED = (
    Watched("drain", timedelta(minutes=2), "deliveries that came are not read"),
    Watched("sweeps", timedelta(minutes=5), "repositories are not looked at, so nothing falls due by itself"),
    Watched("installations", timedelta(hours=3), "new repositories are not noticed"),
    Watched("missed", timedelta(minutes=40), "deliveries that GitHub could not make are not asked for again"),
    Watched("reaper", timedelta(minutes=5), "jobs of workers that died are not taken up again"),
    Watched("intake", timedelta(hours=2), "deliveries do not arrive here; see the webhook's address and the proxy"),
)
"""Names of ticks in the database, and for how long they may be silent."""


@dataclass(frozen=True, slots=True)
class Outside:
    """What is made elsewhere."""

    queue: Queue
    refresh_soon: Callable[[], None]
    deliveries: Callable[[], Mapping[str, int]] = dict
    told: tuple[Callable[[AppIdentity], None], ...] = ()
    """Called when the App is set up: whatever waited for it begins."""
    watched: tuple[Watched, ...] = WATCHED
    jobs: Jobs | None = None


@dataclass(frozen=True, slots=True)
class Web:
    """What is to be run."""

    app: FastAPI
    parts: Parts
    alarm: Alarm
    """`tick(now)` every minute, in a task of its own."""
    address: str
    """Printed once on the console while no App is set up; empty afterwards. It holds a secret: no log gets it."""


@contextmanager
def web(settings: HostingSettings, database: Database, clock: Clock, outside: Outside) -> Iterator[Web]:
    """`settings.data` has been prepared. Raises UsageError for credentials that others may read, or that are none."""
    credentials = Credentials(settings.data)
    identities = Identities(settings.app or credentials.read(), credentials.keep, list(outside.told))
    gate, directory = SetUpGate(), Directory(database)
    headers = {"user-agent": f"reassay/{__version__}"}
    with httpx.Client(timeout=SECONDS, headers=headers, follow_redirects=False) as http:
        heart = Heartbeat(http, settings.heartbeat_url) if settings.heartbeat_url else None
        note = logger("reassay.alarm").error
        alarm = Alarm(outside.watched, directory.last, clock.now(), heart, lambda words: note("silent", why=words))
        inspecting = _Inspecting(settings, credentials, identities, Limits(database), clock)
        parts = Parts(
            settings=settings,
            now=clock.now,
            identities=identities,
            gate=gate,
            conversions=ManifestFlow(http, settings.api_url),
            doorman=GitHubSignIn(http, settings.server_url, settings.api_url),
            sessions=Sessions(database),
            directory=directory,
            inspector=inspecting,
            check=checked,
            redrive=Redrive(Inbox(database), outside.jobs or DeadJobs(database), outside.queue),
            watch=alarm,
            manifest=lambda name: app_manifest(settings.base_url, name),
            ledger_key=lambda: public_pem(_public_key(settings, credentials)),
            refresh_soon=outside.refresh_soon,
            deliveries=outside.deliveries,
        )
        try:
            yield Web(make_app(parts), parts, alarm, "" if identities.app else gate.address(settings.base_url))
        finally:
            inspecting.close()


def app_manifest(base_url: str, name: str) -> Mapping[str, object]:
    """Of the App that this program needs: what its tokens ask for, and the events that it reads."""
    events = subscribed()
    return manifest(base_url, name, permissions(ASKED, events), events)


def checked(files: Mapping[str, bytes]) -> Mapping[str, object]:
    """`reassay/check/v1` of files by path."""
    return check_document(read_register(GivenFiles(files)))


def _public_key(settings: HostingSettings, credentials: Credentials) -> str:
    """Of the key that is given; else of one that is made here."""
    signer = hosted_keyring(settings).signer
    return signer.public_key if signer else credentials.ledger_key()


@dataclass(slots=True)
class _Inspecting:
    """Made when it is first asked for: at the start there may be no App yet."""

    settings: HostingSettings
    credentials: Credentials
    identities: Identities
    limits: Limits
    clock: Clock
    made: dict[int, tuple[Tokens, Inspector]] = field(default_factory=dict, repr=False)

    def __call__(self) -> Inspector | None:
        app = self.identities.current()
        if app is None:
            return None
        if app.id not in self.made:
            tokens = Tokens(
                Client.as_app(app.id, app.key, self.settings.api_url),
                self._connect,
                self._now,
                permissions=(READS_WITH_TEAMS, READS),
            )
            room = ReadingRoom(tokens, hosted_keyring(self.settings), self.clock, self.settings.server_url)
            self.made[app.id] = (tokens, Inspector(room))
        return self.made[app.id][1]

    def close(self) -> None:
        """Ends its connections."""
        for tokens, _ in self.made.values():
            tokens.close()

    def _connect(self, token: str, installation: int) -> Client:
        def spend(points: int) -> None:
            book(self.limits, installation, Cost(points=points), self.clock)

        return Client.connect(token, self.settings.api_url, spend=spend)

    def _now(self) -> datetime:
        return self.clock.now()
