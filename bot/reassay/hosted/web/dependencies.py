"""Dependencies of the web pages and the API. They use nothing else, so several servers can run in one process."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from fastapi import Path

from reassay.github.app_types import AppIdentity
from reassay.github.manifest_flow import ManifestFlow
from reassay.github.sign_in import OAuthClient
from reassay.hosted.alarm import Alarm
from reassay.hosted.jobs.dead_letters import DeadLetters
from reassay.hosted.rules.overview import DeadLetter
from reassay.hosted.settings import HostingSettings
from reassay.hosted.web.inspector import Inspector
from reassay.hosted.web.overview import Overview
from reassay.hosted.web.sessions import Sessions, SetupCode
from reassay.hosted.web.stored_dashboards import StoredDashboards

Document = Mapping[str, object]
LetterNumber = Annotated[int, Path(ge=1, le=2**63 - 1)]
"""Number of a dead letter in a path, as large as the database has them."""


@dataclass(slots=True)
class CurrentApp:
    """The App that acts. It can be set up while the server runs."""

    app: AppIdentity | None
    """None until it is set up."""
    keep: Callable[[AppIdentity], None]
    """Stores it durably. Raises UsageError."""
    listeners: list[Callable[[AppIdentity], None]] = field(default_factory=list)
    """Called once the App is stored."""

    def created(self, app: AppIdentity) -> None:
        """Stores the App, then uses it."""
        self.keep(app)
        self.app = app
        for listener in self.listeners:
            listener(app)

    @property
    def signs_in(self) -> bool:
        """Whether people can sign in with GitHub."""
        return self.app is not None and self.app.signs_in


@dataclass(frozen=True, slots=True)
class WebDependencies:
    """Dependencies of all pages and of the API."""

    settings: HostingSettings
    now: Callable[[], datetime]
    current: CurrentApp
    setup_code: SetupCode
    manifest_flow: ManifestFlow
    oauth: OAuthClient
    sessions: Sessions
    overview: Overview
    dashboards: StoredDashboards
    dead_letters: DeadLetters
    redrive: Callable[[DeadLetter, datetime], bool]
    """Retries a dead letter; False if it is gone."""
    inspector: Callable[[], Inspector | None]
    """None while no App is set up."""
    check: Callable[[Mapping[str, bytes]], Document]
    """`reassay/check/v1` of files by path."""
    alarm: Alarm
    manifest: Callable[[str], Mapping[str, object]]
    """Manifest of the App to create, by its name."""
    ledger_key: Callable[[], str]
    """Public half, as PEM, of the key that signs ledgers; made at set-up if there is none. Raises UsageError."""
    refresh_soon: Callable[[], None]
    """Lists installations and repositories again, soon."""
    signs_with: Callable[[], str] = str
    """Id of the key that signs ledgers; empty if none is configured."""
    deliveries: Callable[[], Mapping[str, int]] = dict
    """Number of deliveries by outcome since this process started."""
    messages: Callable[[], Mapping[str, int]] = dict
    """Number of messages of monitoring tools by outcome since this process started."""
