"""How a verdict is made: both sides read, compared, requirements, sign-offs, rules, override, validity.

`reassay gate` (cli/gate.py) and a sweep (sweep/verdict_publication.py) make their verdicts here.
docs/explanation/architecture.md describes the same steps in words. The first five are computed when a rule first asks
`GateInput` for them.

    read      sweep/repository/   git gives the base and the merge result: `Proposal`
    compare   comparison.py       every difference, field by field, and the subjects it concerns
    cells     input.py            status of those subjects' cells before and after the merge: `openings`
    ask       requirements.py     questions and approval steps for each changed object
    signed    approvals/          answers and sign-offs, and which of them are still valid
    rules     rules/              one file a rule; each gives a `Node` that says why, how and who
    override  override.py         lets unmet rules through, for one head and a few days
    validity  validity.py         the last day on which the verdict stays the same
"""

from collections.abc import Sequence

from reassay.gate.input import GateInput
from reassay.gate.override import judged, override_words
from reassay.gate.rules import RULES
from reassay.gate.validity import last_days
from reassay.gate.verdict import Conclusion, Node, RuleStatus, Verdict, joined

ROOT = "gate"


def decide(gate_input: GateInput) -> Verdict:
    """The verdict on one pull request or range of commits. Pure: the same input gives the same verdict."""
    nodes = [judged(rule, gate_input) for rule in RULES]
    tree = _tree(nodes)
    return Verdict(
        conclusion=_conclusion(tree),
        tree=tree,
        changes=gate_input.changes,
        rows=gate_input.approvals.rows,
        openings=gate_input.openings,
        content=gate_input.approvals.content,
        valid_until=min(last_days(gate_input), default=None),
        overridden=override_words(gate_input),
    )


def _tree(nodes: Sequence[Node]) -> Node:
    """The rules under one root. Its text lists the errors; without errors, the unmet rules."""
    errors = [node.why for node in nodes if node.status is RuleStatus.ERROR]
    unmet = errors or [node.why for node in nodes if node.status is RuleStatus.UNMET]
    return joined(ROOT, nodes, met="ready to merge", unmet="; ".join(unmet), skipped="nothing here is gated")


def _conclusion(tree: Node) -> Conclusion:
    match tree.status:
        case RuleStatus.ERROR:
            return "error"
        case RuleStatus.UNMET:
            return "failure"
        case _:
            return "success"
