"""correct: adds an erratum to a wrong record, or withdraws it. The record itself does not change."""

from dataclasses import dataclass
from typing import ClassVar, Literal, cast

from reassay.approvals.command_context import CommandContext, Effect, Keep, Outcome, Receipt, Refusal, not_yours
from reassay.approvals.two_people import agreed, waits_for
from reassay.assessment.authority import approvers, parties
from reassay.commands.base import (
    BadCommandError,
    Command,
    SlashCommand,
    VerbHelp,
    needs_reason,
    nothing_more,
    one_of,
    word_shown,
)
from reassay.ledger.reassessment import LedgerRecord, Reassessment
from reassay.ledger.risks import Corrected
from reassay.register.assessable import Assessable

NAME = "correct"
HOW = ("erratum", "withdraw")
HELP = VerbHelp(
    usage="correct <R-...> erratum|withdraw because <reason>",
    who="owner, assessor or approver; then another of them confirms",
    effect=(
        "`erratum` adds a note to a record. `withdraw` cancels a wrong decision: its subject is unassessed again, and"
        " related assessments are re-evaluated. The record itself never changes"
    ),
    example="/reassay correct R-2026-004 withdraw because the tests ran against last month's model",
)


@dataclass(frozen=True, slots=True)
class Correct(Command):
    """The arguments: record, kind of correction and reason."""

    verb: ClassVar[str] = NAME
    record: str
    how: str
    because: str


def parse(rest: str) -> Correct:
    """Reads record, kind of correction and reason. Raises BadCommandError."""
    words, because = needs_reason(rest, "a correction")
    record, _, after = words.partition(" ")
    if not record.upper().startswith("R-"):
        raise BadCommandError(f"{word_shown(record)} is not the id of a record; write e.g. R-2026-004")
    how, _, more = after.strip().partition(" ")
    nothing_more(more)
    return Correct(record.upper(), one_of(how, HOW, "correction"), because)


def _wrong(command: Correct, context: CommandContext) -> tuple[Reassessment, Assessable] | Refusal:
    wrong = context.assessment_input.history.reassessments.get(command.record)
    if wrong is None:
        return Refusal(f"{command.record} is not the id of a record", "`reassay ledger log` lists the records.")
    entry = context.assessment_input.register.subjects.get(wrong.subject)
    if entry is None:
        return Refusal(
            f"{wrong.subject} is not in the register now, so nobody can correct a record about it",
            "Add it to the register first.",
        )
    if wrong.decided is None:
        return Refusal(f"{wrong.id} has no decision", "Only a decision can be corrected.")
    if wrong.withdrawn_seq is not None:
        return Refusal(f"{wrong.id} is already withdrawn, by entry {wrong.withdrawn_seq}", "Nothing more is needed.")
    return wrong, entry.value


def act(command: Correct, context: CommandContext) -> Outcome:
    """A request, checked now so that nobody confirms it in vain."""
    wrong = _wrong(command, context)
    if isinstance(wrong, Refusal):
        return wrong
    register, today = context.facts
    roles = tuple(dict.fromkeys((*parties(wrong[1], register, today), *approvers(wrong[1], register, today))))
    if context.seat(*roles) is None:
        return not_yours("correct this record", roles, context.people(*roles))
    return waits_for(context, _confirming(wrong[1], context))


def _confirming(subject: Assessable, context: CommandContext) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*approvers(subject, *context.facts), *parties(subject, *context.facts))))


def confirmed(command: Correct, first: CommandContext, second: CommandContext) -> Effect | Refusal:
    """The record, once another person confirms."""
    wrong = _wrong(command, first)
    if isinstance(wrong, Refusal):
        return wrong
    reassessment, subject = wrong
    seat = agreed(act(command, first), first, second, "a correction", _confirming(subject, first))
    if isinstance(seat, Refusal):
        return seat
    keep = Keep()
    body = Corrected(
        reassessment=reassessment.id,
        subject=reassessment.subject,
        how=cast("Literal['erratum', 'withdraw']", command.how),
        because=keep(command.because),
        asked=first.asked(),
        confirmed_by=second.by.id or 0,
    )
    return Effect((body,), keep.objects)


def receipt(records: tuple[LedgerRecord, ...], _context: CommandContext) -> Receipt | None:
    """The correction and its effect."""
    body = records[0].body
    if not isinstance(body, Corrected):
        return None
    if body.how == "erratum":
        return Receipt(f"erratum to {body.reassessment}", ("The decision itself stays valid",))
    return Receipt(
        f"{body.reassessment} is withdrawn",
        (f"`{body.subject}` is unassessed again where it covered it; the record stays, marked as withdrawn",),
    )


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Correct,
    parse=parse,
    act=act,
    receipt=receipt,
    confirmed=confirmed,
    is_for_anywhere=True,
)
