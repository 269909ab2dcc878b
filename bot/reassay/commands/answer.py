"""answer: answers one question of the checklist."""

import re
from dataclasses import dataclass, replace
from typing import ClassVar, cast

from reassay.approvals.approvals import Approvals
from reassay.approvals.command_context import CommandContext, Effect, Keep, Receipt, Refusal, not_yours, unreadable
from reassay.approvals.eligibility import excluded, in_another_role, takes_nothing
from reassay.approvals.ledger_entries import IN_WORDS, WORDS, answer_command, is_fine
from reassay.approvals.records import signed_answer
from reassay.approvals.row import ApprovalRow
from reassay.approvals.row_selection import WHERE_NUMBERED, UnknownRowError, rows_named, still_missing
from reassay.commands.base import BadCommandError, Command, SlashCommand, VerbHelp, nothing_more, one_of, split_reason
from reassay.ledger.answers import Answered, AnswerWord
from reassay.ledger.pull_requests import ChangeAnswered
from reassay.ledger.reassessment import LedgerRecord
from reassay.people.people import who

NAME = "answer"
HELP = VerbHelp(
    usage="answer <item> no|not-tested|n/a|yes because <reason>, or for an open question: answer <item>: <your words>",
    who=(
        "the role that the row names; owner and assessors may answer too, and the row's role then signs off. On a pull"
        " request never somebody who wrote it"
    ),
    effect=(
        'answers a question of the checklist, by number or name: an open question ("What changed?") in your own words, after a'
        " colon or `because`. `no` and `not-tested` need a follow-up or an accepted risk"
        " before it can be concluded. A later answer replaces an earlier one and voids its sign-offs"
    ),
    example="/reassay answer 1 no because the staff assistant is not listed",
)


@dataclass(frozen=True, slots=True)
class Answer(Command):
    """The arguments: row, answer and reason; the reason of an answer `in-words` is the answer."""

    verb: ClassVar[str] = NAME
    item: str
    answer: str
    because: str


_COLON = re.compile(r"(?:#?(?P<number>\d+)\s?[:\uff1a]|(?P<name>\S+?)\s?(?::(?=\s)|\uff1a))\s*(?P<words>\S.*)")
"""`2: the filter was retrained`. A name may itself have a colon, which no blank follows."""
_BARE = re.compile(r"(?P<item>\S+?)\s+because\s+(?P<words>\S.*)", re.IGNORECASE)
"""`2 because the filter was retrained`."""


def parse(rest: str) -> Answer:
    """Reads what follows the verb. Raises BadCommandError."""
    colon, bare = _COLON.fullmatch(rest), _BARE.fullmatch(rest)
    item = (colon["number"] or colon["name"]) if colon else ""
    if colon and not _is_a_word(colon["words"]):
        return Answer(item.lstrip("#"), IN_WORDS, colon["words"])
    if bare and bare["item"].lower() != "because":
        return Answer(bare["item"].lstrip("#"), IN_WORDS, bare["words"])
    words, because = split_reason(f"{item} {colon['words']}" if colon else rest)
    if because is None:
        raise BadCommandError(
            "an answer needs a reason after `because`; to an open question, write your own words after a colon, e.g. "
            "`/reassay answer 2: the filter was retrained`"
        )
    item, _, after = words.partition(" ")
    if not item:
        raise BadCommandError("the row and the answer are missing; write e.g. `/reassay answer 1 yes because ...`")
    answer, _, more = after.strip().partition(" ")
    nothing_more(more)
    return Answer(item.lstrip("#"), one_of(answer, WORDS, "answer"), because)


def _is_a_word(text: str) -> bool:
    """Whether what follows a colon is one of the four answers, alone or with its reason."""
    return text.partition(" because")[0].strip().lower().rstrip(".") in WORDS


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
    if command.answer == IN_WORDS and not row.requirement.in_words:
        return Refusal(
            f"row {row.number} is a yes/no question, so that words alone do not answer it",
            f"To answer it, comment: `{answer_command(row.number)}`",
        )
    if command.answer == "yes" and row.requirement.in_words:
        # "What changed?" has no yes; the reason holds the answer.
        command = replace(command, answer=IN_WORDS)
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
    follow = ""
    if not is_fine(body.answer):
        follow = (
            f"It does not settle row {row.number}: the check says what would"
            if row.requirement.must_be_fine
            else "Before the conclusion it needs a follow-up with a date (`conclude ... follow-up`) or `/reassay accept-risk`"
        )
    return Receipt(
        what,
        tuple(filter(None, (needs, follow))),
        (approvals.source.validity, still_missing(approvals)),
        (row.number,),
    )


def answered_words(row: ApprovalRow, word: AnswerWord) -> str:
    """An answer with its question; words of a person's own are in the table of the issue."""
    given = "in words" if word == IN_WORDS else f"`{word}`"
    return f"{given} to '{row.requirement.question}' for {row.requirement.about}"


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Answer,
    parse=parse,
    act=act,
    receipt=receipt,
    is_for_pull_requests=True,
)
