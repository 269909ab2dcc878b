"""Cells where the ledger is not read: a decision in it may say otherwise, so none of them is current."""

from dataclasses import replace

from reassay.assessment.cell_status import CellStatus, State

_CALM = frozenset({State.CURRENT, State.DUE_SOON})


def without_ledger(cell: CellStatus) -> CellStatus:
    """A cell by the register alone: what reads calm is unknown, and the rest stays as it is."""
    if cell.state is State.RETIRED:
        return cell
    state = State.UNKNOWN if cell.state in _CALM else cell.state
    return replace(cell, state=state, reason=f"the ledger was not read; by the register alone: {cell.reason}")
