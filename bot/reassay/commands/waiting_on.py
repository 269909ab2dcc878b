"""waiting-on: names an outside party that the re-assessment waits for."""

from dataclasses import dataclass
from datetime import date
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
from reassay.commands.base import BadCommandError, Command, SlashCommand, VerbHelp, split_reason, split_until
from reassay.ledger.deferrals import WaitingOn
from reassay.ledger.reassessment import LedgerRecord

NAME = "waiting-on"
LONGEST_PARTY = 120
HELP = VerbHelp(
    usage="waiting-on <party> until <date>",
    who="the owner",
    effect="shows the party in the issue and in reminders. No due date moves",
    example="/reassay waiting-on the contractor's report until 2026-12-21",
)


@dataclass(frozen=True, slots=True)
class WaitingOnCommand(Command):
    """The arguments: party and date."""

    verb: ClassVar[str] = NAME
    party: str
    until: date


def parse(rest: str) -> WaitingOnCommand:
    """Reads party and date. Raises BadCommandError."""
    words, _ = split_reason(rest)
    party, until = split_until(words)
    if not party or len(party) > LONGEST_PARTY:
        raise BadCommandError(
            "name the party in a few words; write e.g. `/reassay waiting-on the report until 2026-12-21`"
        )
    return WaitingOnCommand(party, until)


def act(command: WaitingOnCommand, context: CommandContext) -> Effect | Refusal:
    """The record; refused for a date in the past."""
    reassessment, subject = context.reassessment, context.subject
    if subject is None:
        return unreadable(reassessment)
    if context.seat(subject.owner) is None:
        return not_yours("say this", (subject.owner,), context.people(subject.owner))
    if refused := closed(reassessment):
        return refused
    if command.until < context.written_on:
        return Refusal(f"{on(command.until)} is in the past", "Give the date on which you expect it.")
    keep = Keep()
    return Effect(
        (WaitingOn(reassessment=reassessment.id, party=keep(command.party), until=command.until),), keep.objects
    )


def receipt(records: tuple[LedgerRecord, ...], context: CommandContext) -> Receipt | None:
    """The party, and the due date that stays."""
    body = records[0].body
    if not isinstance(body, WaitingOn):
        return None
    party = context.objects.get(body.party, "(redacted)")
    return Receipt(
        f"waiting on {party} until {on(body.until)}",
        (f"Reminders name the party. {context.reassessment.id} is still due {due_on(context.reassessment)}",),
    )


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=WaitingOnCommand,
    parse=parse,
    act=act,
    receipt=receipt,
)
