"""Planned changes: none is merged before its date."""

from reassay.changes.agreements import too_early
from reassay.changes.base import Direction
from reassay.common.calendar import day_words
from reassay.gate.input import GateInput
from reassay.gate.rules.base import GateRule, of_readable
from reassay.gate.verdict import Node, RuleStatus, joined
from reassay.register.agreements import read_agreed_change

NAME = "not-too-early"


def _evaluate(gate_input: GateInput) -> Node:
    """One part for each planned change that this would make too early."""
    nodes = []
    for change in gate_input.changes:
        base = gate_input.proposal.base.deployments.get(change.name) if change.kind == "deployment" else None
        if base is None or change.direction is Direction.TIGHTER:
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
        skipped=_skipped(gate_input),
    )


def _skipped(gate_input: GateInput) -> str:
    """Plans in another form than `FIELD: add VALUE` are never matched with a change, so they are named."""
    base, today = gate_input.proposal.base, gate_input.assessment_input.today
    names = dict.fromkeys(change.name for change in gate_input.changes if change.kind == "deployment")
    unread = [
        f"`{plan.change}` of {name}"
        for name in names
        if name in base.deployments
        for plan in base.deployments[name].value.planned
        if plan.not_before > today and read_agreed_change(plan.change) is None
    ]
    sentence = of_readable("no planned change is merged before its date", gate_input)
    return f"{sentence}; not compared, because the field is not recognised: {', '.join(unread)}" if unread else sentence


RULE = GateRule(NAME, _evaluate, is_about_approvals=False)
