"""What the web is given. Everything it does to the world goes through these; nothing is global."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from reassay.github.app_types import AppIdentity, Person
from reassay.hosted.rules.overview import DeadLetter, InstallationRow, Numbers, RepositoryRow
from reassay.hosted.rules.repository import Repository
from reassay.hosted.rules.silence import Silence
from reassay.hosted.settings import HostingSettings
from reassay.hosted.web.setup_code import SetUpGate

Document = Mapping[str, object]


@dataclass(slots=True)
class Identities:
    """The App that acts, as soon as there is one. Intake asks `current` for each delivery, so nothing has to start anew."""

    app: AppIdentity | None
    keep: Callable[[AppIdentity], None]
    """Makes it durable. Raises UsageError."""
    told: list[Callable[[AppIdentity], None]] = field(default_factory=list)
    """Called once it is kept."""

    def current(self) -> AppIdentity | None:
        """None until it is set up."""
        return self.app

    def created(self, app: AppIdentity) -> None:
        """Keeps it first, then uses it."""
        self.keep(app)
        self.app = app
        for each in self.told:
            each(app)


class Conversions(Protocol):
    """GitHub, at the end of the manifest flow."""

    def convert(self, code: str) -> AppIdentity:
        """The App's credentials, once. Raises UpstreamError."""
        ...


class Doorman(Protocol):
    """GitHub, asked who somebody is and what they may read. Methods raise UpstreamError."""

    def address(self, app: AppIdentity, redirect: str, state: str, challenge: str) -> str:
        """Where GitHub asks the person."""
        ...

    def person(self, app: AppIdentity, redirect: str, code: str, verifier: str) -> Person:
        """Who it is, and what they may read now."""
        ...

    def may_read(self, token: str, full_name: str) -> int | None:
        """Id of a repository whose content a token may read."""
        ...

    def is_known(self, token: str) -> bool:
        """Whether GitHub knows this token at all."""
        ...


class Sessions(Protocol):
    """Who is signed in."""

    def open(self, cookie: str, person: Person, now: datetime) -> None:
        """The cookie stands for this person for a while."""
        ...

    def find(self, cookie: str, now: datetime) -> Person | None:
        """Whose cookie it is."""
        ...

    def close(self, cookie: str) -> None:
        """Signed out."""
        ...


class Directory(Protocol):
    """What the tables say."""

    def repositories(self, only: Collection[int] | None) -> tuple[RepositoryRow, ...]:
        """Those of `only`, or all."""
        ...

    def find(self, full_name: str) -> RepositoryRow | None:
        """By name."""
        ...

    def installations(self) -> tuple[InstallationRow, ...]:
        """All."""
        ...

    def dead_letters(self) -> tuple[DeadLetter, ...]:
        """The latest first."""
        ...

    def dead_letter(self, number: int) -> DeadLetter | None:
        """One of them."""
        ...

    def numbers(self, now: datetime) -> Numbers:
        """Figures of this moment."""
        ...

    def last(self) -> Mapping[str, datetime | None]:
        """When each part was last done."""
        ...

    def missing_migrations(self) -> tuple[int, ...]:
        """What the database lacks."""
        ...


class Inspector(Protocol):
    """Answers about one repository, made from what is there now. Methods raise UpstreamError."""

    def cells(self, repository: Repository, subject: str, deployment: str | None) -> Document:
        """Status of one subject."""
        ...

    def status(self, repository: Repository, at: Callable[[str], datetime]) -> Document:
        """Status at another time."""
        ...

    def verdict(self, repository: Repository, pull: int, assumed: tuple[tuple[str, str], ...]) -> Document:
        """The merge verdict."""
        ...


class Watch(Protocol):
    """Knows which parts are silent."""

    def silent(self, now: datetime) -> tuple[Silence, ...]:
        """Raises DatabaseError."""
        ...


@dataclass(frozen=True, slots=True)
class Parts:
    """All of it."""

    settings: HostingSettings
    now: Callable[[], datetime]
    identities: Identities
    gate: SetUpGate
    conversions: Conversions
    doorman: Doorman
    sessions: Sessions
    directory: Directory
    inspector: Callable[[], Inspector | None]
    """None while no App is set up."""
    check: Callable[[Mapping[str, bytes]], Document]
    """`reassay/check/v1` of files by path."""
    redrive: Callable[[DeadLetter, datetime], bool]
    watch: Watch
    manifest: Callable[[str], Mapping[str, object]]
    """The App to make, by the name it shall have."""
    ledger_key: Callable[[], str]
    """Public half, as PEM, of the key that signs ledgers; made at set-up if there is none. Raises UsageError."""
    refresh_soon: Callable[[], None]
    """Installations and repositories are listed anew."""
    deliveries: Callable[[], Mapping[str, int]] = dict
    """By outcome, since the start of this process."""

    @property
    def signs_in(self) -> bool:
        """Whether people can sign in with GitHub."""
        app = self.identities.current()
        return app is not None and app.signs_in
