"""dissent: somebody who holds a role disagrees, for the record."""

from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.vetoes import dissent as on_change
from reassay.approvals.vetoes import dissent_receipt as change_receipt
from reassay.assessment.authority import everyone
from reassay.commands.asking import Asking, Effect, Keep, Receipt, Refusal, not_yours, unreadable
from reassay.commands.base import Command, VerbHelp, needs_reason, nothing_more
from reassay.ledger.answers import Dissented
from reassay.ledger.reassessment import Noted

__all__ = ["HELP", "NAME", "act", "change_receipt", "on_change", "parse", "receipt"]

NAME = "dissent"
HELP = VerbHelp(
    usage="dissent because <reason>",
    who="anyone who holds a role of the register",
    effect="kept with the record and shown beside the decision. It blocks nothing; `hold` does",
    example="/reassay dissent because the drill did not cover spoken requests",
)


@dataclass(frozen=True, slots=True)
class Dissent(Command):
    """A disagreement."""

    verb: ClassVar[str] = NAME
    because: str


def parse(rest: str) -> Dissent:
    """Reads the reason. Raises BadCommandError."""
    words, because = needs_reason(rest, "a dissent")
    nothing_more(words)
    return Dissent(because)


def act(command: Dissent, asking: Asking) -> Effect | Refusal:
    """Also after the decision: whoever disagrees with it can say so."""
    subject = asking.subject
    if subject is None:
        return unreadable(asking.reassessment)
    roles = everyone(subject, asking.situation.register)
    seat = asking.seat(*roles)
    if seat is None:
        return not_yours("a dissent for the record", roles, asking.people(*roles))
    keep = Keep()
    body = Dissented(reassessment=asking.reassessment.id, role=seat.recorded, because=keep(command.because))
    return Effect((body,), keep.objects)


def receipt(noted: tuple[Noted, ...], asking: Asking) -> Receipt | None:
    """Who disagrees."""
    body = noted[0].body
    role = asking.spoken(body.role) if isinstance(body, Dissented) else ""
    return Receipt(
        f"@{asking.by.login}, {role}, dissents",
        ("It stays with the record, whatever is decided; it blocks nothing (`/reassay hold` does)",),
    )
