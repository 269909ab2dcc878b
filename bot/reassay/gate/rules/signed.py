"""Whether everything that is changed is answered and signed, by the people it takes."""

from reassay.approvals.change_sheet import ChangeRow, ChangeSheet
from reassay.changes.words import change_words
from reassay.gate.input import GateInput
from reassay.gate.verdict import Node, Status, joined
from reassay.people.people import who

ORDER = 70
NAME = "signed"


def evaluate(facts: GateInput, sheet: ChangeSheet) -> Node:
    """One part for each row; a signature that does not count is named, with its reason."""
    nodes = [_row(row, facts, sheet) for row in sheet.rows]
    return joined(
        NAME,
        nodes,
        met="everything that is changed is signed",
        unmet="signatures are missing",
        skipped="nothing that is changed takes a signature",
    )


def _row(row: ChangeRow, facts: GateInput, sheet: ChangeSheet) -> Node:
    demand = row.demand
    what = f"row {row.number}, {asked(row)}"
    place = _place(row, sheet)
    notes = tuple(_note(row, sheet))
    if row.is_signed:
        borne = (
            f"answered `{row.answer[1].answer}`, and the risk is accepted until {row.borne_until}" if row.answer else ""
        )
        said = borne if row.borne_until is not None else "signed"
        return Node(NAME, Status.MET, f"{what}: {said}", notes=notes, place=place)
    people = sheet.may_sign(demand)
    if not people:
        excluded = sheet.people(demand.roles)
        why = f"{what}: nobody may sign it"
        held = (
            f"Of {' or '.join(demand.roles)}, {who(excluded)} "
            if excluded
            else f"Nobody holds {' or '.join(demand.roles)}. "
        )
        reason = f"do not count: {sheet.barred(demand, _id(excluded[0], facts))}. " if excluded else ""
        how = f"{held}{reason}Give the role to somebody else, or `/reassay override because ...`."
        return Node(NAME, Status.UNMET, why, how, notes=notes, place=place)
    if demand.question is not None and row.answer is not None:
        word = row.answer[1].answer
        if not row.is_fine and row.borne_until is None:
            bear = _bear(row, facts, sheet)
            how = f"Change what it speaks of, and answer again: `/reassay answer {row.number} yes because ...`{bear}"
            return Node(NAME, Status.UNMET, f"{what}: answered `{word}`", how, people, notes, place=place)
    if demand.question is not None:
        how = f"`/reassay answer {row.number} yes because ...`"
        return Node(NAME, Status.UNMET, f"{what}: not answered", how, people, notes, place=place)
    left = demand.min - row.taken
    how = f"`/reassay signoff {row.number}`"
    wanted = f"{left} signature{'s' if left > 1 else ''} of {' or '.join(demand.roles)}"
    verb = "are" if left > 1 else "is"
    return Node(NAME, Status.UNMET, f"{what}: {wanted} {verb} missing", how, people, notes, place=place)


def _bear(row: ChangeRow, facts: GateInput, sheet: ChangeSheet) -> str:
    """The other way out of an answer that is not fine; empty where nothing has a risk to be borne."""
    names = ", ".join(f"`{each}`" for each in facts.concerned(sheet.gated[row.demand.about].changes))
    where = "a risk acceptance in the register, or `/reassay accept-risk` in its re-assessment"
    return f"; or have the risk of {names} accepted, with an end: {where}" if names else ""


def asked(row: ChangeRow) -> str:
    """What a row asks, in words."""
    demand = row.demand
    name = demand.about.replace("/", " ", 1)
    if demand.question is not None:
        return f"`{name}`: {demand.question.text}"
    return f"`{name}`: {demand.kind}"


def changed_words(row: ChangeRow, sheet: ChangeSheet) -> str:
    """What changes about a row's object, shortened."""
    words = [change_words(each) for each in sheet.gated[row.demand.about].changes]
    return "; ".join(words[:3]) + (f" and {len(words) - 3} more" if len(words) > 3 else "")  # noqa: PLR2004 -- as many as fit


def _note(row: ChangeRow, sheet: ChangeSheet) -> list[str]:
    login = sheet.facts.situation.people.login
    return [
        f"@{login(each.person)} as {sheet.spoken(each.role)}: {each.why_not}"
        for each in row.signatures
        if not each.holds
    ]


def _id(login: str, facts: GateInput) -> int:
    return facts.situation.people.account(login).id or 0


def _place(row: ChangeRow, sheet: ChangeSheet) -> tuple[str, int] | None:
    changes = sheet.gated[row.demand.about].changes
    first = next((each for each in changes if each.is_looser), changes[0])
    return (first.at.path, first.at.line) if first.at else None
