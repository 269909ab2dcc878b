"""How a verdict is made: both sides read, compared, requirements, sign-offs, rules, override, validity.

`reassay gate` (cli/gate.py) and a sweep (sweep/verdict_publication.py) make their verdicts here.
docs/explanation/architecture.md describes the same steps in words.

    read      sweep/repository/   git gives the base and the merge result: `Proposal`
    compare   comparison.py       every difference, field by field, and the subjects it concerns
    cells     input.py            status of those subjects' cells before and after the merge: `openings`
    ask       requirements.py     questions and approval steps for each changed object
    signed    approvals/          answers and sign-offs, and which of them are still valid
    rules     rules/              one file a rule; each gives a `Node` that says why, how and who
    override  below               lets unmet rules through, for one head and a few days
    validity  below               the last day on which the verdict stays the same
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from reassay.assessment.cells import State
from reassay.common.calendar import day_words
from reassay.gate.input import GateInput
from reassay.gate.rules import RULES
from reassay.gate.rules.base import GateRule
from reassay.gate.verdict import Conclusion, Node, RuleStatus, Verdict, joined

ROOT = "gate"


def decide(gate_input: GateInput) -> Verdict:
    """The verdict on one pull request or range of commits. Pure: the same input gives the same verdict."""
    overridden = _override_words(gate_input)
    nodes = [_judged(rule, gate_input, is_overridden=bool(overridden)) for rule in RULES]
    tree = _tree(nodes)
    return Verdict(
        conclusion=_conclusion(tree),
        tree=tree,
        changes=gate_input.changes,
        rows=gate_input.approvals.rows,
        openings=gate_input.openings,
        content=gate_input.approvals.content,
        valid_until=min(_last_days(gate_input), default=None),
        overridden=overridden,
    )


def _judged(rule: GateRule, gate_input: GateInput, *, is_overridden: bool) -> Node:
    """A rule's result; an override skips an overridable rule that is unmet, never an error and never a hold."""
    node = rule.evaluate(gate_input)
    if not is_overridden or not rule.is_overridable or node.status is not RuleStatus.UNMET:
        return node
    return Node(node.name, RuleStatus.SKIPPED, f"overridden: {node.why}")


def _tree(nodes: Sequence[Node]) -> Node:
    """The rules under one root, whose words are those of the rules in the way: errors, or else whatever is unmet."""
    errors = [node.why for node in nodes if node.status is RuleStatus.ERROR]
    unmet = errors or [node.why for node in nodes if node.status is RuleStatus.UNMET]
    return joined(ROOT, nodes, met="ready to merge", unmet="; ".join(unmet), skipped="nothing here is gated")


def _conclusion(tree: Node) -> Conclusion:
    match tree.status:
        case RuleStatus.ERROR:
            return "error"
        case RuleStatus.UNMET:
            return "failure"
        case _:
            return "success"


def _override_words(gate_input: GateInput) -> str:
    """Who overrode the verdict, by which entry, and until when; empty without an override."""
    if gate_input.source.override is None:
        return ""
    record, override = gate_input.source.override
    login = gate_input.assessment_input.people.login(record.actor)
    role, head = gate_input.approvals.spoken(override.role), override.head[:7]
    return f"@{login} as {role} (entry {record.seq}), for head {head}, until {day_words(override.until, year=True)}"


def _last_days(gate_input: GateInput) -> Iterator[date]:
    """Last days of everything that the verdict depends on; the earliest is the verdict's own. Empty without any date."""
    if gate_input.source.override is not None:
        yield gate_input.source.override[1].until
    yield from (row.accepted_until for row in gate_input.approvals.rows if row.accepted_until is not None)
    yield from _loosened(gate_input)
    yield from _agreed(gate_input)


def _loosened(gate_input: GateInput) -> Iterator[date]:
    """Something being loosened becomes overdue, or the acceptance of its risk ends."""
    today, loosened = gate_input.assessment_input.today, set(gate_input.loosened)
    for cell in gate_input.cells_now:
        if cell.subject in loosened and cell.due is not None and cell.state is not State.OVERDUE and cell.due >= today:
            yield cell.due
    for name, acceptances in gate_input.now.register_index.acceptances.items():
        if name in loosened:
            yield from (acceptance.expires_at for acceptance in acceptances if acceptance.expires_at >= today)


def _agreed(gate_input: GateInput) -> Iterator[date]:
    """A change that was agreed in advance expires, or the day of a planned one comes."""
    today = gate_input.assessment_input.today
    for change in gate_input.changes:
        base = gate_input.proposal.base.deployments.get(change.name) if change.kind == "deployment" else None
        if base is not None:
            agreements = base.value.preauthorised_changes
            yield from (agreement.expires for agreement in agreements if agreement.expires >= today)
            yield from (plan.not_before - timedelta(days=1) for plan in base.value.planned if plan.not_before > today)
