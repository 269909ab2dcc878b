"""Re-assessments that must be decided before the merge, about exactly the content that would be merged."""

from collections.abc import Iterator, Mapping, Sequence

from reassay.assessment.authority import assessors
from reassay.assessment.cells import assessing_roles
from reassay.assessment.content import proposed_content
from reassay.assessment.favour import counts_in_favour
from reassay.gate.exposures import Exposure
from reassay.gate.input import GateInput
from reassay.gate.rules.base import GateRule, of_readable
from reassay.gate.verdict import Node, RuleStatus, joined
from reassay.ledger.history import Reassessment
from reassay.people.people import logins

NAME = "decided-before"
APART = "Move the change of this requirement to a separate pull request. Merge that one first, or after the decision."


def asked_before(gate_input: GateInput) -> Mapping[str, tuple[str, ...]]:
    """Subjects that must be decided before the merge, with their cells."""
    asked: dict[str, list[str]] = {}
    for opening in gate_input.openings:
        if opening.fired.before_change:
            asked.setdefault(opening.subject, []).append(opening.cell)
    return {name: tuple(dict.fromkeys(cells)) for name, cells in asked.items()}


def decision_for(subject: str, cells: Sequence[str], gate_input: GateInput) -> Reassessment | None:
    """The re-assessment that was decided in favour, about exactly the content that would be merged; None without one."""
    for reassessment in _opened_here(subject, gate_input):
        decided = reassessment.decided
        if decided is None or not reassessment.stands or not set(cells) <= set(decided.cells):
            continue
        in_favour = counts_in_favour(reassessment, _assessing(subject, gate_input))
        if in_favour and decided.covered == proposed_content(subject, reassessment.cells, gate_input.then.register):
            return reassessment
    return None


def _assessing(subject: str, gate_input: GateInput) -> frozenset[str]:
    """The roles that assess a subject in the default branch, or else as merged."""
    facts = gate_input.assessment_input
    entry = facts.register.subjects.get(subject) or gate_input.then.register.subjects.get(subject)
    return assessing_roles(entry.value, facts) if entry else frozenset()


def _opened_here(subject: str, gate_input: GateInput) -> Iterator[Reassessment]:
    """Re-assessments of a subject that this pull request opened, oldest first."""
    for pull in gate_input.proposal.pulls:
        opened = gate_input.assessment_input.history.opened_from(pull)
        yield from (reassessment for reassessment in opened if reassessment.subject == subject)


def _evaluate(gate_input: GateInput) -> Node:
    """One part for each mitigation or commitment that must be decided."""
    nodes = [_node(subject, cells, gate_input) for subject, cells in asked_before(gate_input).items()]
    nodes += _undeclared(gate_input)
    return joined(
        NAME,
        nodes,
        met="every decision that is required before the merge is made",
        unmet=f"{len(nodes)} decisions are required before the merge" if len(nodes) > 1
        else "a decision is required before the merge",
        skipped=of_readable("no decision is required before the merge", gate_input),
    )  # fmt: skip


def _node(subject: str, cells: Sequence[str], gate_input: GateInput) -> Node:
    listed = ", ".join(f"`{cell}`" for cell in cells if cell != "*")
    what = f"`{subject}`{f' for {listed}' if listed else ''}"
    decision = decision_for(subject, cells, gate_input)
    if decision is not None:
        where = f" ({decision.id}, {decision.decided.verdict})" if decision.decided else ""
        return Node(NAME, RuleStatus.MET, f"{what} is decided for exactly this content{where}")
    own = (opening.fired for opening in gate_input.openings if opening.subject == subject)
    reasons = "; ".join(dict.fromkeys(fired.reason for fired in own if fired.before_change))
    if not _is_decidable(subject, cells, gate_input):
        why = f"{what} must be decided before the merge: {reasons}"
        return Node(
            NAME, RuleStatus.UNMET, why, APART, _assessors(subject, gate_input), place=_place(subject, gate_input)
        )
    latest = next(iter(reversed(list(_opened_here(subject, gate_input)))), None)
    issue = f"#{latest.issue}" if latest and latest.issue else "its issue, which the bot opens for this pull request"
    if latest is not None and latest.state == "decided":
        why = f"{what}: {latest.id} was decided about other content, or not in favour; {reasons}"
    else:
        why = f"{what} must be decided before the merge: {reasons}"
    how, people = f"Decide it in {issue}.", _assessors(subject, gate_input)
    return Node(NAME, RuleStatus.UNMET, why, how, people, place=_place(subject, gate_input))


def _is_decidable(subject: str, cells: Sequence[str], gate_input: GateInput) -> bool:
    """Whether the merge result still has every cell that must be decided."""
    there = {cell.cell for cell in gate_input.cells_then if cell.subject == subject and cell.results}
    return there.issuperset(cells)


def _undeclared(gate_input: GateInput) -> Iterator[Node]:
    """Exposed models that no entry declares, where a commitment wants a decision about models before a change."""
    undecidable: dict[str, tuple[Exposure, tuple[str, ...]]] = {}
    for before in (gate_input.before_by_base, gate_input.before_merge):
        undecidable |= {exposure.deployment: (exposure, names) for exposure, names in before.undecidable()}
    for exposure, commitments in undecidable.values():
        names = ", ".join(f"`{name}`" for name in commitments)
        model = f"`{exposure.model}`, and no model of that id is declared" if exposure.model else "no named model"
        why = f"{exposure.deployment} runs {model}, so nobody can tell whether {names} is decided for it"
        how = "Declare the model under `models`, and name its id as the `model` of the deployment."
        at = exposure.change.at
        yield Node(NAME, RuleStatus.UNMET, why, how, place=(at.path, at.line) if at else None)


def _assessors(subject: str, gate_input: GateInput) -> tuple[str, ...]:
    """Logins of the people who can decide; those of the owner where no assessor is named."""
    entry = gate_input.then.register.subjects.get(subject)
    assessment_input, then = gate_input.assessment_input, gate_input.then
    roles = assessors(entry.value, then.register, then.today) if entry else ()
    return logins(roles, assessment_input.register, assessment_input.people, assessment_input.today)


def _place(subject: str, gate_input: GateInput) -> tuple[str, int] | None:
    entry = gate_input.then.register.subjects.get(subject)
    at = entry.origin.at() if entry else None
    return (at.path, at.line) if at else None


RULE = GateRule(NAME, _evaluate, is_about_approvals=False)
