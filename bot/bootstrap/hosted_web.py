"""The web of the hosted App, wired to its tables, to GitHub and to the data folder."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.adapters.database.database import Database
from bot.adapters.github.app_token import ASKED, READS, READS_WITH_TEAMS
from bot.adapters.github.client import Client
from bot.adapters.github.manifest_flow import ManifestFlow
from bot.adapters.github.sign_in import SignIn
from bot.adapters.github.tokens import Tokens
from bot.adapters.heartbeat import Heartbeat
from bot.adapters.hosted.credentials import Credentials
from bot.adapters.hosted.dead_jobs import DeadJobs
from bot.adapters.hosted.directory import Directory
from bot.adapters.hosted.reading_room import ReadingRoom
from bot.adapters.hosted.sessions import Sessions
from bot.adapters.hosted.ticks import Ticks
from bot.adapters.inbox.inbox import Inbox
from bot.adapters.jobs.queue import JobQueue
from bot.adapters.ledger.ed25519 import public_pem
from bot.adapters.ledger.keyring import Keyring
from bot.adapters.register_files import read_register
from bot.adapters.register_files.given import GivenFiles
from bot.bootstrap.hosted import DRAIN, with_own_key
from bot.bootstrap.hosted_jobs import INSTALLATIONS, INTAKE, MISSED, REAPER, SWEEPS, as_app
from bot.bootstrap.remote import keyring_of_keys
from bot.domain.hosting.events import subscribed
from bot.domain.hosting.identity import AppIdentity
from bot.domain.hosting.manifest import manifest, permissions
from bot.domain.hosting.silence import Watched
from bot.rendering.check_documents import check_document
from bot.services.hosting.alarm import Alarm
from bot.services.hosting.inspect import Inspector
from bot.services.hosting.redrive import Redrive
from bot.services.ports import Clock
from bot.settings.hosting import HostingSettings

if TYPE_CHECKING:
    import httpx

LOG = logging.getLogger("reassay.alarm")
WATCHED = (
    Watched(DRAIN, timedelta(minutes=5), "deliveries are not read; see the log of servers and workers"),
    Watched(SWEEPS, timedelta(minutes=10), "no repository is looked at; see that a worker or a server runs"),
    Watched(REAPER, timedelta(minutes=10), "jobs of workers that died are not taken up"),
    Watched(INSTALLATIONS, timedelta(hours=3), "GitHub does not say where the App is installed; see its key"),
    Watched(MISSED, timedelta(hours=1), "GitHub's log of deliveries is not compared with what came"),
    Watched(INTAKE, timedelta(hours=2), "deliveries do not arrive here; see the webhook's address and the proxy"),
)
"""Each with how long it may be silent. Intake counts as alive while GitHub's log shows nothing that did not arrive."""


@dataclass(slots=True)
class Readers:
    """Answers live questions about repositories, once there is an App."""

    settings: HostingSettings
    clock: Clock
    app: Callable[[], AppIdentity | None]
    made: tuple[AppIdentity, Inspector] | None = field(default=None, repr=False)

    def __call__(self) -> Inspector | None:
        """None while there is none."""
        app = self.app()
        if app is None:
            return None
        if self.made is None or self.made[0] != app:
            tokens = Tokens(
                as_app(app, self.settings), self._connect, self.clock.now, permissions=(READS_WITH_TEAMS, READS)
            )
            room = ReadingRoom(tokens, self._keyring(), self.clock, self.settings.server_url)
            self.made = app, Inspector(room)
        return self.made[1]

    def _connect(self, token: str, _installation: int) -> Client:
        return Client.connect(token, self.settings.api_url, write_pause=self.settings.write_pause)

    def _keyring(self) -> Keyring:
        return keyring_of_keys(with_own_key(self.settings).keys)


@dataclass(frozen=True, slots=True)
class Web:
    """What the web is made of, but for what belongs to an entry point."""

    settings: HostingSettings
    database: Database
    clock: Clock
    http: "httpx.Client"
    credentials: Credentials

    @property
    def sessions(self) -> Sessions:
        """Who is signed in."""
        return Sessions(self.database)

    @property
    def directory(self) -> Directory:
        """What the tables say."""
        return Directory(self.database)

    @property
    def conversions(self) -> ManifestFlow:
        """The end of the manifest flow."""
        return ManifestFlow(self.http, self.settings.api_url)

    @property
    def doorman(self) -> SignIn:
        """Who somebody is."""
        return SignIn(self.http, self.settings.server_url, self.settings.api_url)

    @property
    def redrive(self) -> Redrive:
        """Dead letters, once more."""
        return Redrive(Inbox(self.database), DeadJobs(self.database), JobQueue.on(self.database))

    def refresh_soon(self) -> None:
        """With the next tick of whichever process."""
        Ticks(self.database).release(INSTALLATIONS)

    def alarm(self, started: datetime) -> Alarm:
        """The dead man's switch."""
        heart = Heartbeat(self.http, self.settings.heartbeat_url) if self.settings.heartbeat_url else None
        return Alarm(WATCHED, self.directory.last, started, heart, lambda words: LOG.error("%s", words))

    def manifest(self, name: str) -> Mapping[str, object]:
        """The App to make: permissions and events are those that the code uses."""
        events = subscribed()
        return manifest(self.settings.base_url, name, permissions(ASKED, events), events)

    def ledger_key(self) -> str:
        """Public half, as PEM; made if none is given and none is there. Raises UsageError."""
        signer = keyring_of_keys(self.settings.keys).signer
        return public_pem(signer.public_key if signer else self.credentials.ledger_key())


def check_files(files: Mapping[str, bytes]) -> Mapping[str, object]:
    """`reassay/check/v1` of files by path."""
    return check_document(read_register(GivenFiles(files)))


@contextmanager
def hosted_web(settings: HostingSettings, database: Database, clock: Clock) -> Iterator[Web]:
    """Closes its connections at the end of the block."""
    import httpx

    with httpx.Client(timeout=20.0, follow_redirects=False) as http:
        yield Web(settings, database, clock, http, Credentials(settings.data))
