"""Whether somebody put a hold on it."""

from reassay.approvals.change_sheet import ChangeSheet
from reassay.gate.input import GateInput
from reassay.gate.verdict import Node, Status, joined

ORDER = 30
NAME = "hold"


def evaluate(_facts: GateInput, sheet: ChangeSheet) -> Node:
    """Each hold by itself."""
    nodes = [
        Node(NAME, Status.UNMET, f"{sheet.spoken(body.role)} put a hold on it (entry {noted.seq})",
             "They, or somebody else in that role, write `/reassay unhold`.", sheet.people((sheet.spoken(body.role),)))
        for noted, body in sheet.holds
    ]  # fmt: skip
    return joined(NAME, nodes, met="", unmet="somebody holds it", skipped="nobody holds it")
