"""accept-risk: accepts a risk until a date; a second person confirms."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from reassay.approvals.command_context import CommandContext, Effect, Keep, Outcome, Receipt, Refusal, on
from reassay.approvals.two_people import agreed, ask_second
from reassay.assessment.authority import parties
from reassay.commands.base import Command, SlashCommand, VerbHelp, needs_reason, nothing_more, split_until
from reassay.ledger.reassessment import LedgerRecord
from reassay.ledger.risks import Accepted

NAME = "accept-risk"
LONGEST = timedelta(days=366)
HELP = VerbHelp(
    usage="accept-risk until <date> because <reason>",
    who="owner or assessor; then another person who approves confirms",
    effect=(
        "accepts the risk until a date, at most a year ahead. It replaces a follow-up. When it ends, a re-assessment"
        " opens. It does not make anything effective"
    ),
    example="/reassay accept-risk until 2027-03-31 because uploads are read by hand until the filter is retrained",
)


@dataclass(frozen=True, slots=True)
class AcceptRisk(Command):
    """The arguments: the end date and the reason."""

    verb: ClassVar[str] = NAME
    until: date
    because: str


def parse(rest: str) -> AcceptRisk:
    """Reads the date and the reason. Raises BadCommandError."""
    words, because = needs_reason(rest, "accepting a risk")
    before, until = split_until(words)
    nothing_more(before)
    return AcceptRisk(until, because)


def act(command: AcceptRisk, context: CommandContext) -> Outcome:
    """A request by owner or assessor."""
    return ask_second("accept this risk", context, parties, lambda: _too_long(command, context))


def _too_long(command: AcceptRisk, context: CommandContext) -> Refusal | None:
    if context.today < command.until <= context.today + LONGEST:
        return None
    return Refusal(
        f"{on(command.until)} is not between tomorrow and a year from now", "Give an end date within a year."
    )


def confirmed(command: AcceptRisk, first: CommandContext, second: CommandContext) -> Effect | Refusal:
    """The record, once an approver confirms."""
    seat = agreed(act(command, first), first, second, "a risk acceptance")
    if isinstance(seat, Refusal):
        return seat
    keep = Keep()
    body = Accepted(
        reassessment=first.reassessment.id,
        subject=first.reassessment.subject,
        cells=first.reassessment.cells,
        until=command.until,
        because=keep(command.because),
        asked=first.asked(),
        confirmed_by=second.by.id or 0,
    )
    return Effect((body,), keep.objects)


def receipt(records: tuple[LedgerRecord, ...], _context: CommandContext) -> Receipt | None:
    """The acceptance and its effect."""
    body = records[0].body
    if not isinstance(body, Accepted):
        return None
    return Receipt(
        f"the risk of `{body.subject}` is accepted up to and including {on(body.until)}",
        (
            "It replaces follow-ups to `no`, `not-tested` and `degraded`",
            "A re-assessment is due on the day after. Nothing was found effective",
        ),
    )


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=AcceptRisk,
    parse=parse,
    act=act,
    receipt=receipt,
    confirmed=confirmed,
)
