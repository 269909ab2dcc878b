"""Whether a threat model keeps the layers it should meet; two pull requests that are fine alone may break this together."""

from reassay.approvals.change_sheet import ChangeSheet
from reassay.gate.input import GateInput
from reassay.gate.verdict import Node, Status, joined

ORDER = 60
NAME = "layers"


def evaluate(facts: GateInput, _sheet: ChangeSheet) -> Node:
    """Only what becomes worse."""
    nodes = [
        Node(NAME, Status.UNMET, each.words(),
             "Keep a mitigation in another layer, or lower `minimum_layers` in a pull request of its own.")
        for each in facts.thinned
    ]  # fmt: skip
    return joined(
        NAME, nodes, met="", unmet="too few layers would be left", skipped="no threat model loses a layer it needs"
    )
