"""The override of a verdict: it lets unmet rules through for one head, never what cannot be judged, and never a hold."""

from collections.abc import Mapping

from reassay.approvals.change_sheet import ChangeSheet
from reassay.gate.verdict import Node, Status

NOT_OVERRIDDEN = frozenset({"mergeable", "readable", "not_held"})
"""Rules that an override does not reach."""


def override_words(sheet: ChangeSheet) -> str:
    """Who overrode, by which entry, and until when; empty if nobody did."""
    if sheet.override is None:
        return ""
    noted, overridden = sheet.override
    who = sheet.facts.situation.people.login(noted.actor)
    role, head = sheet.spoken(overridden.role), overridden.head[:7]
    return f"@{who} as {role} (entry {noted.seq}), for head {head} until {overridden.until}"


def let_through(nodes: Mapping[str, Node]) -> Mapping[str, Node]:
    """Rules by name, with those that the override reaches skipped where they are unmet."""
    return {name: node if name in NOT_OVERRIDDEN else _skipped(node) for name, node in nodes.items()}


def _skipped(node: Node) -> Node:
    if node.status is not Status.UNMET:
        return node
    return Node(node.name, Status.SKIPPED, f"overridden: {node.why}", children=())
