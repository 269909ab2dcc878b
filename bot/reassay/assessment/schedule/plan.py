"""Desired versus current: which re-assessments to open, to join, to supersede. Pure; `services` carries it out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from reassay.approvals.digests import content_of
from reassay.assessment.cells import CellStatus, Situation
from reassay.assessment.checklists import as_data, checklist
from reassay.assessment.schedule.opening import opening
from reassay.assessment.schedule.progress import progress
from reassay.assessment.schedule.queue import QueuedSubject, asking_cells, opening_queue
from reassay.assessment.subjects import not_assessed
from reassay.assessment.triggers import manual
from reassay.assessment.triggers.base import Fired
from reassay.common.canonical import canonical, digest
from reassay.ledger.entry import CommentRef, Joined, Opened, Place, Record, Superseded
from reassay.ledger.history import Reassessment
from reassay.register.base import Depth


@dataclass(frozen=True, slots=True)
class Claim:
    """What only the run itself can know of a re-assessment it opens."""

    run: str
    nonces: Sequence[str]
    """Random, one for each that may be opened: their number is the most that are."""
    lease_until: datetime
    """Until then no other run creates these issues."""
    commit: str
    """Of the register."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Somebody asks for a re-assessment of a mitigation or a commitment, now."""

    subject: str
    by: str
    account_id: int | None
    because: str
    depth: str | None = None
    """`light` or `full`, where the person says so."""
    comment: CommentRef | None = None
    """In which it was asked."""

    @property
    def text(self) -> bytes:
        """What the person wrote, as the object that the trigger names."""
        return canonical(self.because)

    @property
    def about(self) -> str:
        """What tells this request from others."""
        return f"request {digest(self.text)[-12:]}"

    def met_by(self, situation: Situation) -> Reassessment | None:
        """The open re-assessment that this very request opened or joined."""
        found = situation.history.open_for(situation.history.present(self.subject))
        mine = (each for each in found.triggers if each.kind == manual.KIND) if found else ()
        return found if any((each.about, each.requested_by) == (self.about, self.account_id) for each in mine) else None


@dataclass(frozen=True, slots=True)
class PlannedRecords:
    """Records to append, with the objects they name."""

    records: tuple[Record, ...] = ()
    objects: Mapping[str, bytes] = field(default_factory=dict)
    """By digest."""
    left: int = 0
    """How many openings are due but wait for another pass."""


def plan(situation: Situation, claim: Claim, asks: Sequence[Ask] = ()) -> PlannedRecords:
    """Everything the ledger should say and does not. Planning again after appending it gives nothing."""
    cells = _with_asks(situation.cells, asks, situation)
    changes = _changes(cells, situation)
    queue = opening_queue(situation, asking_cells(cells, situation))
    ready = [item for item in queue if item.opens <= situation.today or _asked(item)]
    opened: list[Opened] = []
    objects: dict[str, bytes] = {digest(ask.text): ask.text for ask in asks}
    for item, nonce in zip(ready, claim.nonces, strict=False):
        name = situation.history_index.next_id(situation.today.year, len(opened))
        body, items = _claimed(item, name, nonce, claim, situation)
        objects[body.checklist] = items
        opened.append(body)
    records = tuple(record_of(body, asks) for body in (*changes, *opened))
    return PlannedRecords(records, objects if records else {}, left=len(ready) - len(opened))


def _changes(cells: Iterable[CellStatus], situation: Situation) -> list[Joined | Superseded]:
    """Of open re-assessments, in order of opening. What a pull request proposes is judged by that pull request."""
    by_subject: dict[str, list[CellStatus]] = {}
    for cell in cells:
        by_subject.setdefault(cell.subject, []).append(cell)
    return [
        change
        for reassessment in situation.history.open
        if reassessment.proposal is None
        and (change := progress(reassessment, by_subject.get(reassessment.subject, ()), situation))
    ]


def _claimed(item: QueuedSubject, name: str, nonce: str, claim: Claim, situation: Situation) -> tuple[Opened, bytes]:
    """The claim of a re-assessment by this run, and its questions as the object that the claim names."""
    subject, register = item.subject, situation.register
    at = register.place_of(subject.id)
    draft = opening(item, name, Place(commit=claim.commit, path=at.path, line=at.line), situation)
    screening = [trigger.screening for trigger in draft.triggers if trigger.screening]
    items = canonical(as_data(checklist(subject, draft.cells, draft.depth, register, screening)))
    mine = {
        "nonce": nonce,
        "run": claim.run,
        "lease_until": claim.lease_until,
        "checklist": digest(items),
        "content": content_of(subject.id, draft.cells, register),
    }
    return draft.model_copy(update=mine), items


def _with_asks(cells: Sequence[CellStatus], asks: Sequence[Ask], situation: Situation) -> tuple[CellStatus, ...]:
    for ask in asks:
        entry = situation.register.subjects.get(ask.subject)
        if entry is None or not_assessed(entry.value, situation.register, situation.today):
            continue
        depth = Depth(ask.depth) if ask.depth else None
        fired = Fired(
            manual.KIND,
            manual.REASON,
            requested_by=ask.account_id,
            about=ask.about,
            depth=depth,
            because=digest(ask.text),
        )
        cells = tuple(
            replace(cell, results=(*cell.results, fired)) if cell.subject == ask.subject else cell for cell in cells
        )
    return tuple(cells)


def _asked(item: QueuedSubject) -> bool:
    return any(fired.kind == manual.KIND for cell in item.cells for fired in cell.fired)


def record_of(body: Opened | Joined | Superseded, asks: Sequence[Ask] = ()) -> Record:
    """With whoever asked for it, and where."""
    about = {trigger.about for trigger in body.triggers} if not isinstance(body, Superseded) else set()
    ask = next((each for each in asks if each.about in about), None)
    return Record(body=body, actor=ask.account_id if ask else None, comment=ask.comment if ask else None)
