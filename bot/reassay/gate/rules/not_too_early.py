"""Planned changes: none is merged before its date."""

from reassay.changes.agreements import too_early
from reassay.common.calendar import day_words
from reassay.gate.input import GateInput
from reassay.gate.rules.base import GateRule
from reassay.gate.verdict import Node, RuleStatus, joined

NAME = "not-too-early"


def _evaluate(gate_input: GateInput) -> Node:
    """One part for each planned change that this would make too early."""
    nodes = []
    for change in gate_input.changes:
        base = gate_input.proposal.base.deployments.get(change.name) if change.kind == "deployment" else None
        if base is None or not change.significant:
            continue
        values = [str(value) for value in (change.after if isinstance(change.after, list) else [change.after])]
        day = too_early(base.value, change.field, values, gate_input.assessment_input.today)
        if day is not None:
            date = day_words(day, year=True)
            why = f"{', '.join(values)} on {change.name} is planned for {date}, not before"
            how = f"Merge it on {date} or later, or change the plan in a separate pull request."
            place = (change.at.path, change.at.line) if change.at else None
            nodes.append(Node(NAME, RuleStatus.UNMET, why, how, place=place))
    return joined(
        NAME,
        nodes,
        met="",
        unmet="a planned change would be merged before its date",
        skipped="no planned change is merged before its date",
    )


RULE = GateRule(NAME, _evaluate)
