"""What has to be decided before the change is made available: on the very content that would be merged."""

from reassay.gate.decided import asked_before, decision_for, latest_for
from reassay.gate.input import GateInput
from reassay.gate.rules.base import GateRule
from reassay.gate.verdict import Node, Status, joined
from reassay.people.people import may_act

NAME = "decided-before"


def _evaluate(facts: GateInput) -> Node:
    """One part for each mitigation or commitment that asks for it."""
    nodes = [_one(subject, facts) for subject in asked_before(facts)]
    return joined(
        NAME,
        nodes,
        met="what had to be decided before is decided",
        unmet="a decision is wanted before this is made available",
        skipped="nothing has to be decided before",
    )


def _one(subject: str, facts: GateInput) -> Node:
    cells = asked_before(facts)[subject]
    listed = ", ".join(cell for cell in cells if cell != "*")
    what = f"`{subject}`{f' for `{listed}`' if listed else ''}"
    decided = decision_for(subject, cells, facts)
    if decided is not None:
        where = f" ({decided.id}, {decided.decided.decision})" if decided.decided else ""
        return Node(NAME, Status.MET, f"{what} is decided on exactly this content{where}")
    reasons = "; ".join(
        dict.fromkeys(
            each.fired.reason for each in facts.openings if each.subject == subject and each.fired.before_change
        )
    )
    each = latest_for(subject, facts)
    entry = facts.then.register.subjects.get(subject)
    roles = (entry.value.assessor_names or (entry.value.owner,)) if entry else ()
    situation = facts.situation
    people = tuple(
        dict.fromkeys(
            login for role in roles for login in may_act(role, situation.register, situation.people, situation.today)
        )
    )
    place = None
    if entry:
        at = entry.origin.at()
        place = (at.path, at.line)
    number = f"#{each.issue}" if each and each.issue else "its issue, which opens from this pull request"
    if each is not None and each.state == "decided":
        why = f"{what}: {each.id} was decided on another content, or not in favour; {reasons}"
    else:
        why = f"{what} has to be decided first: {reasons}"
    return Node(NAME, Status.UNMET, why, f"Decide it in {number}.", people, place=place)


RULE = GateRule(NAME, _evaluate)
