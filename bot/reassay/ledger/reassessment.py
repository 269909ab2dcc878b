"""One re-assessment as the entries add up to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, TypeVar

from reassay.ledger.deferring import Extended, SideExit
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
from reassay.ledger.gating import Landed
from reassay.ledger.risks import Corrected
from reassay.register.base import Depth

BodyT = TypeVar("BodyT")


@dataclass(frozen=True, slots=True)
class Noted:
    """A record with what its entry says of it."""

    seq: int
    at: datetime
    body: Body
    actor: int | None = None
    comment: CommentRef | None = None
    signed: bool = False

    @staticmethod
    def of(entry: Entry) -> Noted:
        """From an entry."""
        return Noted(entry.seq, entry.recorded_at, entry.body, entry.actor, entry.comment, entry.signed)


@dataclass(frozen=True, slots=True)
class Reassessment:
    """One re-assessment: what it is about, how it stands, and everything that was recorded of it."""

    opened: Opened
    opened_seq: int
    opened_at: datetime
    opened_signed: bool
    """Whether that entry carries the signature of the ledger's key."""
    cells: tuple[str, ...]
    triggers: tuple[Trigger, ...]
    due: date
    depth: Depth
    issue: int | None = None
    """Number of its issue, once recorded."""
    state: Literal["open", "decided", "superseded", "side-exit"] = "open"
    closed_at: datetime | None = None
    decided: Decided | None = None
    decided_by: int | None = None
    decided_seq: int | None = None
    superseded: Superseded | None = None
    side_exit: SideExit | None = None
    extensions: int = 0
    landed: bool | None = None
    """Whether the pull request was merged with the very content that was decided about; None while that is not known."""
    withdrawn_seq: int | None = None
    """The entry that withdrew the decision; it stays as it was, and counts for nothing."""
    log: tuple[Noted, ...] = ()
    """What else was recorded about it, in order."""

    @property
    def id(self) -> str:
        """For example R-2026-001."""
        return self.opened.reassessment

    @property
    def subject(self) -> str:
        """Id of the mitigation, or of the commitment."""
        return self.opened.subject

    @property
    def counts(self) -> bool:
        """Whether its decision is to be believed: made, not withdrawn, and about what is in force."""
        return self.stands and (self.opened.proposal is None or self.landed is True)

    @property
    def stands(self) -> bool:
        """Whether it was decided, and not withdrawn; one about a pull request stands before that is merged."""
        return self.decided is not None and self.withdrawn_seq is None

    @property
    def proposal(self) -> Proposed | None:
        """The pull request that it was opened from."""
        return self.opened.proposal

    def noted(self, kind: type[BodyT]) -> Iterator[tuple[Noted, BodyT]]:
        """Records of one kind, in order."""
        return ((each, each.body) for each in self.log if isinstance(each.body, kind))

    def add(self, noted: Noted) -> Reassessment:
        """With one more record about it. What comes after it is closed is kept and changes nothing, except corrections."""
        kept = replace(self, log=(*self.log, noted))
        body = noted.body
        if isinstance(body, Corrected) and body.how == "withdraw" and self.decided and self.withdrawn_seq is None:
            return replace(kept, withdrawn_seq=noted.seq)
        if isinstance(body, Landed) and self.decided:
            return replace(kept, landed=body.merged)
        return _moved(kept, noted) if self.state == "open" else kept


def opened(entry: Entry, body: Opened) -> Reassessment:
    """As it begins."""
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


def _moved(known: Reassessment, noted: Noted) -> Reassessment:
    match noted.body:
        case Joined() as joined:
            return replace(
                known,
                cells=joined.cells,
                triggers=(*known.triggers, *joined.triggers),
                due=min(known.due, joined.due),
                depth=joined.depth,
            )
        case Extended() as extended:
            return replace(known, due=extended.until, extensions=known.extensions + 1)
        case Decided() as decided:
            return replace(
                known,
                state="decided",
                decided=decided,
                decided_by=noted.actor,
                decided_seq=noted.seq,
                closed_at=noted.at,
            )
        case Superseded() as superseded:
            return replace(known, state="superseded", superseded=superseded, closed_at=noted.at)
        case SideExit() as side_exit:
            return replace(known, state="side-exit", side_exit=side_exit, closed_at=noted.at)
        case _:
            return known


def numbers_of(body: Body) -> Iterator[tuple[str, int]]:
    """Re-assessments and the numbers of their issues, as a sweep saw them."""
    if isinstance(body, Observation):
        yield from ((each.reassessment, each.issue) for each in body.issues)
