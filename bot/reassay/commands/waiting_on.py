"""waiting-on: somebody outside has to do something first."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from reassay.approvals.asking import Asking, Effect, Keep, Receipt, Refusal, closed, not_yours, on, unreadable
from reassay.commands.base import BadCommandError, Command, VerbHelp, split_reason, split_until
from reassay.commands.slash_command import SlashCommand
from reassay.ledger.deferrals import WaitingOn
from reassay.ledger.reassessment import Noted

NAME = "waiting-on"
LONGEST_PARTY = 120
HELP = VerbHelp(
    usage="waiting-on <party> until <date>",
    who="the owner",
    effect="shown in the issue and named in reminders. No date moves",
    example="/reassay waiting-on the contractor's report until 2026-12-21",
)


@dataclass(frozen=True, slots=True)
class Waiting(Command):
    """Waits for somebody."""

    verb: ClassVar[str] = NAME
    party: str
    until: date


def parse(rest: str) -> Waiting:
    """Reads who and until when. Raises BadCommandError."""
    words, _ = split_reason(rest)
    party, until = split_until(words)
    if not party or len(party) > LONGEST_PARTY:
        raise BadCommandError("say in a few words whom or what you wait for: `waiting-on the report until 2026-12-21`")
    return Waiting(party, until)


def act(command: Waiting, asking: Asking) -> Effect | Refusal:
    """The date is still to come."""
    each, subject = asking.reassessment, asking.subject
    if subject is None:
        return unreadable(each)
    if asking.seat(subject.owner) is None:
        return not_yours("this", (subject.owner,), asking.people(subject.owner))
    if refused := closed(each):
        return refused
    if command.until < asking.written_on:
        return Refusal(f"{command.until} is past", "Give the day on which you expect it.")
    keep = Keep()
    return Effect((WaitingOn(reassessment=each.id, party=keep(command.party), until=command.until),), keep.objects)


def receipt(noted: tuple[Noted, ...], asking: Asking) -> Receipt | None:
    """No date moved."""
    body = noted[0].body
    if not isinstance(body, WaitingOn):
        return None
    party = asking.objects.get(body.party, "(redacted)")
    return Receipt(
        f"waiting on {party} until {on(body.until)}",
        (f"Reminders name it. {asking.reassessment.id} is still due on {on(asking.reassessment.due)}",),
    )


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Waiting,
    parse=parse,
    act=act,
    receipt=receipt,
)
