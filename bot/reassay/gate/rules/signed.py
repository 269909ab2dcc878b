"""Whether everything that is changed is answered and signed, by the people it takes."""

from reassay.approvals.row import ApprovalRow
from reassay.changes.words import change_words
from reassay.gate.input import GateInput
from reassay.gate.rules.base import GateRule
from reassay.gate.verdict import Node, Status, joined
from reassay.people.people import who

NAME = "signed"


def _evaluate(facts: GateInput) -> Node:
    """One part for each row; a signature that does not count is named, with its reason."""
    nodes = [_row(row, facts) for row in facts.approvals.rows]
    return joined(
        NAME,
        nodes,
        met="everything that is changed is signed",
        unmet="signatures are missing",
        skipped="nothing that is changed takes a signature",
    )


def _row(row: ApprovalRow, facts: GateInput) -> Node:
    asks = row.requirement
    what = f"row {row.number}, {asked(row)}"
    place = _place(row, facts)
    notes = tuple(_note(row, facts))
    if row.is_signed:
        borne = (
            f"answered `{row.answer.body.answer}`, and the risk is accepted until {row.accepted_until}"
            if row.answer
            else ""
        )
        said = borne if row.accepted_until is not None else "signed"
        return Node(NAME, Status.MET, f"{what}: {said}", notes=notes, place=place)
    people = facts.approvals.may_sign(asks)
    if not people:
        excluded = facts.approvals.people(asks.roles)
        why = f"{what}: nobody may sign it"
        held = (
            f"Of {' or '.join(asks.roles)}, {who(excluded)} "
            if excluded
            else f"Nobody holds {' or '.join(asks.roles)}. "
        )
        reason = f"do not count: {facts.approvals.excluded(asks, _id(excluded[0], facts))}. " if excluded else ""
        how = f"{held}{reason}Give the role to somebody else, or `/reassay override because ...`."
        return Node(NAME, Status.UNMET, why, how, notes=notes, place=place)
    if asks.question is not None and row.answer is not None:
        word = row.answer.body.answer
        if row.is_blocked:
            bear = _bear(row, facts)
            how = f"Change what it speaks of, and answer again: `/reassay answer {row.number} yes because ...`{bear}"
            return Node(NAME, Status.UNMET, f"{what}: answered `{word}`", how, people, notes, place=place)
    if asks.question is not None:
        how = f"`/reassay answer {row.number} yes because ...`"
        return Node(NAME, Status.UNMET, f"{what}: not answered", how, people, notes, place=place)
    left = asks.min - row.taken
    how = f"`/reassay signoff {row.number}`"
    wanted = f"{left} signature{'s' if left > 1 else ''} of {' or '.join(asks.roles)}"
    verb = "are" if left > 1 else "is"
    return Node(NAME, Status.UNMET, f"{what}: {wanted} {verb} missing", how, people, notes, place=place)


def _bear(row: ApprovalRow, facts: GateInput) -> str:
    """The other way out of an answer that is not fine; empty where nothing has a risk to be borne."""
    names = ", ".join(f"`{each}`" for each in facts.concerned(facts.changed_objects[row.requirement.about].changes))
    where = "a risk acceptance in the register, or `/reassay accept-risk` in its re-assessment"
    return f"; or have the risk of {names} accepted, with an end: {where}" if names else ""


def asked(row: ApprovalRow) -> str:
    """What a row asks, in words."""
    asks = row.requirement
    name = asks.about.replace("/", " ", 1)
    if asks.question is not None:
        return f"`{name}`: {asks.question}"
    return f"`{name}`: {asks.kind}"


def changed_words(row: ApprovalRow, facts: GateInput) -> str:
    """What changes about a row's object, shortened."""
    words = [change_words(each) for each in facts.changed_objects[row.requirement.about].changes]
    return "; ".join(words[:3]) + (f" and {len(words) - 3} more" if len(words) > 3 else "")  # noqa: PLR2004 -- as many as fit


def _note(row: ApprovalRow, facts: GateInput) -> list[str]:
    login = facts.situation.people.login
    return [
        f"@{login(each.person)} as {facts.approvals.spoken(each.role)}: {each.why_not}"
        for each in row.signatures
        if not each.holds
    ]


def _id(login: str, facts: GateInput) -> int:
    return facts.situation.people.account(login).id or 0


def _place(row: ApprovalRow, facts: GateInput) -> tuple[str, int] | None:
    changes = facts.changed_objects[row.requirement.about].changes
    first = next((each for each in changes if each.is_looser), changes[0])
    return (first.at.path, first.at.line) if first.at else None


RULE = GateRule(NAME, _evaluate)
