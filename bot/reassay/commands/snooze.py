"""snooze: silences reminders for a while; the state stays what it is."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from reassay.approvals.command_context import (
    CommandContext,
    Effect,
    Keep,
    Receipt,
    Refusal,
    closed,
    due_on,
    not_yours,
    on,
    unreadable,
)
from reassay.commands.base import BadCommandError, Command, SlashCommand, VerbHelp, needs_reason
from reassay.common.calendar import Duration, parse_duration
from reassay.ledger.deferrals import Snoozed
from reassay.ledger.reassessment import LedgerRecord

NAME = "snooze"
LONGEST = timedelta(days=92)
HELP = VerbHelp(
    usage="snooze <duration> because <reason>",
    who="the owner",
    effect=(
        "pauses reminders for this time (at most three months), except those that are escalated. Nothing else changes:"
        " overdue stays overdue"
    ),
    example="/reassay snooze 2 weeks because the contractor is away",
)


@dataclass(frozen=True, slots=True)
class Snooze(Command):
    """The arguments: duration and reason."""

    verb: ClassVar[str] = NAME
    span: Duration
    because: str


def parse(rest: str) -> Snooze:
    """Reads the duration and the reason. Raises BadCommandError."""
    words, because = needs_reason(rest, "a snooze")
    try:
        return Snooze(parse_duration(words), because)
    except ValueError as error:
        raise BadCommandError(f"{error}; write e.g. `/reassay snooze 2 weeks because ...`") from error


def act(command: Snooze, context: CommandContext) -> Effect | Refusal:
    """The record; refused for more than LONGEST."""
    reassessment, subject = context.reassessment, context.subject
    if subject is None:
        return unreadable(reassessment)
    if context.seat(subject.owner) is None:
        return not_yours("snooze reminders", (subject.owner,), context.people(subject.owner))
    if refused := closed(reassessment):
        return refused
    until: date = command.span.after(context.written_on)
    if not context.written_on < until <= context.written_on + LONGEST:
        return Refusal(
            "reminders can be paused for one day to three months", "Write e.g. `/reassay snooze 2 weeks because ...`"
        )
    keep = Keep()
    return Effect((Snoozed(reassessment=reassessment.id, until=until, because=keep(command.because)),), keep.objects)


def receipt(records: tuple[LedgerRecord, ...], context: CommandContext) -> Receipt | None:
    """The pause, and the due date that stays."""
    body = records[0].body
    if not isinstance(body, Snoozed):
        return None
    reassessment = context.reassessment
    return Receipt(
        f"no reminders until {on(body.until)}",
        (f"{reassessment.id} is still due {due_on(reassessment)}",),
    )


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Snooze,
    parse=parse,
    act=act,
    receipt=receipt,
)
