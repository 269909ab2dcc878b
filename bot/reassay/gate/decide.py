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

from collections.abc import Mapping, Sequence

from reassay.gate.input import GateInput
from reassay.gate.override import judged, override_words
from reassay.gate.rules import RULES
from reassay.gate.validity import last_days
from reassay.gate.verdict import Conclusion, Node, RuleStatus, Verdict, joined

ROOT = "gate"


def decide(gate_input: GateInput) -> Verdict:
    """The verdict on one pull request or range of commits. Pure: the same input gives the same verdict."""
    return _verdict(gate_input, {})


def decide_assumed(gate_input: GateInput, before: Verdict) -> Verdict:
    """The verdict on `GateInput.assuming`, where `before` is the one without what it assumes.

    Rules that look at no answer and no sign-off are as they were.
    """
    nodes = {node.name: node for node in before.tree.children}
    return _verdict(gate_input, {rule.name: nodes[rule.name] for rule in RULES if not rule.is_about_approvals})


def _verdict(gate_input: GateInput, judged_before: Mapping[str, Node]) -> Verdict:
    nodes = [judged_before.get(rule.name) or judged(rule, gate_input) for rule in RULES]
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
