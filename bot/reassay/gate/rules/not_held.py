"""Whether somebody put a hold on it."""

from reassay.gate.input import GateInput
from reassay.gate.rules.base import GateRule
from reassay.gate.verdict import Node, Status, joined

NAME = "hold"


def _evaluate(facts: GateInput) -> Node:
    """Each hold by itself."""
    nodes = [
        Node(
            NAME,
            Status.UNMET,
            f"{role} put a hold on it (entry {hold.noted.seq})",
            "They, or somebody else in that role, write `/reassay unhold`.",
            facts.approvals.people((role,)),
        )
        for hold in facts.approvals.holds
        for role in [facts.approvals.spoken(hold.role)]
    ]
    return joined(NAME, nodes, met="", unmet="somebody holds it", skipped="nobody holds it")


RULE = GateRule(NAME, _evaluate, is_overridable=False)
