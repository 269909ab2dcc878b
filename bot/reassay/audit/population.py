"""Every cell at both dates: the population from which an auditor draws."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from reassay.assessment.cells import CellStatus, Situation
from reassay.audit.facts import Facts

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
    """measured, exercised, judged, attested (with "self-assessed" behind it where it was), or imported."""
    effectiveness: str
    last_decision: str
    last_on: date | None
    last_record: str
    open_record: str
    """The re-assessment that is open for it."""
    scheduled: date | None
    """Earliest day on which pacing lets its first re-assessment open."""
    reason: str


def population(facts: Facts) -> tuple[CellRow, ...]:
    """The first date's cells, then the last one's, each in order of subject and cell."""
    return (
        *_side("from", facts.period.start, facts.opening_cells, facts.opening),
        *_side("to", facts.period.end, facts.closing_cells, facts.closing),
    )


def _side(side: Side, on: date, cells: tuple[CellStatus, ...], situation: Situation) -> Iterator[CellRow]:
    for each in sorted(cells, key=lambda cell: (cell.subject, cell.cell)):
        entry = situation.register.subjects.get(each.subject)
        yield CellRow(
            side=side,
            on=on,
            subject=each.subject,
            kind=each.kind,
            title=entry.value.title if entry else "",
            cell=each.cell,
            state=str(each.state),
            due=each.due,
            basis=each.basis or "",
            effectiveness=each.effectiveness,
            last_decision=(each.last.decision or "") if each.last else "",
            last_on=each.last.on if each.last else None,
            last_record=(each.last.record or "") if each.last else "",
            open_record=each.open.id if each.open else "",
            scheduled=each.scheduled,
            reason=each.reason,
        )
