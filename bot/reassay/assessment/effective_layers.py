"""Which cells count as layers: those last found effective, current, and on more than somebody's word."""

from collections.abc import Iterable, Mapping

from reassay.assessment.cell_status import ORDERED, CellStatus, State
from reassay.assessment.triggers.base import LastAssessment
from reassay.register.layers import NOT_ASSESSED

_IN_TIME = frozenset({State.CURRENT, State.DUE_SOON})


def uncounted_cells(cells: Iterable[CellStatus]) -> Mapping[str, Mapping[str, str]]:
    """By mitigation and cell, why the cell does not count as a layer; "" if it counts."""
    reasons: dict[str, dict[str, str]] = {}
    for cell in cells:
        if cell.kind == "mitigation":
            reasons.setdefault(cell.subject, {})[cell.cell] = why_not_a_layer(cell)
    return reasons


def why_not_a_layer(cell: CellStatus) -> str:
    """Why a cell does not count as a layer, in a few words; empty if it does."""
    last = cell.last
    if cell.state in ORDERED:
        return str(cell.state)
    if last is None:
        return NOT_ASSESSED
    return _by_verdict(last) or _by_date(cell) or ("attested only" if last.basis == "attested" else "")


def _by_verdict(last: LastAssessment) -> str:
    if last.decision == "ineffective":
        return "last found ineffective"
    if last.provenance == "imported":
        return "imported, not verified"
    if last.decision == "degraded" and not last.counts:
        return "degraded, without a `continue` that somebody else than the assessor approved"
    return ""


def _by_date(cell: CellStatus) -> str:
    return "" if cell.clock in _IN_TIME and not cell.is_blind else str(cell.clock)
