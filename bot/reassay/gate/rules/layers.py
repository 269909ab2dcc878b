"""Threat models that would be left with fewer layers than required; two pull requests can do so together."""

from reassay.gate.input import GateInput
from reassay.gate.rules.base import GateRule, of_readable
from reassay.gate.verdict import Node, RuleStatus, joined

NAME = "layers"


def _evaluate(gate_input: GateInput) -> Node:
    """One part for each threat model that becomes worse."""
    how = (
        "Keep a mitigation in another layer, let one that does not count be assessed first, or lower `minimum_layers` in a"
        " separate pull request."
    )
    nodes = [Node(NAME, RuleStatus.UNMET, thinned.words(), how) for thinned in gate_input.thinned]
    skipped = of_readable("no threat model loses a declared layer that its minimum requires", gate_input)
    return joined(NAME, nodes, met="", unmet="too few layers would be left", skipped=skipped)


RULE = GateRule(NAME, _evaluate, is_about_approvals=False)
