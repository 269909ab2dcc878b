"""The audit population: every cell at the first and at the last date."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from reassay.assessment.cells import AssessmentInput, CellStatus
from reassay.audit.audit_input import AuditInput

Side = Literal["from", "to"]


@dataclass(frozen=True, slots=True)
class CellRow:
    """One cell, as `status --at` shows it."""

    side: Side
    on: date
    subject: str
    kind: str
    title: str
    cell: str
    state: str
    due: date | None
    basis: str
    """counted, tested, exercised, judged, attested (then possibly followed by "self-assessed") or imported."""
    effectiveness: str
    """The last verdict with its basis and the criteria that nobody measured; never the word alone."""
    last_decision: str
    last_on: date | None
    last_record: str
    open_record: str
    """Id of the cell's open re-assessment; "" if none is open."""
    scheduled: date | None
    """Earliest day on which pacing allows the first re-assessment to open; None if it is not paced."""
    reason: str
    due_at: datetime | None
    """The instant (UTC) of a deadline that has an hour; None for a date alone."""


def population(audit: AuditInput) -> tuple[CellRow, ...]:
    """Cells at the first date, then cells at the last date, both by subject and cell."""
    return (
        *_side("from", audit.period.start, audit.opening_cells, audit.opening),
        *_side("to", audit.period.end, audit.closing_cells, audit.closing),
    )


def _side(side: Side, on: date, cells: tuple[CellStatus, ...], assessment_input: AssessmentInput) -> Iterator[CellRow]:
    for status in sorted(cells, key=lambda cell: (cell.subject, cell.cell)):
        entry = assessment_input.register.subjects.get(status.subject)
        yield CellRow(
            side=side,
            on=on,
            subject=status.subject,
            kind=status.kind,
            title=entry.value.title if entry else "",
            cell=status.cell,
            state=str(status.state),
            due=status.due,
            basis=status.basis or "",
            effectiveness=status.verdict,
            last_decision=(status.last.decision or "") if status.last else "",
            last_on=status.last.on if status.last else None,
            last_record=(status.last.record or "") if status.last else "",
            open_record=status.open.id if status.open else "",
            scheduled=status.scheduled,
            reason=status.reason,
            due_at=status.due_at,
        )
