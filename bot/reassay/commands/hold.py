"""hold: a veto: nothing is concluded until it is lifted."""

from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.asking import Asking, Effect, Keep, Receipt, Refusal, closed, not_yours, unreadable
from reassay.commands.base import Command, VerbHelp, nothing_more, split_reason
from reassay.commands.slash_command import SlashCommand
from reassay.ledger.deferrals import Held
from reassay.ledger.pull_requests import ChangeHeld
from reassay.ledger.reassessment import Noted

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
    approvals = asking.approvals
    if approvals is None:
        return unreadable(asking.reassessment)
    roles = approvals.source.holding_roles
    seat = asking.seat(*roles)
    if seat is None:
        return not_yours("a hold", roles, asking.people(*roles))
    if asking.reassessment_here is not None and (refused := closed(asking.reassessment_here)):
        return refused
    keep = Keep()
    because = keep(command.because) if command.because else None
    return Effect((approvals.source.held(seat.recorded, because),), keep.objects)


def receipt(noted: tuple[Noted, ...], asking: Asking) -> Receipt | None:
    """How it is lifted."""
    body = noted[0].body
    if not isinstance(body, Held | ChangeHeld):
        return None
    role, stopped = asking.spoken(body.role), "concluded" if isinstance(body, Held) else "merged"
    return Receipt(
        f"@{asking.by.login}, {role}, put a hold on this; it cannot be {stopped}",
        (f"Lifted by `/reassay unhold`, by @{asking.by.login} or anybody else in the role {role}",),
    )


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Hold,
    parse=parse,
    act=act,
    receipt=receipt,
    is_for_pull_requests=True,
)
