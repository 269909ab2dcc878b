"""Whether it is known what a merge would give: judged is the merge result, and without one nothing passes."""

from reassay.gate.input import GateInput
from reassay.gate.rules.base import GateRule
from reassay.gate.verdict import Node, Status, joined

NAME = "mergeable"


def _evaluate(facts: GateInput) -> Node:
    """Conflicts, and whatever else could not be found out."""
    found = [
        Node(NAME, Status.ERROR, problem, "Re-evaluate with `/reassay explain`.") for problem in facts.proposal.problems
    ]
    match facts.proposal.mergeable:
        case "no":
            how = f"Merge {facts.proposal.base_ref} into the branch, or rebase it, and push."
            found.append(
                Node(NAME, Status.ERROR, "it conflicts with the base, so nobody can say what a merge would give", how)
            )
        case "unknown":
            why = "it is not known yet whether it can be merged"
            found.append(Node(NAME, Status.ERROR, why, "Look again in a moment: `/reassay explain`."))
        case "yes":
            found.append(Node(NAME, Status.MET, "the merge result is known"))
    return joined(
        NAME, found, met="the merge result is known", unmet="what a merge would give is not known", skipped=""
    )


RULE = GateRule(NAME, _evaluate, is_overridable=False)
