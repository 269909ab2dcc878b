"""accept-risk: somebody asks to live with a risk until a date, and an approver agrees."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from reassay.approvals.asking import Asking, Effect, Keep, Outcome, Receipt, Refusal, on
from reassay.approvals.two_people import agreed, ask_second
from reassay.assessment.authority import parties
from reassay.commands.base import Command, VerbHelp, needs_reason, nothing_more, split_until
from reassay.commands.slash_command import SlashCommand
from reassay.ledger.reassessment import Noted
from reassay.ledger.risks import Accepted

NAME = "accept-risk"
LONGEST = timedelta(days=366)
HELP = VerbHelp(
    usage="accept-risk until <date> because <reason>",
    who="owner or assessor; then another person who approves confirms",
    effect=(
        "records that the risk is borne until a date, at most a year. It stands in for a follow-up; when it ends, a"
        " re-assessment opens. Nothing reads as effective by it"
    ),
    example="/reassay accept-risk until 2027-03-31 because uploads are read by hand until the filter is retrained",
)


@dataclass(frozen=True, slots=True)
class AcceptRisk(Command):
    """Live with a risk for a while."""

    verb: ClassVar[str] = NAME
    until: date
    because: str


def parse(rest: str) -> AcceptRisk:
    """Reads the date and the reason. Raises BadCommandError."""
    words, because = needs_reason(rest, "accepting a risk")
    before, until = split_until(words)
    nothing_more(before)
    return AcceptRisk(until, because)


def act(command: AcceptRisk, asking: Asking) -> Outcome:
    """Owner or assessor asks."""
    return ask_second("asking for this", asking, parties, lambda: _too_long(command, asking))


def _too_long(command: AcceptRisk, asking: Asking) -> Refusal | None:
    if asking.today < command.until <= asking.today + LONGEST:
        return None
    return Refusal(f"{command.until} is not between tomorrow and a year from now", "Every acceptance ends.")


def confirmed(command: AcceptRisk, first: Asking, second: Asking) -> Effect | Refusal:
    """An approver agrees."""
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


def receipt(noted: tuple[Noted, ...], _asking: Asking) -> Receipt | None:
    """What it is good for."""
    body = noted[0].body
    if not isinstance(body, Accepted):
        return None
    return Receipt(
        f"the risk of `{body.subject}` is accepted until {on(body.until)} is over",
        (
            "It stands in for follow-ups to `no` and `not-tested`, and for `degraded`",
            "The day after it ends, a re-assessment is due. Two people said so; nothing was found effective",
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
