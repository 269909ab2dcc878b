"""The merge result: the gate judges what a merge would give, so without it nothing passes."""

from reassay.gate.input import GateInput
from reassay.gate.rules.base import GateRule
from reassay.gate.verdict import Node, RuleStatus, joined

NAME = "mergeable"


def _evaluate(gate_input: GateInput) -> Node:
    """Conflicts, and whatever else could not be read."""
    proposal = gate_input.proposal
    nodes = [
        Node(NAME, RuleStatus.ERROR, problem, "Re-evaluate with `/reassay explain`.") for problem in proposal.problems
    ]
    unmet = "the merge result is not known"
    match proposal.mergeable:
        case "no":
            unmet = f"this conflicts with {proposal.base_ref}"
            how = f"Merge {proposal.base_ref} into the branch, or rebase it, and push."
            nodes.append(Node(NAME, RuleStatus.ERROR, f"{unmet}, so the merge result is not known", how))
        case "unknown":
            why = "it is not known yet whether this can be merged"
            nodes.append(Node(NAME, RuleStatus.ERROR, why, "Try again in a minute: `/reassay explain`."))
        case "yes":
            nodes.append(Node(NAME, RuleStatus.MET, "the merge result is known"))
    return joined(NAME, nodes, met="the merge result is known", unmet=unmet, skipped="")


RULE = GateRule(NAME, _evaluate, is_about_approvals=False, is_overridable=False)
