"""Override: lets unmet rules through, for one head and a few days; in a merge queue's group, for its own pull request."""

from reassay.common.calendar import day_words
from reassay.gate.input import GateInput
from reassay.gate.rules.base import GateRule
from reassay.gate.rules.signed import NAME as SIGNED
from reassay.gate.verdict import Node, RuleStatus, joined


def judged(rule: GateRule, gate_input: GateInput) -> Node:
    """A rule's result; an override skips an overridable rule that is unmet, never an error and never a hold.

    In a merge queue's group it skips what its own pull request is asked for: the rest is met by the others themselves.
    """
    node = rule.evaluate(gate_input)
    if not rule.is_overridable or node.status is not RuleStatus.UNMET:
        return node
    if gate_input.source.override is not None:
        return Node(node.name, RuleStatus.SKIPPED, f"overridden: {node.why}")
    own = {
        (leaf.name, leaf.why)
        for member in gate_input.overridden
        for leaf in rule.evaluate(member).leaves()
        if leaf.status is RuleStatus.UNMET and leaf.name != SIGNED
    }
    if not own:
        return node
    parts = [_skipped(part) if (part.name, part.why) in own else part for part in node.children or (node,)]
    return joined(node.name, parts, met=node.why, unmet=node.why, skipped=f"overridden: {node.why}")


def _skipped(node: Node) -> Node:
    return Node(node.name, RuleStatus.SKIPPED, f"overridden: {node.why}")


def override_words(gate_input: GateInput) -> str:
    """Who overrode the verdict, by which entry, and until when; empty without an override."""
    people, spoken = gate_input.assessment_input.people, gate_input.approvals.spoken
    return "; ".join(
        f"@{people.login(record.actor)} as {spoken(override.role)} (entry {record.seq}), for head {override.head[:7]},"
        f" until {day_words(override.until, year=True)}"
        for record, override in gate_input.source.overrides.values()
    )
