"""Ledger records of what came from outside the register: signals, the state of their sources, observed deployments.

What a source says is kept as counts, dates and ids. Its words are in separate objects, which entries name by digest, so that a
text can be removed without breaking the chain.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from reassay.ledger.digests import ContentDigest, Digest, Nonce
from reassay.register.base import Id, Line, Strict
from reassay.register.incident import IncidentKind, Severity
from reassay.register.information import InformationKind

SignalId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=130)]
"""Id of a received signal: the id of its source, and a short digest of its key there. It is an id like those of the register."""
SourceState = Literal["read", "failed", "not-read-here"]
"""`not-read-here`: the program that ran cannot read this kind of source, and the other one has not either."""


class ReceivedSignal(Strict):
    """One incident or information item, as a source says it. The same key again is the same one."""

    id: SignalId
    key: Digest
    """Digest of its name in the source: an issue's number, a fingerprint and start, an advisory's id."""
    gives: Literal["incident", "information"]
    first_seen_at: datetime
    """When the source first had it; when it was read, if the source does not say."""
    occurred_at: datetime | None = None
    resolved_at: datetime | None = None
    severity: Severity | None = None
    """Severity of an incident; None for information."""
    incident_kind: IncidentKind | None = None
    information_kind: InformationKind | None = None
    mitigations: tuple[Id, ...] = ()
    """Mitigations that failed, or that it may affect."""
    deployment: Id | None = None
    root_cause: Digest | None = None
    """Digest of the name of its cause; signals of one cause count once."""
    text: Digest | None = None
    """Digest of the object {title, url, root_cause}, in the words of the source."""
    content: ContentDigest
    """Digest of everything that the source says of it but its first date, by which a change is seen."""
    withdrawn: bool = False
    """Whether the source takes it back. It counts until a person triages it: a feed closes nothing."""


class SignalsReceived(Strict):
    """New or changed signals of one source, of one reading."""

    kind: Literal["signals-received"] = "signals-received"
    source: Id
    baseline: bool = False
    """Whether they only set the baseline: the first reading of a source, and an import of many at once. They trigger nothing."""
    signals: Annotated[tuple[ReceivedSignal, ...], Field(min_length=1, max_length=500)]


class DayCount(Strict):
    """A count of one day (UTC)."""

    day: date
    count: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    deployment: Id | None = None


class SourceRead(Strict):
    """The state of a source changed, or it has new counts. Between two of these entries its state stayed the same."""

    kind: Literal["source-read"] = "source-read"
    source: Id
    settings: ContentDigest
    """Digest of the source's settings; with other settings it is another source that was never read."""
    state: SourceState
    why: Line | None = None
    """Why it could not be read, as a sentence without its full stop; None if it could."""
    newest: datetime | None = None
    """When its newest item, count or heartbeat was; None if it has none."""
    counts: tuple[DayCount, ...] = ()
    """Complete days that are new or differ from those recorded: counts of a leading indicator, or exposure."""
    position: Digest | None = None
    """Digest of the object in which the source keeps what it compares with next time, for example the content of techniques."""


class DeploymentObserved(Strict):
    """What the configuration of a product repository says of a deployment; written when it changes, and once a week."""

    kind: Literal["deployment-observed"] = "deployment-observed"
    deployment: Id
    repository: Line
    """`owner/name` of the product repository."""
    settings: ContentDigest
    """Digest of the declared paths in that repository; what was read by other paths says nothing of these."""
    commit: Annotated[str, Field(pattern=r"^([0-9a-f]{40})?$")]
    """Commit that was read; empty if the repository could not be read at all."""
    observed_at: datetime
    by: Literal["read", "dispatch"]
    """`read`: by a sweep itself; `dispatch`: sent by a workflow of the product repository."""
    fields: Mapping[Line, JsonValue] = Field(default_factory=dict)
    """Observed values by field of the deployment."""
    unread: Mapping[Line, Line] = Field(default_factory=dict)
    """Why a declared path could not be read, by field; such a field counts as drifted until it can be."""


class Paged(Strict):
    """A message went out to people at once, or could not."""

    kind: Literal["paged"] = "paged"
    hook: Id
    """Id of the outgoing webhook."""
    about: Line
    """What it was about: kind, id and severity, as `incident/leak/critical`. It is sent once for each hook."""
    delivered: bool
    why: Line | None = None
    """Why it could not be delivered; None if it was."""


class PagingBegan(Strict):
    """An outgoing webhook was configured, or it is told of further severities: what is there already is not told."""

    kind: Literal["paging-began"] = "paging-began"
    hook: Id
    """Id of the outgoing webhook."""
    severities: Annotated[tuple[Severity, ...], Field(min_length=1)]
    """Severities that it is told of from now on."""
    already: tuple[Line, ...] = ()
    """Incidents of these severities that are there already, as in `Paged.about`."""


class TriageClaimed(Strict):
    """Claim of the one issue that lists the received signals which wait for a person's triage."""

    kind: Literal["triage-claimed"] = "triage-claimed"
    nonce: Nonce
    """Random text in the issue's body, by which the issue is found until its number is recorded."""
    run: str
    """The run that creates the issue; other runs wait until `lease_until`."""
    lease_until: datetime


class TriageIssue(Strict):
    """Number of the issue with what waits for triage."""

    kind: Literal["triage-issue"] = "triage-issue"
    nonce: Nonce
    issue: Annotated[int, Field(ge=1)]


class TriageDone(Strict):
    """Nothing waits any more, so the issue is closed. What comes in later gets another one."""

    kind: Literal["triage-done"] = "triage-done"
    nonce: Nonce


SignalBody = (
    SignalsReceived | SourceRead | DeploymentObserved | Paged | PagingBegan | TriageClaimed | TriageIssue | TriageDone
)
"""The records of this module."""
