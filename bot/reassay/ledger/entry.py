"""Kinds of ledger entries.

Entries name people by account id only. Free text is kept in separate objects, which entries name by digest, so that a
text can be removed without breaking the chain.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, SerializerFunctionWrapHandler, StringConstraints, model_serializer

from reassay.ledger.answers import Answered, Attached, Dissented, SignedOff, Withdrawn
from reassay.ledger.criterion_result import Basis, CriterionResult
from reassay.ledger.dashboard import DashboardBody
from reassay.ledger.deferrals import Extended, Held, Released, SideExit, Snoozed, WaitingOn, Waived
from reassay.ledger.digests import ContentDigest, Digest, NameDigest, Nonce
from reassay.ledger.follow_ups import FollowUp, FollowUpChecked, FollowUpClaimed, FollowUpDone, FollowUpIssue
from reassay.ledger.keys import KeyAdded, KeyRevoked
from reassay.ledger.protection import Protection
from reassay.ledger.pull_requests import (
    ChangeAnswered,
    ChangeDissented,
    ChangeHeld,
    ChangeReleased,
    ChangeSigned,
    ChangeWithdrawn,
    Landed,
    Overridden,
)
from reassay.ledger.risks import Accepted, Asserted, Contained, Corrected, Ratified, Triaged
from reassay.ledger.runs import RunEnded, RunRefused, RunRegistered
from reassay.ledger.signals import SignalBody
from reassay.ledger.sweep_records import (
    BotWasDown,
    Bypass,
    BypassClaimed,
    BypassIssue,
    FirstSeen,
    Missed,
    PolicyChanged,
    ProtectionChanged,
    ReadableAgain,
    Removed,
    RoleChanged,
    UnreadableClaimed,
    UnreadableIssue,
)
from reassay.register.base import Depth, Id, Strict

ReassessmentId = Annotated[str, StringConstraints(pattern=r"^R-\d{4}-\d{3,}$")]
Decision = Literal["effective", "degraded", "ineffective", "inconclusive"]
DeploymentDecision = Literal["continue", "restrict", "withdraw"]
Mode = Literal["remind", "record", "advise", "enforce"]


class Trigger(Strict):
    """The reason for a re-assessment."""

    kind: str
    reason: str
    """One sentence for people."""
    due: date | None = None
    """Due date; None for the standard time after opening."""
    cells: tuple[str, ...]
    """Deployments concerned."""
    requested_by: int | None = None
    """Account id of the person who requested it, if any."""
    because: Digest | None = None
    """Digest of that person's text."""
    about: str = ""
    """Id of the cause, where a kind can have several: an incident, a sibling, a commitment."""
    depth: Depth | None = None
    """Required depth, if the trigger states one."""
    before_change: bool = False
    """Whether it must be decided before the change is made available."""
    screening: str | None = None
    """A screening question; the re-assessment continues only after a yes."""
    due_at: datetime | None = None
    """The instant of a deadline that has an hour; None for a date alone, and in entries of earlier versions."""

    @model_serializer(mode="wrap")
    def _without_what_is_absent(self, serialise: SerializerFunctionWrapHandler) -> dict[str, object]:
        # Entries that were written before the field existed must keep their bytes.
        written: dict[str, object] = serialise(self)
        if self.due_at is None:
            written.pop("due_at", None)
        return written


class Place(Strict):
    """Place of the mitigation in the register at the time of recording."""

    commit: str
    path: str
    line: int


class Proposed(Strict):
    """The pull request whose proposed content is re-assessed."""

    pull: Annotated[int, Field(ge=1)]
    base: str
    """Base branch of the pull request."""


class Opened(Strict):
    """A re-assessment was opened. The record is the claim, and comes before the issue is created."""

    kind: Literal["opened"] = "opened"
    reassessment: ReassessmentId
    nonce: Nonce
    """Random text in the issue's body, by which the issue is found until its number is recorded."""
    run: str
    """The run that creates the issue; other runs wait until `lease_until`."""
    lease_until: datetime
    subject: Id
    """Id of the mitigation, or of the commitment with an own clock; ids are unique across both."""
    version: int
    cells: Annotated[tuple[str, ...], Field(min_length=1)]
    depth: Depth
    triggers: Annotated[tuple[Trigger, ...], Field(min_length=1)]
    opened_on: date
    due: date
    checklist: Digest
    """Digest of the checklist as of opening."""
    place: Place
    previous: ReassessmentId | None = None
    paced: bool = False
    """Whether it counts for the pacing of a first run."""
    content: ContentDigest | None = None
    """Digest of the subject and the deployments covered, as of opening."""
    proposal: Proposed | None = None
    """The pull request that requires it before its change is made available; None otherwise."""


class Joined(Strict):
    """Triggers or cells were added. The due date can only move earlier and the depth only become deeper."""

    kind: Literal["due"] = "due"
    reassessment: ReassessmentId
    cells: tuple[str, ...]
    """All cells covered from now on."""
    triggers: tuple[Trigger, ...]
    """Triggers that were added."""
    due: date
    depth: Depth


class NextDue(Strict):
    """Next due date of a cell by its interval; None without an interval."""

    cell: str
    due: date | None


def basis_word(recorded: Basis) -> Basis:
    """The word that views show for a recorded basis: only a census was ever recorded as `measured`."""
    return "counted" if recorded == "measured" else recorded


class Decided(Strict):
    """The decision of a re-assessment. It is immutable; a correction is another entry."""

    kind: Literal["decided"] = "decided"
    reassessment: ReassessmentId
    subject: Id
    version: int
    cells: tuple[str, ...]
    decision: Decision
    deployment_decision: DeploymentDecision | None = None
    basis: Basis = "attested"
    """Basis of the decision; `attested` is a person's statement alone."""
    criteria: tuple[CriterionResult, ...] = ()
    """Verdict on each criterion."""
    mode: Mode = "remind"
    """Mode at the time of the decision; `remind` requires no answers and no sign-offs."""
    self_assessed: bool
    because: Digest | None = None
    follow_ups: tuple[FollowUp, ...] = ()
    decided_on: date
    next_due: tuple[NextDue, ...]
    snapshot: Digest
    """Digest of the subject and its context, as of the decision."""
    content: ContentDigest
    """Digest of the subject in the form c14n/1."""
    covered: ContentDigest | None = None
    """For a pull request: digest of the subject and the deployments covered, the only content that may be merged."""

    @property
    def not_measured(self) -> tuple[str, ...]:
        """Names of the criteria that nobody measured."""
        return tuple(criterion.name for criterion in self.criteria if criterion.verdict == "not-measured")

    @property
    def verdict(self) -> str:
        """The decision with its basis; the word is never shown alone."""
        return f"{self.decision} ({basis_word(self.basis)}{', self-assessed' if self.self_assessed else ''})"


class Superseded(Strict):
    """Closed because it is no longer due; moves no clock."""

    kind: Literal["superseded"] = "superseded"
    reassessment: ReassessmentId
    reason: str


class IssueNumber(Strict):
    """Number of a re-assessment's issue."""

    reassessment: ReassessmentId
    issue: int


class ObservedName(Strict):
    """The account or team to which a name of the register led when it was first observed."""

    name: NameDigest
    id: Annotated[int, Field(ge=1)]
    """Account or team id."""


class Observation(Strict):
    """Observations of a sweep: issue numbers, and a sign of life."""

    kind: Literal["observation"] = "observation"
    issues: tuple[IssueNumber, ...] = ()
    """Issue numbers that were not recorded before."""
    swept: bool = False
    """Whether this is the sign of life of a sweep, recorded once for each day on which it ran."""
    names: tuple[ObservedName, ...] = ()
    """Names of the register whose account or team was not recorded before. Absent if there are none."""
    dropped: tuple[NameDigest, ...] = ()
    """Digests of recorded names that the register no longer has. Absent if there are none."""
    configuration: str | None = None
    """Commit of the earlier configuration that was in force, because that of `register_commit` could not be read. Absent if
    it could."""
    protection: Protection | None = None
    """What protects the two branches, where it was not recorded before. Absent otherwise."""

    @model_serializer(mode="wrap")
    def _without_absent(self, dump: SerializerFunctionWrapHandler) -> dict[str, object]:
        """Entries without these fields stay what they were, byte for byte."""
        fields: dict[str, object] = dump(self)
        absent = {"names", "dropped", "configuration", "protection"}
        return {key: value for key, value in fields.items() if value or key not in absent}


Body = Annotated[
    Opened
    | Joined
    | Decided
    | Superseded
    | Observation
    | KeyAdded
    | KeyRevoked
    | Waived
    | Answered
    | SignedOff
    | Withdrawn
    | Dissented
    | Attached
    | Extended
    | Snoozed
    | WaitingOn
    | Held
    | Released
    | SideExit
    | Accepted
    | Contained
    | Ratified
    | Asserted
    | Triaged
    | Corrected
    | Missed
    | BotWasDown
    | RoleChanged
    | PolicyChanged
    | ProtectionChanged
    | Bypass
    | ChangeAnswered
    | ChangeSigned
    | ChangeWithdrawn
    | ChangeHeld
    | ChangeReleased
    | ChangeDissented
    | Overridden
    | Landed
    | FirstSeen
    | BypassClaimed
    | BypassIssue
    | Removed
    | UnreadableClaimed
    | UnreadableIssue
    | ReadableAgain
    | RunRegistered
    | RunEnded
    | RunRefused
    | FollowUpClaimed
    | FollowUpIssue
    | FollowUpDone
    | FollowUpChecked
    | DashboardBody
    | SignalBody,
    Field(discriminator="kind"),
]


class CommentRef(Strict):
    """The comment that led to an entry."""

    id: int
    index: Annotated[int, Field(ge=0)] = 0
    """Number of the command in the comment, from 0."""
    body_sha256: str
    created_at: datetime
    issue: int
    on: Literal["issue", "pull-request"] = "issue"


class LedgerIdentity(Strict):
    """Identity of a ledger, by which an entry copied from another repository is found."""

    host: str
    repository_id: int
    ledger_id: str


class Entry(Strict):
    """One link of the chain."""

    seq: Annotated[int, Field(ge=1)]
    prev: Digest | None
    """Digest of the entry before; None for the first."""
    ledger: LedgerIdentity
    mode: Mode = "remind"
    signed: bool = False
    """Whether it was written with a key; the signature is in the envelope."""
    recorded_at: datetime
    """UTC, by the clock of the run that wrote the entry."""
    base_ref: str
    register_commit: str
    policy: ContentDigest | None = None
    """Digest of the configuration in force with its defaults, and of the standard checklists."""
    actor: int | None = None
    """Account id of the person who requested it; None for the bot."""
    comment: CommentRef | None = None
    body: Body

    @property
    def about(self) -> str:
        """The subject of the entry: `re-assessment/ID`, `pull-request/NUMBER` or `repository`."""
        reassessment, pull = reassessment_of(self.body), getattr(self.body, "pull", None)
        if reassessment:
            return f"re-assessment/{reassessment}"
        return f"pull-request/{pull}" if pull else "repository"


class Record(Strict):
    """A body to append, with the person and the comment behind it."""

    body: Body
    actor: int | None = None
    comment: CommentRef | None = None


def reassessment_of(body: Body) -> str | None:
    """Id of the re-assessment that a record belongs to; None if it belongs to the repository."""
    name = getattr(body, "reassessment", None)
    return str(name) if name else None


_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def named_objects(entry: Entry) -> frozenset[str]:
    """Digests of the objects that an entry names; empty for entries about keys."""
    if isinstance(entry.body, KeyAdded | KeyRevoked):
        return frozenset()
    return frozenset(_digests(entry.body.model_dump(mode="json")))


def _digests(value: object) -> Iterator[str]:
    if isinstance(value, str):
        if _DIGEST.fullmatch(value):
            yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _digests(item)
    elif isinstance(value, list):
        for item in value:
            yield from _digests(item)
