"""Progress of an open re-assessment: superseded, joined by further triggers, or unchanged."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from reassay.assessment.cells import AssessmentInput, CellStatus
from reassay.assessment.schedule.opening import depth_of, due_of, group_triggers, trigger_of
from reassay.assessment.subjects import not_assessed
from reassay.assessment.triggers.base import UNREADABLE, Blind, Fired
from reassay.ledger.entry import Joined, Superseded, Trigger
from reassay.ledger.history import Reassessment
from reassay.register.base import Depth

_Key = tuple[str, str, str, Depth | None]


def progress(
    reassessment: Reassessment, cells: Sequence[CellStatus], assessment_input: AssessmentInput
) -> Joined | Superseded | None:
    """The record of a change of an open re-assessment, from all cells of its subject; None if it is unchanged."""
    gone = _no_longer_due(reassessment, cells, assessment_input)
    if gone:
        return Superseded(reassessment=reassessment.id, reason=gone)
    return _join(reassessment, cells, assessment_input)


def _no_longer_due(
    reassessment: Reassessment, cells: Sequence[CellStatus], assessment_input: AssessmentInput
) -> str | None:
    subject = reassessment.subject
    entry = assessment_input.register.subjects.get(subject)
    if entry is None:
        is_unreadable = (
            subject in assessment_input.register_index.unreadable_subjects or assessment_input.register.errors
        )
        return None if is_unreadable else f"{subject} is no longer in the register"
    stopped = not_assessed(entry.value, assessment_input.register, assessment_input.today)
    if stopped:
        return f"{subject} is not assessed any more: {stopped}"
    covered = [cell for cell in cells if cell.cell in reassessment.cells]
    if not covered and any(cell.is_blind for cell in cells):
        return None
    if not covered:
        return f"{subject} no longer covers what this was about"
    if any(cell.fired for cell in covered) or _is_blind(reassessment, covered):
        return None
    return f"nothing asks for it any more: {covered[0].reason}"


def _is_blind(reassessment: Reassessment, covered: Sequence[CellStatus]) -> bool:
    """Whether one of its triggers is blind now, for example because a metric was deleted; then it stays open."""
    kinds = {UNREADABLE, *(trigger.kind for trigger in reassessment.triggers)}
    return any(isinstance(result, Blind) and result.kind in kinds for cell in covered for result in cell.results)


def _join(reassessment: Reassessment, cells: Sequence[CellStatus], assessment_input: AssessmentInput) -> Joined | None:
    recorded = {_key(trigger, cell) for trigger in reassessment.triggers for cell in trigger.cells}
    fresh = [replace(cell, results=tuple(_news(cell, recorded))) for cell in cells]
    news = group_triggers(fresh)
    if not news:
        return None
    added = [cell.cell for cell in cells if cell.fired and cell.cell not in reassessment.cells]
    subject = assessment_input.register.subjects[reassessment.subject].value
    depths = {reassessment.depth, depth_of(subject, news, assessment_input)}
    return Joined(
        reassessment=reassessment.id,
        cells=(*reassessment.cells, *added),
        triggers=news,
        due=min(reassessment.due, due_of(fresh, assessment_input)),
        depth=Depth.FULL if Depth.FULL in depths else Depth.LIGHT,
    )


def _news(cell: CellStatus, recorded: Collection[_Key]) -> Iterator[Fired]:
    """The fired triggers of a cell that the re-assessment does not have yet."""
    return (fired for fired in cell.fired if _key(trigger_of(fired, ()), cell.cell) not in recorded)


def _key(trigger: Trigger, cell: str) -> _Key:
    return trigger.kind, cell, trigger.about, trigger.depth
