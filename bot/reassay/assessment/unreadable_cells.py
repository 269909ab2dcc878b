"""The last known cells of a mitigation or commitment that cannot be read any more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from reassay.assessment.cell_status import CellStatus, OpenOrder, State
from reassay.assessment.orders import left_of, order_for
from reassay.assessment.register_index import EVERYWHERE
from reassay.assessment.subjects import cells_of, is_over
from reassay.assessment.triggers.base import LastAssessment
from reassay.assessment.unreadable import UnreadableObject
from reassay.common.calendar import day_words
from reassay.ledger.entry import basis_word
from reassay.ledger.history import LastDecision
from reassay.register.assessable import Assessable
from reassay.register.base import Depth
from reassay.register.commitment import Commitment, Selector, SubjectKind

if TYPE_CHECKING:
    from reassay.assessment.cells import AssessmentInput


def unreadable_cells(subject: UnreadableObject, assessment_input: AssessmentInput) -> tuple[CellStatus, ...]:
    """The status of each last known cell, in order; of everything if none is known."""
    return tuple(_cell(subject, cell, assessment_input) for cell in last_known_cells(subject, assessment_input))


def last_known_cells(subject: UnreadableObject, assessment_input: AssessmentInput) -> tuple[str, ...]:
    """Its cells as it last was, with what is open; else those that its entry names, with all that the ledger has of it."""
    name, last = subject.id or "", assessment_input.last_readable
    before = last.register.subjects.get(name) if last else None
    opened = assessment_input.opened.get(name)
    if before is not None and last is not None:
        named = (*cells_of(before.value, last.register), *(opened.cells if opened else ()))
    else:
        named = (*subject.deployments, *assessment_input.register_index.recorded_cells.get(name, ()))
    return tuple(dict.fromkeys(named)) or (EVERYWHERE,)


def present_cells(subject: Assessable, assessment_input: AssessmentInput) -> tuple[str, ...]:
    """The cells of a subject that can be read, those that are about something that cannot be read included."""
    cells = cells_of(subject, assessment_input.register)
    return (*cells, *(cell for cell in _unread_cells(subject, assessment_input) if cell not in cells))


def cell_of_nothing(subject: Assessable, assessment_input: AssessmentInput) -> CellStatus:
    """The status of a commitment about objects of which none is declared: it stays in every view."""
    reason = "nothing that it is about is declared, so nobody can say when it is due"
    state = State.RETIRED if is_over(subject, assessment_input.register, assessment_input.today) else State.UNKNOWN
    return CellStatus(subject.id, EVERYWHERE, state, None, reason, (), None, None, kind="commitment")


def _unread_cells(subject: Assessable, assessment_input: AssessmentInput) -> tuple[str, ...]:
    """For a commitment about deployments, models or threat models: those that cannot be read and that it may be about."""
    if not isinstance(subject, Commitment) or subject.subject.kind in {SubjectKind.MITIGATION, SubjectKind.FRAMEWORK}:
        return ()
    ids, index = (subject.subject.selector or Selector()).ids, assessment_input.register_index
    own = [item for item in index.unreadable if item.kind is None or item.kind == subject.subject.kind]
    named = [item.id for item in own if item.id and item.kind and (not ids or item.id in ids)]
    # What an error may hide was not removed.
    is_hidden = bool(assessment_input.register.errors) or any(item.id is None for item in own)
    recorded = index.recorded_cells.get(subject.id, ()) if is_hidden else ()
    return tuple(dict.fromkeys((*named, *(cell for cell in recorded if cell != EVERYWHERE))))


def _cell(subject: UnreadableObject, cell: str, assessment_input: AssessmentInput) -> CellStatus:
    name = subject.id or ""
    decision = assessment_input.decisions[Depth.LIGHT].get((name, cell))
    opened = assessment_input.opened.get(name)
    covering = opened if opened and cell in opened.cells else None
    days = [own.due for own in decision.decided.next_due if own.cell == cell and own.due] if decision else []
    due = min([*days, *([covering.due] if covering else [])], default=None)
    order = _order(name, cell, assessment_input)
    kind: Literal["mitigation", "commitment"] = "commitment" if subject.kind == "commitment" else "mitigation"
    return CellStatus(
        name,
        cell,
        State.UNREADABLE,
        due,
        "; ".join(_reasons(subject, order)),
        (),
        decided_assessment(decision, assessment_input) if decision else None,
        covering,
        kind=kind,
        timing=State.OVERDUE if due is not None and due < assessment_input.today else None,
        order=order,
        unreadable=subject,
    )


def _reasons(subject: UnreadableObject, order: OpenOrder | None) -> Iterator[str]:
    since = f" since {day_words(subject.since, year=True)}" if subject.since else ""
    why = f"{subject.finding.message} ({subject.place})"
    if subject.is_declared:
        yield f"its register entry cannot be read{since}: {why}"
    else:
        yield f"it is missing in the register{since}, and nobody can tell whether it was removed: {why}"
    if order is not None:
        yield order.words
    yield f"last known owner: {subject.owner}" if subject.owner else "its last known owner cannot be told"


def _order(name: str, cell: str, assessment_input: AssessmentInput) -> OpenOrder | None:
    order = order_for(cell, assessment_input.orders.get(name, ()))
    if order is None:
        return None
    snapshot = assessment_input.snapshots.get(order.snapshot or "")
    seen = assessment_input.register_index.observations
    left = left_of(order, cell, assessment_input.register, snapshot, assessment_input.today, seen)
    action: Literal["restrict", "withdraw"] = "withdraw" if order.action == "withdraw" else "restrict"
    return OpenOrder(order.record, action, f"{order.words()}: {left}") if left else None


def decided_assessment(last: LastDecision, assessment_input: AssessmentInput) -> LastAssessment:
    """The last decision as an assessment that counts for nothing, as while its subject cannot be read."""
    return LastAssessment(
        on=last.decided.decided_on,
        provenance="decided",
        decision=last.decided.decision,
        version=last.decided.version,
        record=last.reassessment.id,
        self_assessed=last.decided.self_assessed,
        basis=basis_word(last.decided.basis),
        depth=last.reassessment.depth,
        seq=last.reassessment.decided_seq,
        snapshot=assessment_input.snapshots.get(last.decided.snapshot),
        not_measured=last.decided.not_measured,
    )
