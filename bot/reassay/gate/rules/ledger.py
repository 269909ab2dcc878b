"""The ledger: sign-offs, decisions and holds are in it, so without it nothing passes."""

from reassay.gate.input import GateInput
from reassay.gate.rules.base import GateRule
from reassay.gate.verdict import Node, RuleStatus, joined

NAME = "ledger"


def _evaluate(gate_input: GateInput) -> Node:
    """The reason why the ledger cannot be relied on, if there is one."""
    problem = gate_input.proposal.ledger
    nodes = [Node(NAME, RuleStatus.ERROR, problem.why, problem.how)] if problem else []
    unmet = "the ledger cannot be relied on"
    return joined(NAME, nodes, met="", unmet=unmet, skipped="the ledger agrees with the anchors that were read")


RULE = GateRule(NAME, _evaluate, is_about_approvals=False, is_overridable=False)
