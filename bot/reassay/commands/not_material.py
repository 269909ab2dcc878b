"""not-material: what set it off does not matter; closed without a decision."""

from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.two_people import agreed, waits_for
from reassay.assessment.authority import approvers, assessors
from reassay.assessment.side_exits import clocks_of, settled_by
from reassay.commands.asking import Asking, Effect, Keep, Outcome, Receipt, Refusal, closed, not_yours, unreadable
from reassay.commands.base import Command, VerbHelp, needs_reason, nothing_more
from reassay.ledger.deferrals import SideExit
from reassay.ledger.reassessment import Noted

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
    each, subject = asking.reassessment, asking.subject
    if subject is None:
        return unreadable(each)
    roles = assessors(subject)
    if asking.seat(*roles) is None:
        return not_yours("closing it without a decision", roles, asking.people(*roles))
    if refused := closed(each):
        return refused
    clocks = clocks_of(each)
    if clocks:
        return Refusal(
            f"{each.id} is also asked for by {', '.join(clocks)}, and only a decision about it settles that",
            "Conclude it; `/reassay extend` moves its date, `/reassay waive` leaves it out where a ground is stated.",
        )
    return waits_for(asking, approvers(subject))


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
        settled=settled_by(first.reassessment),
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
