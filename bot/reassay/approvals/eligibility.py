"""Who may sign which row now: the role, one person once, the order of steps, exclusions."""

from reassay.approvals.approvals import Approvals
from reassay.approvals.asking import Asking, Refusal, closed, not_yours
from reassay.approvals.pull_request import PullRequestSource
from reassay.approvals.row import ApprovalRow
from reassay.approvals.shown import answered_meanwhile, not_shown
from reassay.people.people import Seat, who


def takes_nothing(asking: Asking, approvals: Approvals) -> Refusal | None:
    """Why nothing can be answered or signed at all: it is closed, a merge cannot be judged, or other content was shown."""
    source = approvals.source
    if isinstance(source, PullRequestSource):
        if not source.proposal.is_known:
            return Refusal(
                "what a merge would give is not known, so nothing can be signed", "The check says why; mend that first."
            )
    elif refused := closed(source.reassessment):
        return refused
    return not_shown(asking, approvals)


def seat_for(row: ApprovalRow, role: str | None, approvals: Approvals, asking: Asking) -> Seat | Refusal:
    """The seat in which the person signs a row, or why they cannot; `role` is the one they named."""
    roles = row.requirement.roles
    if role is not None and role not in roles:
        return Refusal(f"row {row.number} is not signed as {role}", f"It is signed as {' or '.join(roles)}.")
    seat = asking.seat(*roles)
    if seat is None:
        return not_yours(f"signing row {row.number}", roles, asking.people(*roles))
    if row.requirement.must_be_fine and row.answer is not None and not row.answer.is_fine:
        return Refusal(
            f"row {row.number} is answered `{row.answer.body.answer}`",
            f"Answer it anew: `/reassay answer {row.number} yes because ...`",
        )
    if row.is_signed_by(asking.by.id):
        return Refusal(f"row {row.number} carries your signature already", "Nothing more is needed for it.")
    return (
        in_another_role(row, seat, approvals, asking)
        or _not_ready(row, approvals, asking)
        or _excluded(row, seat, approvals, asking)
        or seat
    )


def in_another_role(row: ApprovalRow, seat: Seat, approvals: Approvals, asking: Asking) -> Refusal | None:
    """One human counts once, in one role."""
    acted = approvals.acted_as(asking.by.id)
    if acted is None or acted == seat.recorded:
        return None
    return Refusal(
        f"you signed as {asking.spoken(acted)} here, and one person counts once",
        f"Somebody else has to sign row {row.number}, or take back what you signed: `/reassay withdraw all`.",
    )


def _not_ready(row: ApprovalRow, approvals: Approvals, asking: Asking) -> Refusal | None:
    number = row.number
    if row.requirement.needs_evidence and row.answer is None:
        return Refusal(
            f"row {number} is not answered, and asks for evidence",
            f"Answer it first: `/reassay answer {number} yes because ...`",
        )
    return _out_of_order(row, approvals) or _answered_meanwhile(row, approvals, asking)


def _out_of_order(row: ApprovalRow, approvals: Approvals) -> Refusal | None:
    before = approvals.before(row)
    if not before:
        return None
    questions = [str(each.number) for each in before if each.requirement.question is not None]
    if questions:
        those = f"rows {', '.join(questions)} are" if len(questions) > 1 else f"row {questions[0]} is"
        return Refusal(f"row {row.number} approves all answers, and {those} not signed yet", "Sign it after them.")
    first = before[0]
    people = who(approvals.may_sign(first.requirement))
    return Refusal(f"row {row.number} comes after row {first.number}", f"First {people} on row {first.number}.")


def _answered_meanwhile(row: ApprovalRow, approvals: Approvals, asking: Asking) -> Refusal | None:
    """An approval step of a re-assessment signs the answers to all questions."""
    signed = approvals.questions if row.requirement.step is not None else (row,)
    races = (answered_meanwhile(asking, each) for each in signed)
    return next((race for race in races if race), None)


def _excluded(row: ApprovalRow, seat: Seat, approvals: Approvals, asking: Asking) -> Refusal | None:
    why = approvals.excluded(row.requirement, asking.by.id or 0)
    if not why and seat.lender_id is not None:
        lender = approvals.excluded(row.requirement, seat.lender_id)
        why = f"who lent you the role: {lender}" if lender else ""
    if not why:
        return None
    others = who(approvals.may_sign(row.requirement))
    return Refusal(f"row {row.number} cannot be yours: {why}", f"It can be signed by {others}.")
