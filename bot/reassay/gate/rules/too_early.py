"""A planned change is switched on on its day, not before."""

from reassay.changes.agreements import too_early
from reassay.gate.input import GateInput
from reassay.gate.rules.base import GateRule
from reassay.gate.verdict import Node, Status, joined

NAME = "not-too-early"


def _evaluate(facts: GateInput) -> Node:
    """Each planned change that this would switch on early."""
    nodes = []
    for change in facts.changes:
        base = facts.proposal.base.deployments.get(change.name) if change.kind == "deployment" else None
        if base is None or not change.significant:
            continue
        values = [str(each) for each in (change.after if isinstance(change.after, list) else [change.after])]
        day = too_early(base.value, change.field, values, facts.situation.today)
        if day is not None:
            why = f"{', '.join(values)} on {change.name} is planned for {day}, not before"
            place = (change.at.path, change.at.line) if change.at else None
            how = f"Merge it on {day} or later; or change the plan in a pull request of its own."
            nodes.append(Node(NAME, Status.UNMET, why, how, place=place))
    return joined(NAME, nodes, met="", unmet="a planned change would come early", skipped="no plan is run ahead of")


RULE = GateRule(NAME, _evaluate)
