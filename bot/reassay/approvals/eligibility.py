"""Eligibility: who may sign which row now, by role, content shown, order of steps and exclusions."""

from reassay.approvals.approvals import LENT_ON, Approvals
from reassay.approvals.command_context import CommandContext, Refusal, closed, not_yours
from reassay.approvals.digests import short
from reassay.approvals.ledger_entries import answer_command
from reassay.approvals.pull_request import PullRequestSource
from reassay.approvals.row import ApprovalRow
from reassay.people.people import Seat, who


def not_shown(context: CommandContext, approvals: Approvals) -> Refusal | None:
    """Refuses a sign-off of content that was not the last one shown before the comment; names both contents."""
    if context.shown == approvals.content:
        return None
    is_pull = isinstance(approvals.source, PullRequestSource)
    place, now = "the check" if is_pull else "the issue", short(approvals.content)
    if not context.shown:
        why = f"your comment came before {'the check had reported' if is_pull else 'the issue showed this content'}"
    else:
        why = f"your comment is about content {short(context.shown)}, and the content is {now} now"
    return Refusal(why, f"Read {place} (content {now}), then comment again.")


def answered_meanwhile(context: CommandContext, row: ApprovalRow) -> Refusal | None:
    """Refuses a sign-off of an answer that was not there before the comment."""
    given = row.answer.record.comment if row.answer else None
    if row.answer is None or given is None:
        return None
    comment = context.comment
    if (given.created_at, given.id, given.index) < (comment.created_at, comment.id, comment.index):
        mine = row.answer.record.actor == context.by.id
        if mine or given.created_at < context.comment.created_at:
            return None
    return Refusal(f"the answer to row {row.number} changed just before your comment", "Read it, then comment again.")


def takes_nothing(context: CommandContext, approvals: Approvals) -> Refusal | None:
    """Refuses answers and sign-offs where it is closed, the merge result is not known, or other content was shown."""
    source = approvals.source
    if isinstance(source, PullRequestSource):
        if not source.proposal.is_known:
            return Refusal(
                "the merge result is not known, so nothing can be signed off", "Fix what the check names first."
            )
    elif refused := closed(source.reassessment):
        return refused
    return not_shown(context, approvals)


def seat_for(row: ApprovalRow, role: str | None, approvals: Approvals, context: CommandContext) -> Seat | Refusal:
    """The seat in which the person signs a row, or why they cannot; `role` is the one they named."""
    roles = row.requirement.roles
    if role is not None and role not in roles:
        return Refusal(f"row {row.number} cannot be signed off as {role}", f"Sign it off as {' or '.join(roles)}.")
    seat = context.seat(*roles)
    if seat is None:
        return not_yours(f"sign off row {row.number}", roles, context.people(*roles))
    if row.requirement.must_be_fine and row.answer is not None and not row.answer.is_fine:
        return Refusal(
            f"row {row.number} is answered `{row.answer.body.answer}`",
            f"To change the answer, comment: `{answer_command(row.number, in_words=row.requirement.in_words)}`",
        )
    if row.is_signed_by(context.by.id):
        return Refusal(f"you already signed off row {row.number}", "Nothing more is needed.")
    return (
        in_another_role(row, seat, approvals, context)
        or excluded(row, seat, approvals, context)
        or _not_ready(row, approvals, context)
        or seat
    )


def in_another_role(row: ApprovalRow, seat: Seat, approvals: Approvals, context: CommandContext) -> Refusal | None:
    """Refuses a person who already signed in another role; None if they did not."""
    acted = approvals.acted_as(context.by.id)
    if acted is None or acted == seat.recorded:
        return None
    return Refusal(
        f"you signed as {context.spoken(acted)} here, and a person counts once",
        f"Another person can sign row {row.number}. To take back your sign-offs, comment: `/reassay withdraw all`.",
    )


def _not_ready(row: ApprovalRow, approvals: Approvals, context: CommandContext) -> Refusal | None:
    number = row.number
    if row.requirement.needs_evidence and row.answer is None:
        return Refusal(
            f"row {number} needs an answer with evidence first",
            f"To answer it, comment: `{answer_command(number, in_words=row.requirement.in_words)}`",
        )
    return _out_of_order(row, approvals) or _answered_meanwhile(row, approvals, context)


def _out_of_order(row: ApprovalRow, approvals: Approvals) -> Refusal | None:
    before = approvals.before(row)
    if not before:
        return None
    questions = [str(earlier.number) for earlier in before if earlier.requirement.question is not None]
    if questions:
        those = f"rows {', '.join(questions)} are" if len(questions) > 1 else f"row {questions[0]} is"
        return Refusal(
            f"row {row.number} approves all answers, and {those} not signed off yet", "Sign it off after them."
        )
    first = before[0]
    people = who(approvals.may_sign(first.requirement))
    return Refusal(
        f"row {row.number} comes after row {first.number}", f"Ask {people} to sign off row {first.number} first."
    )


def _answered_meanwhile(row: ApprovalRow, approvals: Approvals, context: CommandContext) -> Refusal | None:
    """An approval step of a re-assessment signs the answers to all questions."""
    signed = approvals.questions if row.requirement.step is not None else (row,)
    races = (answered_meanwhile(context, answered) for answered in signed)
    return next((race for race in races if race), None)


def excluded(row: ApprovalRow, seat: Seat, approvals: Approvals, context: CommandContext) -> Refusal | None:
    """Refuses a person, or the lender of their role, whom the row excludes; None if it does not. Names who can."""
    why = approvals.excluded(row.requirement, context.by.id or 0)
    if row.requirement.is_lending and seat.lender_id is not None:
        why = LENT_ON
    elif not why and seat.lender_id is not None:
        lender = approvals.excluded(row.requirement, seat.lender_id)
        why = f"the person who lent you the role: {lender}" if lender else ""
    if not why:
        return None
    others = who(approvals.may_sign(row.requirement))
    act = "sign-off of" if row.requirement.question is None else "answer to"
    return Refusal(f"your {act} row {row.number} would not count: {why}", f"Ask {others}.")
