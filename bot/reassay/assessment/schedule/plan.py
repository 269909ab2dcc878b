"""The plan of a sweep: records that open, join and supersede re-assessments. Pure; the room `sweep` appends them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from reassay.assessment.cells import AssessmentInput, CellStatus
from reassay.assessment.checklists import as_data, checklist
from reassay.assessment.content import content_of
from reassay.assessment.rules import as_requested
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
    """Properties of the run that opens re-assessments: its name, nonces, lease and commit."""

    run: str
    nonces: Sequence[str]
    """Random, one for each re-assessment; at most this many are opened."""
    lease_until: datetime
    """Until this instant no other run creates the issues."""
    commit: str
    """Commit of the register."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A person's request for a re-assessment of a mitigation or commitment."""

    subject: str
    by: str
    account_id: int | None
    because: str
    depth: str | None = None
    """`light` or `full`, if the person states it."""
    comment: CommentRef | None = None
    """The comment with the request."""

    @property
    def text(self) -> bytes:
        """The text of the request, as the object that the trigger names by digest."""
        return canonical(self.because)

    @property
    def about(self) -> str:
        """Identifies the request among others."""
        return f"request {digest(self.text)[-12:]}"

    def met_by(self, assessment_input: AssessmentInput) -> Reassessment | None:
        """The open re-assessment that this request opened or joined; None if there is none."""
        reassessment = assessment_input.history.open_for(assessment_input.history.present(self.subject))
        mine = (trigger for trigger in reassessment.triggers if trigger.kind == manual.KIND) if reassessment else ()
        return (
            reassessment
            if any((trigger.about, trigger.requested_by) == (self.about, self.account_id) for trigger in mine)
            else None
        )


@dataclass(frozen=True, slots=True)
class PlannedRecords:
    """The records that a sweep appends to the ledger, with the objects that they name."""

    records: tuple[Record, ...] = ()
    objects: Mapping[str, bytes] = field(default_factory=dict)
    """By digest."""
    left: int = 0
    """The number of openings that are due but left to another run."""


def plan(assessment_input: AssessmentInput, claim: Claim, asks: Sequence[Ask] = ()) -> PlannedRecords:
    """The records that the ledger lacks. Planning again after appending them gives none."""
    cells = _with_requests(assessment_input.cells, asks, assessment_input)
    changes = _changes(cells, assessment_input)
    queue = opening_queue(assessment_input, asking_cells(cells, assessment_input))
    ready = [item for item in queue if item.opens <= assessment_input.today or _is_requested(item)]
    opened: list[Opened] = []
    objects: dict[str, bytes] = {digest(ask.text): ask.text for ask in asks}
    for item, nonce in zip(ready, claim.nonces, strict=False):
        name = assessment_input.history_index.next_id(assessment_input.today.year, len(opened))
        body, items = _claimed(item, name, nonce, claim, assessment_input)
        objects[body.checklist] = items
        opened.append(body)
    records = tuple(record_of(body, asks) for body in (*changes, *opened))
    return PlannedRecords(records, objects if records else {}, left=len(ready) - len(opened))


def _changes(cells: Iterable[CellStatus], assessment_input: AssessmentInput) -> list[Joined | Superseded]:
    """Changes of open re-assessments in order of opening, without those that pull requests propose."""
    by_subject: dict[str, list[CellStatus]] = {}
    for cell in cells:
        by_subject.setdefault(cell.subject, []).append(cell)
    return [
        change
        for reassessment in assessment_input.history.open
        if reassessment.proposal is None
        and (change := progress(reassessment, by_subject.get(reassessment.subject, ()), assessment_input))
    ]


def _claimed(
    item: QueuedSubject, name: str, nonce: str, claim: Claim, assessment_input: AssessmentInput
) -> tuple[Opened, bytes]:
    """The claim of a re-assessment by this run, and its checklist as the object that the claim names."""
    subject, register = item.subject, assessment_input.register
    at = register.place_of(subject.id)
    draft = opening(item, name, Place(commit=claim.commit, path=at.path, line=at.line), assessment_input)
    screening = [trigger.screening for trigger in draft.triggers if trigger.screening]
    items = canonical(
        as_data(checklist(subject, draft.cells, draft.depth, register, assessment_input.today, screening))
    )
    mine = {
        "nonce": nonce,
        "run": claim.run,
        "lease_until": claim.lease_until,
        "checklist": digest(items),
        "content": content_of(subject.id, draft.cells, register),
    }
    return draft.model_copy(update=mine), items


def _with_requests(
    cells: Sequence[CellStatus], asks: Sequence[Ask], assessment_input: AssessmentInput
) -> tuple[CellStatus, ...]:
    for ask in asks:
        entry = assessment_input.register.subjects.get(ask.subject)
        if entry is None or not_assessed(entry.value, assessment_input.register, assessment_input.today):
            continue
        depth = Depth(ask.depth) if ask.depth else None
        request = Fired(
            manual.KIND,
            manual.REASON,
            requested_by=ask.account_id,
            about=ask.about,
            depth=depth,
            because=digest(ask.text),
        )
        fired = as_requested(request, assessment_input.rules_of(ask.subject))
        cells = tuple(
            replace(cell, results=(*cell.results, fired)) if cell.subject == ask.subject else cell for cell in cells
        )
    return tuple(cells)


def _is_requested(item: QueuedSubject) -> bool:
    return any(fired.kind == manual.KIND for cell in item.cells for fired in cell.fired)


def record_of(body: Opened | Joined | Superseded, asks: Sequence[Ask] = ()) -> Record:
    """The record of an event, with actor and comment if a request caused it."""
    about = {trigger.about for trigger in body.triggers} if not isinstance(body, Superseded) else set()
    ask = next((candidate for candidate in asks if candidate.about in about), None)
    return Record(body=body, actor=ask.account_id if ask else None, comment=ask.comment if ask else None)
