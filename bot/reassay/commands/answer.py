"""answer: answers one question of the checklist."""

from dataclasses import dataclass
from typing import ClassVar, cast

from reassay.approvals.change_signing import answer as on_change
from reassay.approvals.change_signing import receipt as change_receipt
from reassay.approvals.digests import item_digest
from reassay.approvals.rows import UnknownRowError, rows_named
from reassay.approvals.sheet import Row, Sheet
from reassay.approvals.shown import content_race
from reassay.assessment.authority import parties
from reassay.commands.asking import Asking, Effect, Keep, Receipt, Refusal, closed, not_yours, unreadable
from reassay.commands.base import BadCommandError, Command, VerbHelp, needs_reason, nothing_more, one_of
from reassay.ledger.answers import Answered, AnswerWord
from reassay.ledger.reassessment import Noted
from reassay.people.people import Seat, who

__all__ = ["HELP", "NAME", "act", "change_receipt", "on_change", "parse", "receipt"]

NAME = "answer"
WORDS = ("yes", "no", "n/a", "not-tested")
HELP = VerbHelp(
    usage="answer <item> yes|no|n/a|not-tested because <reason>",
    who="whoever the row names; owner and assessors may answer for it, and the row's own role then signs",
    effect=(
        "answers a question of the checklist, by number or name. `no` and `not-tested` need a follow-up or an accepted risk"
        " before it can be concluded. A later answer takes the place of an earlier one and voids what was signed on it"
    ),
    example="/reassay answer 1 yes because both deployments are listed",
)


@dataclass(frozen=True, slots=True)
class Answer(Command):
    """An answer to one item."""

    verb: ClassVar[str] = NAME
    item: str
    answer: str
    because: str


def parse(rest: str) -> Answer:
    """Reads what follows the verb. Raises BadCommandError."""
    words, because = needs_reason(rest, "an answer")
    item, _, after = words.partition(" ")
    if not item:
        raise BadCommandError("name the row by its number, and the answer: `answer 1 yes because ...`")
    answer, _, more = after.strip().partition(" ")
    nothing_more(more)
    return Answer(item.lstrip("#"), one_of(answer, WORDS, "answer"), because)


def act(command: Answer, asking: Asking) -> Effect | Refusal:
    """The answer, signed by being given if the row is the person's own."""
    each, sheet, subject = asking.reassessment, asking.sheet, asking.subject
    if sheet is None or subject is None:
        return unreadable(each)
    if refused := closed(each):
        return refused
    try:
        (row,) = rows_named([command.item], sheet)
    except UnknownRowError as error:
        return Refusal(str(error), "The table in the issue has the numbers.")
    if not isinstance(row, Row):
        return Refusal(f"row {row.number} is an approval step", f"Sign it with `/reassay signoff {row.number}`.")
    own = asking.seat(*row.roles)
    seat = own or asking.seat(*parties(subject))
    if seat is None:
        roles = tuple(dict.fromkeys((*row.roles, *parties(subject))))
        return not_yours("answering this row", roles, asking.people(*roles))
    return content_race(asking, sheet) or _record(command, asking, sheet, row, seat, is_own=own is not None)


def _record(  # noqa: PLR0913 -- what a record is made of
    command: Answer, asking: Asking, sheet: Sheet, row: Row, seat: Seat, *, is_own: bool
) -> Effect | Refusal:
    already = sheet.acted_as(asking.by.id or 0)
    is_own = is_own and already in {None, seat.recorded}
    keep = Keep()
    answered = Answered(
        reassessment=sheet.each.id,
        item=row.item.id,
        answer=cast("AnswerWord", command.answer),
        because=keep(command.because),
        role=seat.recorded,
        for_account=seat.for_account.id if seat.for_account else None,
        content=sheet.content,
    )
    if is_own:
        answered = answered.model_copy(update={"signed": item_digest(row.item, answered, sheet.content)})
    return Effect((answered,), keep.objects)


def receipt(noted: tuple[Noted, ...], asking: Asking) -> Receipt | None:
    """What was answered, how long it holds, and who still has to sign."""
    body, sheet = noted[0].body, asking.sheet
    if not isinstance(body, Answered) or sheet is None:
        return None
    row = next((row for row in sheet.rows if row.item.id == body.item), None)
    if row is None:
        return None
    login = asking.by.login
    what = f"@{login}, {asking.spoken(body.role)}, answered `{body.answer}` to '{row.item.text}'"
    needs = (
        ""
        if body.signed
        else f"It waits for a signature of {who(sheet.people(row.roles))}: `/reassay signoff {row.number}`"
    )
    follow = (
        "Before this is concluded it needs a follow-up with a date (`conclude ... follow-up`) or `/reassay accept-risk`"
        if body.answer in {"no", "not-tested"}
        else ""
    )
    holds = f"Holds until that answer or what it is about ({sheet.each.subject} and what it covers) changes"
    more = (holds, needs, follow, missing(sheet), f"Undo: `/reassay withdraw {row.number}`")
    return Receipt(what, tuple(each for each in more if each))


def missing(sheet: Sheet) -> str:
    """Which rows still want something, and of whom; empty if none does."""
    rows = [row for row in sheet.rows if not row.is_signed]
    steps = [step for step in sheet.steps if not step.is_taken]
    wanted = [f"row {row.number} ({who(sheet.people(row.roles))})" for row in rows[:4]]
    wanted += [f"row {step.number} ({who(sheet.people((step.step.role,)))})" for step in steps[:2]]
    more = max(0, len(rows) - 4) + max(0, len(steps) - 2)
    listed = ", ".join(wanted) + (f" and {more} more" if more else "")
    return f"Still missing: {listed}" if listed else "Every row is answered and signed"
