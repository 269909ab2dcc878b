"""Overdue re-assessments: what is overdue may be tightened, but not loosened, and nothing it is about is exposed to more.

A deployment that was ordered to be restricted or withdrawn, or whose mitigation was last found ineffective or cannot be read,
may not be widened.
"""

from collections.abc import Iterator, Sequence

from reassay.assessment.cell_status import ORDERED, CellStatus, State
from reassay.assessment.cells import assess
from reassay.changes.base import Change
from reassay.gate.input import GateInput
from reassay.gate.rules.base import GateRule, of_readable
from reassay.gate.rules.decided_before import asked_before, decision_for
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
    """One part for each overdue cell of a subject that becomes looser, or that is about what is exposed to more."""
    looser = [change for change in gate_input.comparison.changes if change.is_looser and not _is_withdrawal(change)]
    late = [cell for cell in gate_input.cells_now if is_late(cell)]
    nodes = [overdue_node(cell) for cell in late if _is_loosened(cell, looser, gate_input)]
    nodes += [overdue_node(cell) for cell in _undone(gate_input)]
    nodes += [_unreadable_node(cell) for cell in _unreadable(looser, gate_input)]
    return joined(
        NAME,
        nodes,
        met="",
        unmet="something being loosened is overdue",
        skipped=of_readable("no mitigation or commitment that this loosens or exposes to more is overdue", gate_input),
    )


def is_late(cell: CellStatus) -> bool:
    """Whether a cell is overdue, rests on something that has expired, or was decided against."""
    return _late(cell) is not None


def _is_withdrawal(change: Change) -> bool:
    """Whether a deployment is taken out: it has to be signed, and waits for nothing that is overdue."""
    return change.kind == "deployment" and change.change == "removed"


def _is_loosened(cell: CellStatus, looser: Sequence[Change], gate_input: GateInput) -> bool:
    wider = {change.name for change in looser if change.kind == "deployment"}
    own = {change.name for change in looser if change.kind in {"mitigation", "commitment"}}
    # What was found ineffective may be mended or retired: only what it should hold down may not grow.
    is_ineffective = _late(cell) is State.INEFFECTIVE
    if cell.subject in own and not is_ineffective:
        return True
    if gate_input.before_merge.touching(cell):
        return not _is_decided_here(cell, gate_input)
    # A cell of another deployment is not what widens.
    is_wider = bool(wider) and cell.cell in {*wider, "*"}
    return cell.subject in gate_input.concerned(tuple(looser)) and (is_wider or (not wider and not is_ineffective))


def _is_decided_here(cell: CellStatus, gate_input: GateInput) -> bool:
    """Whether the decision that this pull request needs anyway is made: it settles what is overdue."""
    cells = asked_before(gate_input).get(cell.subject, ())
    return cell.cell in cells and decision_for(cell.subject, cells, gate_input) is not None


def _late(cell: CellStatus) -> State | None:
    """The reason why it may not be loosened; None if it may. Dates come before an ineffective verdict, which blocks less."""
    if cell.state is State.UNREADABLE:
        return None  # it may be mended; what else it keeps back, see `_unreadable`
    if cell.state in ORDERED:
        return cell.state
    return next((state for state in (cell.clock, cell.state) if state in _LATE), None)


def _undone(gate_input: GateInput) -> Iterator[CellStatus]:
    """Orders that are carried out now, and would not be any more once merged."""
    open_now = {(cell.subject, cell.cell) for cell in gate_input.cells_now if cell.state in ORDERED}
    yield from (
        cell for cell in gate_input.cells_then if cell.state in ORDERED and (cell.subject, cell.cell) not in open_now
    )


def _unreadable(looser: Sequence[Change], gate_input: GateInput) -> Iterator[CellStatus]:
    """Cells that cannot be read after the merge either, of deployments that widen: nobody can tell whether they are overdue."""
    unread = gate_input.proposal.base.broken.get("deployment", frozenset())
    wider = {change.name for change in looser if change.kind == "deployment"} - unread
    names = frozenset(gate_input.then.register_index.unreadable_subjects) if wider else frozenset[str]()
    yield from (cell for cell in assess(gate_input.then, names) if cell.cell in {*wider, "*"})


def _unreadable_node(cell: CellStatus) -> Node:
    where = "" if cell.cell == "*" else f" for `{cell.cell}`"
    how = "Fix the entry first, in a pull request of its own: `reassay check` lists its errors."
    return Node(NAME, RuleStatus.UNMET, f"`{cell.subject}`{where} cannot be read: {cell.reason}", how)


def overdue_node(cell: CellStatus) -> Node:
    """The unmet part about one cell."""
    where = "" if cell.cell == "*" else f" for `{cell.cell}`"
    issue = f"#{cell.open.issue}" if cell.open and cell.open.issue else "its re-assessment"
    reason = cell.order.words if cell.order else cell.reason
    why = f"`{cell.subject}`{where} {_LATE[_late(cell) or cell.state]}: {reason}"
    how = f"Remove the loosening (tightening can be merged), or decide {issue}."
    if cell.state in ORDERED:
        how = "Register the narrower deployment first, or decide about it again with `/reassay conclude ... continue`."
    return Node(NAME, RuleStatus.UNMET, why, how)


RULE = GateRule(NAME, _evaluate, is_about_approvals=False)
