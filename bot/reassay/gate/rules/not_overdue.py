"""Overdue re-assessments: what is overdue may be tightened but not loosened.

A deployment that was ordered to be restricted or withdrawn, or whose mitigation was last found ineffective, may not be widened.
"""

from collections.abc import Iterator

from reassay.assessment.cell_status import ORDERED, CellStatus, State
from reassay.gate.input import GateInput
from reassay.gate.rules.base import GateRule
from reassay.gate.verdict import Node, RuleStatus, joined

NAME = "not-overdue"
_LATE = {
    State.WITHDRAW_ORDERED: "serves a deployment that was ordered to be withdrawn",
    State.RESTRICT_ORDERED: "serves a deployment that was ordered to be restricted",
    State.INEFFECTIVE: "was last found ineffective",
    State.OVERDUE: "is overdue",
    State.EVIDENCE_STALE: "relies on evidence that is too old",
    State.ACCEPTANCE_EXPIRED: "relied on a risk acceptance that has expired",
}


def _evaluate(gate_input: GateInput) -> Node:
    """One part for each overdue cell of a mitigation that becomes looser, or serves a deployment that becomes wider."""
    concerned = set(gate_input.loosened)
    looser = [change for change in gate_input.changes if change.is_looser]
    wider = {change.name for change in looser if change.kind == "deployment"}
    own = {change.name for change in looser if change.kind in {"mitigation", "commitment"}}
    nodes = []
    for cell in gate_input.cells_now:
        if cell.subject not in concerned or _late(cell) is None:
            continue
        # What was found ineffective may be mended or retired: only what it should hold down may not grow.
        if _late(cell) is State.INEFFECTIVE and cell.cell not in ({*wider, "*"} if wider else ()):
            continue
        # A cell of another deployment is not what widens.
        if cell.subject not in own and cell.cell not in {*wider, "*"} and wider:
            continue
        nodes.append(_node(cell))
    nodes += [_node(cell) for cell in _undone(gate_input)]
    return joined(
        NAME,
        nodes,
        met="",
        unmet="something being loosened is overdue",
        skipped="nothing being loosened is overdue",
    )


def _late(cell: CellStatus) -> State | None:
    """The reason why it may not be loosened; None if it may. Dates come before an ineffective verdict, which blocks less."""
    if cell.state in ORDERED:
        return cell.state
    return next((state for state in (cell.clock, cell.state) if state in _LATE), None)


def _undone(gate_input: GateInput) -> Iterator[CellStatus]:
    """Orders that are carried out now, and would not be any more once merged."""
    open_now = {(cell.subject, cell.cell) for cell in gate_input.cells_now if cell.state in ORDERED}
    yield from (
        cell for cell in gate_input.cells_then if cell.state in ORDERED and (cell.subject, cell.cell) not in open_now
    )


def _node(cell: CellStatus) -> Node:
    where = "" if cell.cell == "*" else f" for `{cell.cell}`"
    issue = f"#{cell.open.issue}" if cell.open and cell.open.issue else "its re-assessment"
    why = f"`{cell.subject}`{where} {_LATE[_late(cell) or cell.state]}: {cell.reason}"
    how = f"Remove the loosening (tightening can be merged), or decide {issue}."
    if cell.state in ORDERED:
        how = "Register the narrower deployment first, or decide about it again with `/reassay conclude ... continue`."
    return Node(NAME, RuleStatus.UNMET, why, how)


RULE = GateRule(NAME, _evaluate)
