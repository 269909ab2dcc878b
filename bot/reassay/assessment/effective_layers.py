"""Effective layers: a cell counts if it was last found effective, is current, and is not only attested."""

from collections.abc import Callable, Iterable
from typing import Final

from reassay.assessment.cell_status import ORDERED, CellStatus, State
from reassay.assessment.triggers import redundancy_lost
from reassay.common.sentences import names
from reassay.ledger.reassessment import Reassessment
from reassay.register.assessable import Assessable
from reassay.register.layers import NOT_ASSESSED, LayerCoverage, Uncounted, by_place, layer_coverage
from reassay.register.mitigation import Mitigation
from reassay.register.register import Register

_LOST: Final = frozenset({"degraded", "ineffective"})
_IN_TIME: Final = frozenset({State.CURRENT, State.DUE_SOON})


def uncounted_cells(cells: Iterable[CellStatus]) -> Uncounted:
    """Why cells do not count as layers."""
    return _counted(cells, why_not_a_layer, NOT_ASSESSED)


def ways_of_counting(cells: Iterable[CellStatus]) -> tuple[Uncounted, ...]:
    """Ways in which a change must not lose a last layer, each stricter than the one before.

    Layers that nobody found wanting; layers that somebody found effective, however long ago and on whatever basis; and layers
    that count. Where nothing is assessed yet, the first says what the register declares and the others say nothing.
    """
    every = tuple(cells)
    return (
        _counted(every, _found_wanting, ""),
        _counted(every, lambda cell: _found_wanting(cell) or ("" if cell.last else NOT_ASSESSED), NOT_ASSESSED),
        uncounted_cells(every),
    )


def layers_left(
    reassessment: Reassessment, subject: Assessable | None, register: Register, cells: Iterable[CellStatus]
) -> tuple[str, ...]:
    """How many layers are left against each threat model of a mitigation, one line for each audience.

    Empty unless its re-assessment was asked for because a layer was lost, or decided that its own is degraded or ineffective.
    *Effective* are layers that somebody found effective; a mitigation left in them that does not count now has the reason.
    """
    is_asked = reassessment.state == "open" and any(
        trigger.kind == redundancy_lost.KIND for trigger in reassessment.triggers
    )
    decided = reassessment.decided
    if not isinstance(subject, Mitigation) or not (is_asked or (decided and decided.decision in _LOST)):
        return ()
    every = tuple(cells)
    counting = by_place(layer_coverage(register, uncounted_cells(every)))
    return tuple(
        _line(effective, counting[effective.threat_model, str(effective.audience)])
        for effective in layer_coverage(register, ways_of_counting(every)[1])
        if effective.threat_model in subject.threat_models
    )


def _line(effective: LayerCoverage, counting: LayerCoverage) -> str:
    left = [
        f"{name} ({counting.uncounted[name]})" if name in counting.uncounted else name
        for name in effective.mitigations
        if name not in effective.uncounted
    ]
    few = ", too few" if effective.is_short else ""
    return (
        f"{effective.threat_model} for {effective.audience}: declared layers {effective.declared}, effective {effective.counted},"
        f" minimum {effective.minimum}{few}; left: {names(*left) if left else 'none'}"
    )


def _counted(cells: Iterable[CellStatus], why_not: Callable[[CellStatus], str], otherwise: str) -> Uncounted:
    reasons: dict[str, dict[str, str]] = {}
    for cell in cells:
        if cell.kind == "mitigation":
            reasons.setdefault(cell.subject, {})[cell.cell] = why_not(cell)
    return Uncounted(reasons, otherwise)


def why_not_a_layer(cell: CellStatus) -> str:
    """Why a cell does not count as a layer, in a few words; empty if it does."""
    last = cell.last
    if wanting := _found_wanting(cell):
        return wanting
    if last is None:
        return NOT_ASSESSED
    if last.provenance == "imported":
        return "imported, not verified"
    if cell.clock not in _IN_TIME or cell.is_blind:
        return str(cell.clock)
    return "attested only" if last.basis == "attested" else ""


def _found_wanting(cell: CellStatus) -> str:
    last = cell.last
    if cell.state in ORDERED:
        return str(cell.state)
    if last is not None and last.decision == "ineffective":
        return "last found ineffective"
    if last is not None and last.decision == "degraded" and not last.counts:
        return "degraded, without a `continue` that somebody else than the assessor approved"
    return ""
