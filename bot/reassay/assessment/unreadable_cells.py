"""The last known cells of a mitigation or commitment that cannot be read any more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from reassay.assessment.cell_status import CellStatus, OpenOrder, State
from reassay.assessment.orders import left_of, order_for
from reassay.assessment.register_index import EVERYWHERE
from reassay.assessment.subjects import cells_of
from reassay.assessment.triggers.base import LastAssessment
from reassay.assessment.unreadable import UnreadableObject
from reassay.common.calendar import day_words
from reassay.ledger.entry import basis_word
from reassay.ledger.history import LastDecision
from reassay.register.base import Depth

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
        recorded = (own.cells for own in assessment_input.history.reassessments.values() if own.subject == name)
        named = (*subject.deployments, *(cell for cells in recorded for cell in cells))
    return tuple(dict.fromkeys(named)) or (EVERYWHERE,)


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
        _last(decision, assessment_input) if decision else None,
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
    left = left_of(order, cell, assessment_input.register, snapshot, assessment_input.today)
    action: Literal["restrict", "withdraw"] = "withdraw" if order.action == "withdraw" else "restrict"
    return OpenOrder(order.record, action, f"{order.words()}: {left}") if left else None


def _last(last: LastDecision, assessment_input: AssessmentInput) -> LastAssessment:
    """The last decision; it counts for nothing while its subject cannot be read."""
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
