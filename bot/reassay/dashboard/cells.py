"""Cells as the dashboard shows them, most urgent first."""

from collections.abc import Mapping
from datetime import date

from reassay.assessment.cell_status import ANY, URGENCY
from reassay.assessment.cells import CellStatus, State
from reassay.dashboard.dashboard_input import DashboardInput
from reassay.dashboard.decided_figures import DecidedFigures
from reassay.dashboard.subject_values import DashboardCell
from reassay.sweep.repository_issues import UNREADABLE

_RANK: Mapping[State, int] = {state: rank for rank, state in enumerate(URGENCY)}


def in_order(cells: tuple[CellStatus, ...]) -> tuple[CellStatus, ...]:
    """Cells by the urgency of their state, then by date, subject and deployment."""
    return tuple(sorted(cells, key=lambda own: (_RANK[own.state], own.due or date.max, own.subject, own.cell)))


def dashboard_cells(inputs: DashboardInput, figures: DecidedFigures) -> tuple[DashboardCell, ...]:
    """Every cell of the input, once."""
    unreadable_issue = UNREADABLE.open_number(inputs.assessment_input.history)
    return tuple(_cell(cell, inputs, figures, unreadable_issue) for cell in in_order(inputs.cells))


def _cell(
    cell: CellStatus, inputs: DashboardInput, figures: DecidedFigures, unreadable_issue: int | None
) -> DashboardCell:
    last = cell.last
    return DashboardCell(
        subject=cell.subject,
        kind=cell.kind,
        title=inputs.title(cell.subject),
        deployment=cell.cell,
        owner=inputs.owner(cell.subject),
        assessors=inputs.assessors.get(cell.subject, ()),
        state=str(cell.state),
        timing=str(cell.clock),
        is_wrong=ANY in cell.conditions,
        is_blind=cell.is_blind,
        verdict=cell.verdict,
        basis=cell.basis or "",
        due=cell.due,
        due_at=cell.due_at,
        opens=cell.scheduled,
        reason=cell.reason,
        issue=unreadable_issue if cell.state is State.UNREADABLE else _issue(cell, inputs),
        record=(last.record or "") if last else "",
        decided=last.on if last else None,
        figures=figures.of_cell(cell),
    )


def _issue(cell: CellStatus, inputs: DashboardInput) -> int | None:
    """The issue where somebody has something to do: of the open re-assessment, or of an order that is not carried out."""
    if cell.open is not None:
        return cell.open.issue
    ordered = inputs.assessment_input.history.reassessments.get(cell.order.record) if cell.order else None
    return ordered.issue if ordered else None
