"""A re-assessment, as it follows from its ledger entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, TypeVar

from reassay.ledger.answers import Attached
from reassay.ledger.believed_basis import believed
from reassay.ledger.deferrals import Extended, SideExit
from reassay.ledger.entry import (
    Body,
    CommentRef,
    Decided,
    Entry,
    Joined,
    Observation,
    Opened,
    Proposed,
    Superseded,
    Trigger,
)
from reassay.ledger.pull_requests import Landed
from reassay.ledger.risks import Corrected
from reassay.register.base import Depth

BodyT = TypeVar("BodyT")


@dataclass(frozen=True, slots=True)
class LedgerRecord:
    """A record with the data of its entry."""

    seq: int
    at: datetime
    body: Body
    actor: int | None = None
    comment: CommentRef | None = None
    signed: bool = False

    @staticmethod
    def of(entry: Entry) -> LedgerRecord:
        """The record of an entry."""
        return LedgerRecord(entry.seq, entry.recorded_at, entry.body, entry.actor, entry.comment, entry.signed)


@dataclass(frozen=True, slots=True)
class Reassessment:
    """A re-assessment: its subject, state, and everything that was recorded about it."""

    opened: Opened
    opened_seq: int
    opened_at: datetime
    opened_signed: bool
    """Whether the opening entry is signed with the ledger's key."""
    cells: tuple[str, ...]
    triggers: tuple[Trigger, ...]
    due: date
    depth: Depth
    issue: int | None = None
    """Number of its issue; None until it is recorded."""
    state: Literal["open", "decided", "superseded", "side-exit"] = "open"
    closed_at: datetime | None = None
    decided: Decided | None = None
    decided_by: int | None = None
    decided_seq: int | None = None
    superseded: Superseded | None = None
    side_exit: SideExit | None = None
    extensions: int = 0
    landed: bool | None = None
    """Whether the pull request was merged with the decided content; None until that is recorded."""
    withdrawn_seq: int | None = None
    """Seq of the entry that withdrew the decision, which is kept but no longer counts."""
    log: tuple[LedgerRecord, ...] = ()
    """All further records, in order."""

    @property
    def id(self) -> str:
        """Its id, e.g. R-2026-001."""
        return self.opened.reassessment

    @property
    def subject(self) -> str:
        """Id of the mitigation, or of the commitment."""
        return self.opened.subject

    @property
    def due_at(self) -> datetime | None:
        """The instant at which it is due, if the trigger that sets its due date has an hour; None otherwise."""
        return instant_due(self.triggers, self.due)

    @property
    def counts(self) -> bool:
        """Whether its decision counts: made, not withdrawn, and about content in force."""
        return self.stands and (self.opened.proposal is None or self.landed is True)

    @property
    def stands(self) -> bool:
        """Whether it was decided and not withdrawn, also for a pull request that is not merged yet."""
        return self.decided is not None and self.withdrawn_seq is None

    @property
    def proposal(self) -> Proposed | None:
        """The pull request that it was opened for; None for content in force."""
        return self.opened.proposal

    def records_of(self, kind: type[BodyT]) -> Iterator[tuple[LedgerRecord, BodyT]]:
        """Records of one kind, in order."""
        return ((record, record.body) for record in self.log if isinstance(record.body, kind))

    def add(self, record: LedgerRecord) -> Reassessment:
        """The re-assessment with one more record. After closing, only corrections and its pull request change it."""
        kept = replace(self, log=(*self.log, record))
        body = record.body
        if isinstance(body, Corrected) and body.how == "withdraw" and self.decided and self.withdrawn_seq is None:
            return replace(kept, withdrawn_seq=record.seq)
        if isinstance(body, Landed) and self.decided:
            return replace(kept, landed=body.merged)
        return _moved(kept, record) if self.state == "open" else kept


def opened(entry: Entry, body: Opened) -> Reassessment:
    """A re-assessment as of its opening."""
    return Reassessment(
        opened=body,
        opened_seq=entry.seq,
        opened_at=entry.recorded_at,
        opened_signed=entry.signed,
        cells=body.cells,
        triggers=body.triggers,
        due=body.due,
        depth=body.depth,
    )


def _moved(reassessment: Reassessment, record: LedgerRecord) -> Reassessment:
    match record.body:
        case Joined() as joined:
            return replace(
                reassessment,
                cells=joined.cells,
                triggers=(*reassessment.triggers, *joined.triggers),
                due=min(reassessment.due, joined.due),
                depth=joined.depth,
            )
        case Extended() as extended:
            return replace(reassessment, due=extended.until, extensions=reassessment.extensions + 1)
        case Decided() as decided:
            return replace(
                reassessment,
                state="decided",
                decided=believed(decided, [body for _, body in reassessment.records_of(Attached)]),
                decided_by=record.actor,
                decided_seq=record.seq,
                closed_at=record.at,
            )
        case Superseded() as superseded:
            return replace(reassessment, state="superseded", superseded=superseded, closed_at=record.at)
        case SideExit() as side_exit:
            return replace(reassessment, state="side-exit", side_exit=side_exit, closed_at=record.at)
        case _:
            return reassessment


def decision_of(entry: Entry, body: Decided, reassessment: Reassessment | None) -> Decided:
    """The decision that an entry records, with a basis that its evidence bears."""
    if reassessment is not None and reassessment.decided is not None and reassessment.decided_seq == entry.seq:
        return reassessment.decided
    return body


def numbers_of(body: Body) -> Iterator[tuple[str, int]]:
    """Ids of re-assessments and numbers of their issues, as a sweep observed them."""
    if isinstance(body, Observation):
        yield from ((issue.reassessment, issue.issue) for issue in body.issues)


def instant_due(triggers: Iterable[Trigger], due: date) -> datetime | None:
    """The earliest instant of the triggers that are due on that day; None if none of them has an hour."""
    return min((trigger.due_at for trigger in triggers if trigger.due_at and trigger.due == due), default=None)
