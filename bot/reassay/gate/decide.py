"""How a verdict is made: both sides read, compared, what is asked for, what is signed, rules, override, validity.

`reassay gate` (cli/gate.py) and a sweep (sweep/verdict_publication.py) make their verdicts here. Each step is a file, and
docs/explanation/architecture.md has the same in words.

    read      sweep/repository/   git brings the base and what the merge would give: `Proposal`
    compare   comparison.py       every difference, field by field, and the subjects it has to do with
    cells     input.py            status of those subjects' cells before the merge and after it: `openings`
    ask       requirements.py     questions and approval steps for each changed object
    signed    approvals/          who answered and signed, and what still holds
    rules     rules/              one file a rule; each gives a `Node` that says why, how and who
    override  override.py         lets unmet rules through, for one head and a few days
    validity  validity.py         the last day on which all of this stays as it is
"""

from collections.abc import Sequence

from reassay.gate.input import GateInput
from reassay.gate.override import let_through, override_words
from reassay.gate.rules import RULES
from reassay.gate.rules.base import GateRule
from reassay.gate.validity import last_days
from reassay.gate.verdict import Conclusion, Node, Status, Verdict, joined

ROOT = "gate"


def decide(facts: GateInput) -> Verdict:
    """The verdict on one pull request or range of commits. Pure: the same input gives the same verdict."""
    overridden = override_words(facts)
    nodes = [_judged(rule, facts, is_overridden=bool(overridden)) for rule in RULES]
    tree = _tree(nodes)
    return Verdict(
        conclusion=_conclusion(tree),
        tree=tree,
        changes=facts.changes,
        rows=facts.approvals.rows,
        openings=facts.openings,
        content=facts.approvals.content,
        valid_until=min(last_days(facts), default=None),
        overridden=overridden,
    )


def _judged(rule: GateRule, facts: GateInput, *, is_overridden: bool) -> Node:
    node = rule.evaluate(facts)
    return let_through(node) if is_overridden and rule.is_overridable else node


def _tree(nodes: Sequence[Node]) -> Node:
    return joined(
        ROOT,
        nodes,
        met="it may be merged",
        unmet="it may not be merged yet",
        skipped="it changes nothing that is gated",
    )


def _conclusion(tree: Node) -> Conclusion:
    match tree.status:
        case Status.ERROR:
            return "error"
        case Status.UNMET:
            return "failure"
        case _:
            return "success"
