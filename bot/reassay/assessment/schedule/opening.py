"""The record of a new re-assessment: triggers, depth and due date from the cells that require it."""

from collections.abc import Sequence
from datetime import date

from reassay.assessment.cells import AssessmentInput, CellStatus
from reassay.assessment.schedule.queue import QueuedSubject
from reassay.assessment.triggers.base import Fired
from reassay.ledger.entry import Opened, Place, Trigger
from reassay.register.assessable import Assessable
from reassay.register.base import Depth
from reassay.register.commitment import Commitment
from reassay.register.mitigation import Mitigation

_NO_ITEMS = f"sha256:{'0' * 64}"


def opening(item: QueuedSubject, name: str, place: Place, assessment_input: AssessmentInput) -> Opened:
    """The claim of a re-assessment with id `name`, with placeholders for run, lease, checklist and digests."""
    triggers = group_triggers(item.cells)
    previous = assessment_input.history_index.last_inconclusive(item.subject.id)
    due = due_of(item.cells, assessment_input)
    return Opened(
        reassessment=name,
        nonce="0" * 32,
        run="",
        lease_until=assessment_input.now,
        subject=item.subject.id,
        version=item.subject.version,
        cells=tuple(cell.cell for cell in item.cells),
        depth=depth_of(item.subject, triggers, assessment_input),
        triggers=triggers,
        opened_on=assessment_input.today,
        # An inconclusive decision does not restart the clock, so its successor keeps the due date.
        due=min(due, previous.due) if previous else due,
        checklist=_NO_ITEMS,
        place=place,
        previous=previous.id if previous else None,
        paced=item.paced,
    )


def depth_of(subject: Assessable, triggers: Sequence[Trigger], assessment_input: AssessmentInput) -> Depth:
    """The deepest depth of the triggers; the default is that of the subject, then of the configuration."""
    stated = subject.reassess.depth if isinstance(subject, Mitigation) and subject.reassess else None
    stated = subject.depth if isinstance(subject, Commitment) else stated
    usual = stated or assessment_input.register.configuration.defaults.depth
    return Depth.FULL if Depth.FULL in {trigger.depth or usual for trigger in triggers} else Depth.LIGHT


def due_of(cells: Sequence[CellStatus], assessment_input: AssessmentInput) -> date:
    """The earliest due date of the fired triggers; without a date, the configured time to respond from today."""
    usual = assessment_input.register.configuration.defaults.respond_within
    return min(
        fired.due or (fired.within or usual).after(assessment_input.today) for cell in cells for fired in cell.fired
    )


def group_triggers(cells: Sequence[CellStatus]) -> tuple[Trigger, ...]:
    """The fired triggers of some cells, equal ones merged with all their cells."""
    grouped: dict[Fired, list[str]] = {}
    for cell in cells:
        for fired in cell.fired:
            grouped.setdefault(fired, []).append(cell.cell)
    return tuple(trigger_of(fired, tuple(names)) for fired, names in grouped.items())


def trigger_of(fired: Fired, cells: tuple[str, ...]) -> Trigger:
    """A fired trigger as the ledger records it."""
    return Trigger(
        kind=fired.kind,
        reason=fired.reason,
        due=fired.due,
        due_at=fired.due_at,
        cells=cells,
        requested_by=fired.requested_by,
        because=fired.because,
        about=fired.about,
        depth=fired.depth,
        before_change=fired.before_change,
        screening=fired.screening,
    )
