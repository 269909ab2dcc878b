"""Holds on the pull request: each blocks until it is lifted."""

from reassay.gate.input import GateInput
from reassay.gate.rules.base import GateRule
from reassay.gate.verdict import Node, RuleStatus, joined

NAME = "hold"


def _evaluate(gate_input: GateInput) -> Node:
    """One part for each hold."""
    approvals = gate_input.approvals
    nodes = [
        Node(
            NAME,
            RuleStatus.UNMET,
            f"{approvals.spoken(hold.role)} put a hold on this (entry {hold.record.seq})",
            who=approvals.people((approvals.spoken(hold.role),)),
            command="/reassay unhold",
        )
        for hold in approvals.holds
    ]
    return joined(NAME, nodes, met="", unmet="there is a hold on this", skipped="there is no hold on this")


RULE = GateRule(NAME, _evaluate, is_about_approvals=True, is_overridable=False)
