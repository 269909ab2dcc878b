"""not-material: what set it off does not matter; closed without a decision."""

from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.asking import Asking, Effect, Keep, Outcome, Receipt, Refusal
from reassay.approvals.two_people import agreed, ask_second
from reassay.assessment.authority import assessors
from reassay.assessment.side_exits import clock_kinds, settled_triggers
from reassay.commands.base import Command, VerbHelp, needs_reason, nothing_more
from reassay.commands.slash_command import SlashCommand
from reassay.ledger.deferrals import SideExit
from reassay.ledger.reassessment import Noted, Reassessment

NAME = "not-material"
HELP = VerbHelp(
    usage="not-material because <reason>",
    who="an assessor; then an approver confirms",
    effect=(
        "closes without a decision: what set it off does not bear on it. No clock moves, and what is due by a clock cannot be"
        " closed like this"
    ),
    example="/reassay not-material because the incident was in another product",
)


@dataclass(frozen=True, slots=True)
class NotMaterial(Command):
    """It does not matter."""

    verb: ClassVar[str] = NAME
    because: str


def parse(rest: str) -> NotMaterial:
    """Reads the reason. Raises BadCommandError."""
    words, because = needs_reason(rest, "this")
    nothing_more(words)
    return NotMaterial(because)


def act(_command: NotMaterial, asking: Asking) -> Outcome:
    """Checked now, so that nobody confirms what cannot be."""
    return may_leave(asking)


def may_leave(asking: Asking) -> Outcome:
    """Whether this person may ask for a side exit of this re-assessment."""
    return ask_second("closing it without a decision", asking, assessors, lambda: _asked_by_clock(asking.reassessment))


def _asked_by_clock(reassessment: Reassessment) -> Refusal | None:
    clocks = clock_kinds(reassessment)
    if not clocks:
        return None
    return Refusal(
        f"{reassessment.id} is also asked for by {', '.join(clocks)}, and only a decision about it settles that",
        "Conclude it; `/reassay extend` moves its date, `/reassay waive` leaves it out where a ground is stated.",
    )


def leave(first: Asking, second: Asking, because: str, into: str | None) -> Effect | Refusal:
    """The record of a side exit that a second person confirms."""
    seat = agreed(may_leave(first), first, second, "this")
    if isinstance(seat, Refusal):
        return seat
    keep = Keep()
    body = SideExit(
        reassessment=first.reassessment.id,
        subject=first.reassessment.subject,
        how="merged-into" if into else "not-material",
        into=into,
        because=keep(because),
        settled=settled_triggers(first.reassessment),
        asked=first.asked(),
        confirmed_by=second.by.id or 0,
    )
    return Effect((body,), keep.objects)


def confirmed(command: NotMaterial, first: Asking, second: Asking) -> Effect | Refusal:
    """An approver agrees."""
    return leave(first, second, command.because, None)


def receipt(noted: tuple[Noted, ...], _asking: Asking) -> Receipt | None:
    """What it does not do."""
    body = noted[0].body
    if not isinstance(body, SideExit):
        return None
    what = f"handled in {body.into}" if body.into else "not material"
    return Receipt(
        f"{body.reassessment} is closed as {what}",
        ("Two people said so. No clock moved, and nothing was found effective; something new opens another one",),
    )


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=NotMaterial,
    parse=parse,
    act=act,
    receipt=receipt,
    confirmed=confirmed,
)
