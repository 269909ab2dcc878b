"""Overdue re-assessments: what is overdue may be tightened, but not loosened, and nothing it is about is exposed to more."""

from reassay.assessment.cells import CellStatus, State
from reassay.gate.input import GateInput
from reassay.gate.rules.base import GateRule, of_readable
from reassay.gate.rules.decided_before import asked_before, decision_for
from reassay.gate.verdict import Node, RuleStatus, joined

NAME = "not-overdue"
_LATE = {
    State.OVERDUE: "is overdue",
    State.EVIDENCE_STALE: "relies on evidence that is too old",
    State.ACCEPTANCE_EXPIRED: "relied on a risk acceptance that has expired",
}


def _evaluate(gate_input: GateInput) -> Node:
    """One part for each overdue cell of a subject that becomes looser, or that is about what is exposed to more."""
    nodes = [overdue_node(cell) for cell in gate_input.cells_now if is_late(cell) and _is_loosened(cell, gate_input)]
    return joined(
        NAME,
        nodes,
        met="",
        unmet="something being loosened is overdue",
        skipped=of_readable("no mitigation or commitment that this loosens or exposes to more is overdue", gate_input),
    )


def is_late(cell: CellStatus) -> bool:
    """Whether a cell is overdue, or rests on something that has expired."""
    return cell.state in _LATE


def _is_loosened(cell: CellStatus, gate_input: GateInput) -> bool:
    looser = [change for change in gate_input.comparison.changes if change.is_looser]
    wider = {change.name for change in looser if change.kind == "deployment"}
    own = {change.name for change in looser if change.kind in {"mitigation", "commitment"}}
    if cell.subject in own:
        return True
    if gate_input.before_merge.touching(cell):
        return not _is_decided_here(cell, gate_input)
    # A cell of another deployment is not what widens.
    return cell.subject in gate_input.loosened and (not wider or cell.cell in {*wider, "*"})


def _is_decided_here(cell: CellStatus, gate_input: GateInput) -> bool:
    """Whether the decision that this pull request needs anyway is made: it settles what is overdue."""
    cells = asked_before(gate_input).get(cell.subject, ())
    return cell.cell in cells and decision_for(cell.subject, cells, gate_input) is not None


def overdue_node(cell: CellStatus) -> Node:
    """The unmet part about one cell."""
    where = "" if cell.cell == "*" else f" for `{cell.cell}`"
    issue = f"#{cell.open.issue}" if cell.open and cell.open.issue else "its re-assessment"
    why = f"`{cell.subject}`{where} {_LATE[cell.state]}: {cell.reason}"
    return Node(NAME, RuleStatus.UNMET, why, f"Remove the loosening (tightening can be merged), or decide {issue}.")


RULE = GateRule(NAME, _evaluate)
