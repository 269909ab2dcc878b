"""dissent: somebody who holds a role disagrees, for the record."""

from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.asking import Asking, Effect, Keep, Receipt, Refusal, not_yours, unreadable
from reassay.commands.base import Command, VerbHelp, needs_reason, nothing_more
from reassay.commands.slash_command import SlashCommand
from reassay.ledger.answers import Dissented
from reassay.ledger.pull_requests import ChangeDissented
from reassay.ledger.reassessment import Noted

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
    approvals = asking.approvals
    if approvals is None:
        return unreadable(asking.reassessment)
    roles = approvals.source.dissenting_roles
    seat = asking.seat(*roles)
    if seat is None:
        return not_yours("a dissent for the record", roles, asking.people(*roles))
    keep = Keep()
    return Effect((approvals.source.dissented(seat.recorded, keep(command.because)),), keep.objects)


def receipt(noted: tuple[Noted, ...], asking: Asking) -> Receipt | None:
    """Who disagrees."""
    body = noted[0].body
    if not isinstance(body, Dissented | ChangeDissented):
        return None
    done = "decided" if isinstance(body, Dissented) else "merged"
    return Receipt(
        f"@{asking.by.login}, {asking.spoken(body.role)}, dissents",
        (f"It stays with the record, whatever is {done}; it blocks nothing (`/reassay hold` does)",),
    )


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Dissent,
    parse=parse,
    act=act,
    receipt=receipt,
    is_for_pull_requests=True,
)
