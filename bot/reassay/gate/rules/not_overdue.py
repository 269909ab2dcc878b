"""What is overdue may be tightened, not loosened: otherwise a late re-assessment could be outrun by the next change."""

from reassay.assessment.cells import State
from reassay.gate.input import GateInput
from reassay.gate.rules.base import GateRule
from reassay.gate.verdict import Node, Status, joined

NAME = "not-overdue"
_LATE = {
    State.OVERDUE: "is overdue",
    State.EVIDENCE_STALE: "rests on evidence that is too old",
    State.ACCEPTANCE_EXPIRED: "rested on a risk acceptance that has expired",
}


def _evaluate(facts: GateInput) -> Node:
    """Each mitigation that becomes looser, or serves a deployment that becomes wider."""
    concerned = set(facts.loosened)
    wider = {change.name for change in facts.changes if change.kind == "deployment" and change.is_looser}
    itself = {
        change.name for change in facts.changes if change.kind in {"mitigation", "commitment"} and change.is_looser
    }
    nodes = []
    for cell in facts.cells_now:
        if cell.subject not in concerned or cell.state not in _LATE:
            continue
        # A cell of another deployment is not what widens.
        if cell.subject not in itself and cell.cell not in {*wider, "*"} and wider:
            continue
        where = "" if cell.cell == "*" else f" for `{cell.cell}`"
        issue = f"#{cell.open.issue}" if cell.open and cell.open.issue else "its re-assessment"
        why = f"`{cell.subject}`{where} {_LATE[cell.state]}: {cell.reason}"
        how = f"Decide {issue}; or leave the loosening out, tightening stays mergeable."
        nodes.append(Node(NAME, Status.UNMET, why, how))
    return joined(
        NAME,
        nodes,
        met="",
        unmet="something that becomes looser is late",
        skipped="nothing that becomes looser is late",
    )


RULE = GateRule(NAME, _evaluate)
