"""The override of a verdict: it lets unmet rules through for one head, never what cannot be judged, and never a hold."""

from reassay.gate.input import GateInput
from reassay.gate.verdict import Node, Status


def override_words(facts: GateInput) -> str:
    """Who overrode, by which entry, and until when; empty if nobody did."""
    if facts.source.override is None:
        return ""
    noted, overridden = facts.source.override
    who = facts.situation.people.login(noted.actor)
    role, head = facts.approvals.spoken(overridden.role), overridden.head[:7]
    return f"@{who} as {role} (entry {noted.seq}), for head {head} until {overridden.until}"


def let_through(node: Node) -> Node:
    """What an overridable rule says under an override: skipped where it is unmet."""
    if node.status is not Status.UNMET:
        return node
    return Node(node.name, Status.SKIPPED, f"overridden: {node.why}", children=())
