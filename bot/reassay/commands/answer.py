"""answer: answers one question of the checklist."""

from dataclasses import dataclass
from typing import ClassVar, cast

from reassay.approvals.approvals import Approvals
from reassay.approvals.command_context import CommandContext, Effect, Keep, Receipt, Refusal, not_yours, unreadable
from reassay.approvals.eligibility import excluded, in_another_role, takes_nothing
from reassay.approvals.ledger_entries import WORDS, is_fine
from reassay.approvals.records import signed_answer
from reassay.approvals.row import ApprovalRow
from reassay.approvals.row_selection import WHERE_NUMBERED, UnknownRowError, rows_named, still_missing
from reassay.commands.base import BadCommandError, Command, SlashCommand, VerbHelp, needs_reason, nothing_more, one_of
from reassay.ledger.answers import Answered, AnswerWord
from reassay.ledger.pull_requests import ChangeAnswered
from reassay.ledger.reassessment import LedgerRecord
from reassay.people.people import who

NAME = "answer"
HELP = VerbHelp(
    usage="answer <item> no|not-tested|n/a|yes because <reason>",
    who=(
        "the role that the row names; owner and assessors may answer too, and the row's role then signs off. On a pull"
        " request never somebody who wrote it"
    ),
    effect=(
        "answers a question of the checklist, by number or name. `no` and `not-tested` need a follow-up or an accepted risk"
        " before it can be concluded. A later answer replaces an earlier one and voids its sign-offs"
    ),
    example="/reassay answer 1 no because the staff assistant is not listed",
)


@dataclass(frozen=True, slots=True)
class Answer(Command):
    """The arguments: row, answer and reason."""

    verb: ClassVar[str] = NAME
    item: str
    answer: str
    because: str


def parse(rest: str) -> Answer:
    """Reads what follows the verb. Raises BadCommandError."""
    words, because = needs_reason(rest, "an answer")
    item, _, after = words.partition(" ")
    if not item:
        raise BadCommandError("the row and the answer are missing; write e.g. `/reassay answer 1 yes because ...`")
    answer, _, more = after.strip().partition(" ")
    nothing_more(more)
    return Answer(item.lstrip("#"), one_of(answer, WORDS, "answer"), because)


def act(command: Answer, context: CommandContext) -> Effect | Refusal:
    """The answer, signed at once if the row is the person's own."""
    approvals = context.approvals
    if approvals is None:
        return unreadable(context.reassessment)
    try:
        (row,) = rows_named([command.item], approvals)
    except UnknownRowError as error:
        return Refusal(str(error), WHERE_NUMBERED)
    if row.requirement.question is None:
        return Refusal(
            f"row {row.number} is an approval step, not a question",
            f"To sign it off, comment: `/reassay signoff {row.number}`",
        )
    return takes_nothing(context, approvals) or _answer(command, row, approvals, context)


def _answer(command: Answer, row: ApprovalRow, approvals: Approvals, context: CommandContext) -> Effect | Refusal:
    roles, others = row.requirement.roles, approvals.source.answering_roles
    own = context.seat(*roles)
    seat = own or context.seat(*others)
    if seat is None:
        either = tuple(dict.fromkeys((*roles, *others)))
        return not_yours("answer this row", either, context.people(*either))
    # An answer is the row's sign-off too, so whoever is excluded from the row does not answer it either.
    if refused := excluded(row, seat, approvals, context):
        return refused
    elsewhere = in_another_role(row, seat, approvals, context)
    if elsewhere is not None and not others:
        return elsewhere
    keep = Keep()
    word, because = cast("AnswerWord", command.answer), keep(command.because)
    if own is not None and elsewhere is None:
        return Effect((signed_answer(row, word, because, seat, approvals),), keep.objects)
    return Effect((approvals.source.answered(row.requirement, word, because, seat),), keep.objects)


def receipt(records: tuple[LedgerRecord, ...], context: CommandContext) -> Receipt | None:
    """The answer, how long it is valid, and the sign-offs that are missing."""
    body, approvals = records[0].body, context.approvals
    if not isinstance(body, Answered | ChangeAnswered) or approvals is None:
        return None
    row = next((row for row in approvals.rows if row.requirement.id == body.item), None)
    if row is None:
        return None
    people = who(approvals.people(row.requirement.roles))
    what = f"@{context.by.login}, {context.spoken(body.role)}, answered {answered_words(row, body.answer)}"
    needs = "" if body.signed else f"To sign it off, {people} comments: `/reassay signoff {row.number}`"
    follow = (
        "Before the conclusion it needs a follow-up with a date (`conclude ... follow-up`) or `/reassay accept-risk`"
        if not is_fine(body.answer) and not row.requirement.must_be_fine
        else ""
    )
    undo = f"Undo: `/reassay withdraw {row.number}`"
    more = (approvals.source.validity, needs, follow, still_missing(approvals), undo)
    return Receipt(what, tuple(filter(None, more)))


def answered_words(row: ApprovalRow, word: AnswerWord) -> str:
    """An answer with its question."""
    return f"`{word}` to '{row.requirement.question}' for {row.requirement.about}"


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Answer,
    parse=parse,
    act=act,
    receipt=receipt,
    is_for_pull_requests=True,
)
