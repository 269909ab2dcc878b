"""Answers and sign-offs that the changes require."""

from reassay.approvals.digests import brief
from reassay.approvals.ledger_entries import answer_command
from reassay.approvals.row import ApprovalRow
from reassay.common.calendar import day_words
from reassay.common.sentences import alternatives, names
from reassay.gate.input import GateInput
from reassay.gate.rules.base import GateRule, of_readable
from reassay.gate.verdict import Node, RuleStatus, joined
from reassay.people.people import unheld_names

NAME = "signed"


def _evaluate(gate_input: GateInput) -> Node:
    """One part for each row; a sign-off that does not count is noted, with its reason."""
    nodes = [_node(row, gate_input) for row in gate_input.approvals.rows]
    missing = sum(node.status is RuleStatus.UNMET for node in nodes)
    return joined(
        NAME,
        nodes,
        met="every row is answered or signed off",
        unmet=f"{missing} rows need an answer or a sign-off" if missing > 1 else "1 row needs an answer or a sign-off",
        skipped=of_readable("no change needs a sign-off", gate_input),
    )


def _node(row: ApprovalRow, gate_input: GateInput) -> Node:
    requirement, number = row.requirement, row.number
    what = f"row {number}, {requirement_words(row)}"
    place, notes = _place(row, gate_input), _notes(row, gate_input)
    if gate_input.is_overridden(requirement):
        return Node(NAME, RuleStatus.SKIPPED, f"{what}: overridden on its own pull request", notes=notes, place=place)
    if row.is_signed:
        return Node(NAME, RuleStatus.MET, f"{what}: {_signed_words(row)}", notes=notes, place=place)
    people = gate_input.approvals.may_sign(requirement)
    if not people:
        how = _nobody(row, gate_input)
        return Node(NAME, RuleStatus.UNMET, f"{what}: nobody may sign it off", how, notes=notes, place=place)
    answer = answer_command(number)
    if requirement.question is not None and row.answer is not None and row.is_blocked:
        why = f"{what}: answered `{row.answer.body.answer}`"
        how = f"Change what the question is about, and answer again{_bear(row, gate_input)}."
        return Node(NAME, RuleStatus.UNMET, why, how, people, notes, place=place, command=answer)
    if requirement.question is not None:
        return Node(NAME, RuleStatus.UNMET, f"{what}: not answered", "", people, notes, place=place, command=answer)
    left = requirement.needed - row.taken
    count = f"{left} sign-offs from {' or '.join(requirement.roles)} are" if left > 1 else (
        f"1 sign-off from {' or '.join(requirement.roles)} is"
    )  # fmt: skip
    command = f"/reassay signoff {number} {brief(gate_input.approvals.content)}"
    more = f" (one more than usual, because {requirement.more_because})" if requirement.more else ""
    return Node(
        NAME, RuleStatus.UNMET, f"{what}: {count} missing{more}", "", people, notes, place=place, command=command
    )


def _signed_words(row: ApprovalRow) -> str:
    if row.accepted_until is None or row.answer is None:
        return "signed off"
    until = day_words(row.accepted_until, year=True)
    return f"answered `{row.answer.body.answer}`, and the risk is accepted until {until}"


def _nobody(row: ApprovalRow, gate_input: GateInput) -> str:
    """Why nobody may sign a row, and what to do about it."""
    approvals, roles = gate_input.approvals, " or ".join(row.requirement.roles)
    excluded = approvals.people(row.requirement.roles)
    if excluded:
        account = gate_input.assessment_input.people.account(excluded[0]).id or 0
        holders = names(*(f"@{login}" for login in excluded))
        verb = "do" if len(excluded) > 1 else "does"
        reason = f"Of {roles}, {holders} {verb} not count: {approvals.excluded(row.requirement, account)}."
    else:
        reason = f"Nobody holds {roles}."
    ways = "Give the role to another person"
    if excluded and any(own.contributors is None for own in gate_input.proposal.people.values()):
        # No other person would count either.
        ways = (
            "Sign the commits so that GitHub shows each as verified, and push them again; or the author of the pull request "
            "writes them again with an address of their own account"
        )
    return f"{reason} {ways}{_override(gate_input)}."


def _override(gate_input: GateInput) -> str:
    """The last way out, with who may take it; empty where the configuration lets nobody override."""
    role = gate_input.assessment_input.register.configuration.gate.override
    owners = gate_input.proposal.people.values()
    people = gate_input.assessment_input.people
    holders = [
        f"@{login}"
        for login in (gate_input.approvals.people((role,)) if role else ())
        if not any(own.wrote(people.account(login).id or 0) for own in owners)
    ]
    return f", or {alternatives(*holders)} comments: `/reassay override because ...`" if holders else ""


def _bear(row: ApprovalRow, gate_input: GateInput) -> str:
    """The other way out of a `no` or `not-tested`; empty where no risk can be accepted."""
    changes = gate_input.changed_objects[row.requirement.about].changes
    subjects = ", ".join(f"`{subject}`" for subject in gate_input.concerned(changes))
    where = "in the register, or with `/reassay accept-risk` in its re-assessment"
    return f"; or have the risk of {subjects} accepted until a date, {where}" if subjects else ""


def requirement_words(row: ApprovalRow) -> str:
    """The question or approval step of a row, with its object."""
    requirement = row.requirement
    name = requirement.about.replace("/", " ", 1)
    asks = requirement.kind if requirement.question is None else requirement.question
    return f"`{name}`: {asks}{f', {requirement.asked_words}' if requirement.asked_by else ''}"


def _notes(row: ApprovalRow, gate_input: GateInput) -> tuple[str, ...]:
    """Sign-offs of a row that do not count, and names that give nobody its role, each with its reason."""
    people, register = gate_input.assessment_input.people, gate_input.assessment_input.register
    spoken = gate_input.approvals.spoken
    void = (
        f"@{people.login(signature.person)} as {spoken(signature.role)}: {signature.why_not}"
        for signature in row.signatures
        if not signature.counts
    )
    unheld = (words for role in row.requirement.roles for words in unheld_names(role, register, people))
    return (*void, *dict.fromkeys(() if row.is_signed else unheld))


def _place(row: ApprovalRow, gate_input: GateInput) -> tuple[str, int] | None:
    changes = gate_input.changed_objects[row.requirement.about].changes
    first = next((change for change in changes if change.is_looser), changes[0])
    return (first.at.path, first.at.line) if first.at else None


RULE = GateRule(NAME, _evaluate, is_about_approvals=True)
