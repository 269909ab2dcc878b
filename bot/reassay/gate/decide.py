"""The verdict: every rule, then the override, then until when it holds."""

from collections.abc import Iterator
from datetime import date, timedelta

from reassay.assessment.cells import State
from reassay.gate.facts import GateFacts
from reassay.gate.rules import RULES
from reassay.gate.rules.base import GateRule
from reassay.gate.verdict import Node, Status, Verdict, joined

ROOT = "gate"


def decide(facts: GateFacts) -> Verdict:
    """Pure: the same facts give the same verdict."""
    overridden = _overridden(facts)
    nodes = [_judged(rule, facts, is_overridden=bool(overridden)) for rule in RULES]
    tree = joined(
        ROOT,
        nodes,
        met="it may be merged",
        unmet="it may not be merged yet",
        skipped="it changes nothing that is gated",
    )
    conclusion = {Status.ERROR: "error", Status.UNMET: "failure"}.get(tree.status, "success")
    return Verdict(
        conclusion=conclusion,  # type: ignore[arg-type] # three literals
        tree=tree,
        changes=facts.changes,
        rows=facts.approvals.rows,
        openings=facts.openings,
        content=facts.approvals.content,
        valid_until=min(_dates(facts), default=None),
        overridden=overridden,
    )


def _judged(rule: GateRule, facts: GateFacts, *, is_overridden: bool) -> Node:
    node = rule.evaluate(facts)
    return _let_through(node) if is_overridden and rule.is_overridable else node


def _overridden(facts: GateFacts) -> str:
    found = facts.source.override
    if found is None:
        return ""
    noted, body = found
    who = facts.situation.people.login(noted.actor)
    return f"@{who} as {facts.approvals.spoken(body.role)} (entry {noted.seq}), for head {body.head[:7]} until {body.until}"


def _let_through(node: Node) -> Node:
    if node.status is not Status.UNMET:
        return node
    return Node(node.name, Status.SKIPPED, f"overridden: {node.why}", children=())


def _dates(facts: GateFacts) -> Iterator[date]:
    """Last days: an override ends, something that becomes looser becomes late, a planned day or an agreement ends."""
    today = facts.situation.today
    if facts.source.override is not None:
        yield facts.source.override[1].until
    yield from (row.accepted_until for row in facts.approvals.rows if row.accepted_until is not None)
    concerned = set(facts.loosened)
    for cell in facts.cells_now:
        if cell.subject in concerned and cell.due is not None and cell.state is not State.OVERDUE and cell.due >= today:
            yield cell.due
    for name, accepted in facts.now.register_index.acceptances.items():
        if name in concerned:
            yield from (each.expires_at for each in accepted if each.expires_at >= today)
    for change in facts.changes:
        base = facts.proposal.base.deployments.get(change.name) if change.kind == "deployment" else None
        if base is not None:
            yield from (each.expires for each in base.value.preauthorised_changes if each.expires >= today)
            yield from (plan.not_before - timedelta(days=1) for plan in base.value.planned if plan.not_before > today)
