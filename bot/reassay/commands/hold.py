"""hold: a veto: nothing is concluded until it is lifted."""

from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.vetoes import held_receipt as change_receipt
from reassay.approvals.vetoes import hold as on_change
from reassay.assessment.authority import callers
from reassay.commands.asking import Asking, Effect, Keep, Receipt, Refusal, closed, not_yours, unreadable
from reassay.commands.base import Command, VerbHelp, nothing_more, split_reason
from reassay.ledger.deferrals import Held
from reassay.ledger.reassessment import Noted

__all__ = ["HELP", "NAME", "act", "change_receipt", "on_change", "parse", "receipt"]

NAME = "hold"
HELP = VerbHelp(
    usage="hold [because <reason>]",
    who="owner, assessors, approvers, and roles that a `manual` trigger names",
    effect="nothing here is concluded until the holder, or somebody in the same role, writes `/reassay unhold`",
    example="/reassay hold because the lab's report contradicts row 3",
)


@dataclass(frozen=True, slots=True)
class Hold(Command):
    """A veto."""

    verb: ClassVar[str] = NAME
    because: str | None = None


def parse(rest: str) -> Hold:
    """Reads the reason, if there is one. Raises BadCommandError."""
    words, because = split_reason(rest)
    nothing_more(words)
    return Hold(because)


def act(command: Hold, asking: Asking) -> Effect | Refusal:
    """Only while it is open."""
    each, subject = asking.reassessment, asking.subject
    if subject is None:
        return unreadable(each)
    roles = callers(subject, asking.situation.register, asking.today)
    seat = asking.seat(*roles)
    if seat is None:
        return not_yours("a hold", roles, asking.people(*roles))
    if refused := closed(each):
        return refused
    keep = Keep()
    because = keep(command.because) if command.because else None
    return Effect((Held(reassessment=each.id, role=seat.recorded, because=because),), keep.objects)


def receipt(noted: tuple[Noted, ...], asking: Asking) -> Receipt | None:
    """How it is lifted."""
    body = noted[0].body
    role = asking.spoken(body.role) if isinstance(body, Held) else ""
    return Receipt(
        f"@{asking.by.login}, {role}, put a hold on this; it cannot be concluded",
        (f"Lifted by `/reassay unhold`, by @{asking.by.login} or anybody else in the role {role}",),
    )
