"""Overdue re-assessments: what is overdue may be tightened but not loosened."""

from reassay.assessment.cells import CellStatus, State
from reassay.changes.base import Change
from reassay.gate.input import GateInput
from reassay.gate.rules.base import GateRule
from reassay.gate.verdict import Node, RuleStatus, joined

NAME = "not-overdue"
_LATE = {
    State.OVERDUE: "is overdue",
    State.EVIDENCE_STALE: "relies on evidence that is too old",
    State.ACCEPTANCE_EXPIRED: "relied on a risk acceptance that has expired",
}


def _evaluate(gate_input: GateInput) -> Node:
    """One part for each overdue cell of a mitigation that becomes looser, or serves a deployment that becomes wider."""
    looser = tuple(change for change in gate_input.changes if change.is_looser and not _is_withdrawal(change))
    concerned = set(gate_input.concerned(looser))
    wider = {change.name for change in looser if change.kind == "deployment"}
    own = {change.name for change in looser if change.kind in {"mitigation", "commitment"}}
    nodes = []
    for cell in gate_input.cells_now:
        if cell.subject not in concerned or cell.state not in _LATE:
            continue
        # A cell of another deployment is not what widens.
        if cell.subject not in own and cell.cell not in {*wider, "*"} and wider:
            continue
        nodes.append(_node(cell))
    return joined(
        NAME,
        nodes,
        met="",
        unmet="something being loosened is overdue",
        skipped="nothing being loosened is overdue",
    )


def _is_withdrawal(change: Change) -> bool:
    """Whether a deployment is taken out: it has to be signed, and waits for nothing that is overdue."""
    return change.kind == "deployment" and change.change == "removed"


def _node(cell: CellStatus) -> Node:
    where = "" if cell.cell == "*" else f" for `{cell.cell}`"
    issue = f"#{cell.open.issue}" if cell.open and cell.open.issue else "its re-assessment"
    why = f"`{cell.subject}`{where} {_LATE[cell.state]}: {cell.reason}"
    return Node(NAME, RuleStatus.UNMET, why, f"Remove the loosening (tightening can be merged), or decide {issue}.")


RULE = GateRule(NAME, _evaluate)
