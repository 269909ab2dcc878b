"""Whether a threat model keeps the layers it should meet; two pull requests that are fine alone may break this together."""

from reassay.gate.input import GateInput
from reassay.gate.rules.base import GateRule
from reassay.gate.verdict import Node, Status, joined

NAME = "layers"


def _evaluate(facts: GateInput) -> Node:
    """Only what becomes worse."""
    nodes = [
        Node(NAME, Status.UNMET, each.words(),
             "Keep a mitigation in another layer, or lower `minimum_layers` in a pull request of its own.")
        for each in facts.thinned
    ]  # fmt: skip
    return joined(
        NAME, nodes, met="", unmet="too few layers would be left", skipped="no threat model loses a layer it needs"
    )


RULE = GateRule(NAME, _evaluate)
