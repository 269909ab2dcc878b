"""Whether the register can still be read after the merge: what is broken counts as removed, and says where it is broken."""

from collections.abc import Iterator

from reassay.gate.input import GateInput
from reassay.gate.rules.base import GateRule
from reassay.gate.verdict import Node, Status, joined
from reassay.register.finding import Finding

NAME = "readable"
MOST = 20


def _evaluate(facts: GateInput) -> Node:
    """Errors that the change brings; those of the base are not its fault."""
    found = list(_new(facts))
    nodes = [_node(each) for each in found[:MOST]]
    if facts.proposal.base.configuration_is_broken:
        nodes.append(Node(NAME, Status.ERROR, "the configuration of the base cannot be read, so its rules are not known",
                          "Mend it on the base first: `reassay check`."))  # fmt: skip
    if facts.situation.register.configuration_is_broken:
        nodes.append(Node(NAME, Status.ERROR, "the configuration of the default branch cannot be read, so roles are not known",
                          "Mend it there first: `reassay check`."))  # fmt: skip
    more = f" and {len(found) - MOST} more" if len(found) > MOST else ""
    good = Node(NAME, Status.MET, "the register reads well")
    return joined(
        NAME,
        nodes or [good],
        met="the register reads well",
        unmet=f"the register would not read well{more}",
        skipped="",
    )


def _node(finding: Finding) -> Node:
    at = finding.at
    return Node(
        NAME, Status.ERROR, f"{finding.message} ({at.path}:{at.line})", finding.remedy, place=(at.path, at.line)
    )


def _new(facts: GateInput) -> Iterator[Finding]:
    known = {(each.code, each.at.path, each.message) for each in facts.proposal.base.errors}
    for each in facts.proposal.merged.errors:
        if (each.code, each.at.path, each.message) not in known:
            yield each


RULE = GateRule(NAME, _evaluate, is_overridable=False)
