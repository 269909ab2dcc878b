"""Readings of sources, and the services that a source may use to read: one contract for every kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, Literal, Protocol, TypeVar

from reassay.github.repository_state import LabelledIssue as LabelledIssue  # noqa: PLC0414 -- sources take all values from here
from reassay.ledger.signals import DayCount
from reassay.register.incident import IncidentKind, Severity
from reassay.register.information import InformationKind
from reassay.register.register import Register
from reassay.register.signal_sources import SignalSource

Program = Literal["action", "app"]
"""The Action (and the command line), or the hosted App."""
SpecT_co = TypeVar("SpecT_co", bound=SignalSource, covariant=True)
JsonMap = Mapping[str, object]
LARGEST = 50 * 1024 * 1024
"""Bytes of one answer or file."""


class SourceUnreadError(Exception):
    """The source could not be read, or says something that cannot be understood: it is blind. The message is a sentence."""


@dataclass(frozen=True, slots=True)
class Signal:
    """An incident or information item as a source says it; the source's words are data."""

    key: str
    """Its name in the source."""
    title: str
    first_seen_at: datetime | None
    """None if the source does not say; then it is the time of reading."""
    occurred_at: datetime | None = None
    """None if the source has no instant, for example only a month."""
    resolved_at: datetime | None = None
    severity: Severity | None = None
    """None for that of the source's settings. What is not understood is `critical`, with a problem."""
    incident_kind: IncidentKind | None = None
    information_kind: InformationKind | None = None
    mitigations: tuple[str, ...] = ()
    deployment: str | None = None
    root_cause: str | None = None
    url: str | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class SourceReading:
    """One reading of a source. Nothing in it is a count of zero that the source does not state."""

    signals: tuple[Signal, ...] = ()
    counts: tuple[DayCount, ...] = ()
    """Complete days, UTC."""
    newest: datetime | None = None
    """When its newest item, count or heartbeat was; None if it has none. `silent_after` counts from it."""
    problems: tuple[str, ...] = ()
    """What of it could not be understood, each a sentence with its place. A reading with problems is recorded as failed, and its
    signals and counts are still taken."""
    position: Mapping[str, object] | None = None
    """What the source wants back next time; None keeps the recorded one."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """The answer to a request: status 200, within the limits. Everything else was raised as SourceUnreadError."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in small letters."""


class HttpReader(Protocol):
    """Reads over HTTP with time-outs, retries and a limit of bytes; a secret goes only to the host that it is declared for."""

    def get(self, url: str, *, query: Mapping[str, str] | None = None, secret: str | None = None) -> HttpAnswer:
        """Raises SourceUnreadError."""
        ...

    def post(self, url: str, document: object, *, secret: str | None = None) -> HttpAnswer:
        """Sends JSON. Raises SourceUnreadError."""
        ...


@dataclass(frozen=True, slots=True)
class ReceivedEvent:
    """A webhook at the App, or a `repository_dispatch` event, whose sender was checked."""

    payload: JsonMap
    received_at: datetime


@dataclass(frozen=True, slots=True)
class SourceContext:
    """Everything that reading a source may use; a test gives its own."""

    now: datetime
    register: Register
    http: HttpReader
    file: Callable[[str], bytes | None]
    """The content of a file of the register's commit by path; None if there is none."""
    issues: Callable[[str | None, str], tuple[LabelledIssue, ...]]
    """The issues, open and closed, of a repository (None: this one) with a label; never empty because the label does not exist.
    Raises SourceUnreadError."""
    advisories: Callable[[str, str], tuple[JsonMap, ...]]
    """GitHub's global advisories of an ecosystem and package as its REST API gives them, on all pages, withdrawn ones too. It
    is asked for as `name` or `name@version`, as its parameter `affects` takes it. Raises SourceUnreadError."""
    events: tuple[ReceivedEvent, ...] = ()
    """New events of this source."""
    position: Mapping[str, object] | None = None
    """What the last reading wanted back; None before the first."""


@dataclass(frozen=True, slots=True)
class SourceReader(Generic[SpecT_co]):
    """How a kind of source is read."""

    kind: str
    spec: type[SpecT_co]
    programs: frozenset[Program]
    """Where it can be read."""
    is_pushed: bool
    """Whether it comes by itself: nothing new is then no reading, and says nothing."""
    read: Callable[[SpecT_co, SourceContext], SourceReading]
    """Raises SourceUnreadError."""


class NoHttp:
    """The reader of a run that reads nothing over HTTP: it refuses every request."""

    def get(self, url: str, *, query: Mapping[str, str] | None = None, secret: str | None = None) -> HttpAnswer:
        """Raises SourceUnreadError."""
        del query, secret
        raise SourceUnreadError(f"Nothing is read over HTTP here, so {url} was not.")

    def post(self, url: str, document: object, *, secret: str | None = None) -> HttpAnswer:
        """Raises SourceUnreadError."""
        del document, secret
        raise SourceUnreadError(f"Nothing is read over HTTP here, so {url} was not.")
