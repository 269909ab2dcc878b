"""What the ledger records, kind by kind. The wording is "recorded", never "signed by": mode `remind` has no key.

Account ids only; free text stands in objects of its own, named here by digest, so that removing one breaks nothing.
"""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from reassay.ledger.answering import Answered, Attached, Dissented, SignedOff, Withdrawn
from reassay.ledger.bypassing import BypassClaimed, BypassIssue
from reassay.ledger.deferring import Extended, Held, Released, SideExit, Snoozed, WaitingOn, Waived
from reassay.ledger.digests import ContentDigest, Digest, Nonce
from reassay.ledger.gating import (
    ChangeAnswered,
    ChangeDissented,
    ChangeHeld,
    ChangeReleased,
    ChangeSigned,
    ChangeWithdrawn,
    Landed,
    Overridden,
)
from reassay.ledger.keys import KeyAdded, KeyRevoked
from reassay.ledger.risks import Accepted, Asserted, Contained, Corrected, Ratified, Triaged
from reassay.ledger.watching import BotWasDown, Bypass, FirstSeen, Missed, PolicyChanged, RoleChanged
from reassay.register.base import Depth, Id, Strict

ReassessmentId = Annotated[str, StringConstraints(pattern=r"^R-\d{4}-\d{3,}$")]
Decision = Literal["effective", "degraded", "ineffective", "inconclusive"]
DeploymentDecision = Literal["continue", "restrict", "withdraw"]
Basis = Literal["measured", "exercised", "judged", "attested"]
Mode = Literal["remind", "record", "advise", "enforce"]


class Trigger(Strict):
    """Why a re-assessment is wanted."""

    kind: str
    reason: str
    """One sentence for people."""
    due: date | None = None
    """When it must be decided; None: so long after opening as people are given."""
    cells: tuple[str, ...]
    """Deployments it is about."""
    requested_by: int | None = None
    """Account id, where somebody asked."""
    because: Digest | None = None
    """What they wrote."""
    about: str = ""
    """What set it off, where there can be several of a kind: an incident, a sibling, a commitment."""
    depth: Depth | None = None
    """How thorough it has to be, where the trigger says so."""
    before_change: bool = False
    """Whether it has to be decided before the change is made available."""
    screening: str | None = None
    """A first question, of which only a yes leads further."""


class Place(Strict):
    """Where the mitigation was written when this was recorded."""

    commit: str
    path: str
    line: int


class Proposed(Strict):
    """Opened from a pull request: about what that would merge, not about what is in force."""

    pull: Annotated[int, Field(ge=1)]
    base: str
    """The branch that is merged into."""


class Opened(Strict):
    """A re-assessment exists, and its issue may be created: the claim comes before the issue."""

    kind: Literal["opened"] = "opened"
    reassessment: ReassessmentId
    nonce: Nonce
    """Stands in the issue's body; the issue is found by it while its number is not recorded."""
    run: str
    """The run that creates the issue; another one waits until `lease_until`."""
    lease_until: datetime
    subject: Id
    """Id of the mitigation, or of a commitment with a clock of its own: ids are unique among both."""
    version: int
    cells: Annotated[tuple[str, ...], Field(min_length=1)]
    depth: Depth
    triggers: Annotated[tuple[Trigger, ...], Field(min_length=1)]
    opened_on: date
    due: date
    checklist: Digest
    """The questions, frozen at opening."""
    place: Place
    previous: ReassessmentId | None = None
    paced: bool = False
    """Counted by the pacing of a first run."""
    content: ContentDigest | None = None
    """Of the subject and the deployments covered, as written when this was opened."""
    proposal: Proposed | None = None
    """The pull request that asks for it, where it has to be decided before a change is made available."""


class Joined(Strict):
    """Further triggers or cells; the due date only moves nearer, the depth only deeper."""

    kind: Literal["due"] = "due"
    reassessment: ReassessmentId
    cells: tuple[str, ...]
    """All cells now covered."""
    triggers: tuple[Trigger, ...]
    """The triggers added."""
    due: date
    depth: Depth


class FollowUp(Strict):
    """Something promised, with a date."""

    due: date
    text: Digest


class NextDue(Strict):
    """When a cell is due again by its interval; None if none is stated."""

    cell: str
    due: date | None


class CriterionFound(Strict):
    """How a criterion stood when it was decided."""

    name: str
    verdict: Literal["met", "missed", "not-measured"]
    basis: Basis


class Decided(Strict):
    """What a re-assessment found. Immutable: a wrong one is corrected by another entry."""

    kind: Literal["decided"] = "decided"
    reassessment: ReassessmentId
    subject: Id
    version: int
    cells: tuple[str, ...]
    decision: Decision
    deployment_decision: DeploymentDecision | None = None
    basis: Basis = "attested"
    """What the decision rests on; `attested` is a person's word and nothing else."""
    criteria: tuple[CriterionFound, ...] = ()
    """What the evidence said to each criterion."""
    mode: Mode = "remind"
    """In which mode it was decided: `remind` asks for no answers and no signatures."""
    self_assessed: bool
    because: Digest | None = None
    follow_ups: tuple[FollowUp, ...] = ()
    decided_on: date
    next_due: tuple[NextDue, ...]
    snapshot: Digest
    """The subject and what stood around it, as written when this was decided."""
    content: ContentDigest
    """Of the subject as written: `c14n/1`."""
    covered: ContentDigest | None = None
    """Of the subject and the deployments covered, where it was decided for a pull request: that, and nothing else, may merge."""


class Superseded(Strict):
    """No longer due: a side exit that moves no clock."""

    kind: Literal["superseded"] = "superseded"
    reassessment: ReassessmentId
    reason: str


class IssueNumber(Strict):
    """Which issue shows a re-assessment."""

    reassessment: ReassessmentId
    issue: int


class Observation(Strict):
    """What a sweep saw that the register does not hold."""

    kind: Literal["observation"] = "observation"
    issues: tuple[IssueNumber, ...] = ()
    """Numbers that were not recorded yet."""
    swept: bool = False
    """Whether this is a sweep's sign of life; there is one for each day on which it ran."""


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
    | BypassIssue,
    Field(discriminator="kind"),
]


class CommentRef(Strict):
    """The comment that asked for an entry."""

    id: int
    index: Annotated[int, Field(ge=0)] = 0
    """Which command of the comment, from 0."""
    body_sha256: str
    created_at: datetime
    issue: int
    on: Literal["issue", "pull-request"] = "issue"


class LedgerIdentity(Strict):
    """Which ledger this is: an entry copied from another repository is found by it."""

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
    """Whether it was written with a key; the signature stands beside it, in the envelope."""
    recorded_at: datetime
    """UTC, by the clock of the run that wrote it."""
    base_ref: str
    register_commit: str
    policy: ContentDigest | None = None
    """Of the configuration in force, defaults filled in, and the standard checklists."""
    actor: int | None = None
    """Account id of the person who asked; None if the calendar did."""
    comment: CommentRef | None = None
    body: Body

    @property
    def about(self) -> str:
        """What the entry is about: a re-assessment, a pull request, or the repository."""
        reassessment, pull = reassessment_of(self.body), getattr(self.body, "pull", None)
        if reassessment:
            return f"re-assessment/{reassessment}"
        return f"pull-request/{pull}" if pull else "repository"


class Record(Strict):
    """A body that is yet to be appended, with who asked for it."""

    body: Body
    actor: int | None = None
    comment: CommentRef | None = None


def reassessment_of(body: Body) -> str | None:
    """Which re-assessment a record is about; None if it is about the repository."""
    name = getattr(body, "reassessment", None)
    return str(name) if name else None
