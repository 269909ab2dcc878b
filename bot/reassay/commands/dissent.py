"""dissent: records the disagreement of a person with a role."""

from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.command_context import CommandContext, Effect, Keep, Receipt, Refusal, not_yours, unreadable
from reassay.commands.base import Command, SlashCommand, VerbHelp, needs_reason, nothing_more
from reassay.ledger.answers import Dissented
from reassay.ledger.pull_requests import ChangeDissented
from reassay.ledger.reassessment import LedgerRecord

NAME = "dissent"
HELP = VerbHelp(
    usage="dissent because <reason>",
    who="anyone with a role in the register",
    effect="records a disagreement and shows it beside the decision. It does not block; `hold` does",
    example="/reassay dissent because the drill did not cover spoken requests",
)


@dataclass(frozen=True, slots=True)
class Dissent(Command):
    """The argument: the reason."""

    verb: ClassVar[str] = NAME
    because: str


def parse(rest: str) -> Dissent:
    """Reads the reason. Raises BadCommandError."""
    words, because = needs_reason(rest, "a dissent")
    nothing_more(words)
    return Dissent(because)


def act(command: Dissent, context: CommandContext) -> Effect | Refusal:
    """The record of the dissent, also after the decision."""
    approvals = context.approvals
    if approvals is None:
        return unreadable(context.reassessment)
    roles = approvals.source.dissenting_roles
    seat = context.seat(*roles)
    if seat is None:
        return not_yours("dissent here", roles, context.people(*roles))
    keep = Keep()
    return Effect((approvals.source.dissented(seat.recorded, keep(command.because)),), keep.objects)


def receipt(records: tuple[LedgerRecord, ...], context: CommandContext) -> Receipt | None:
    """The dissent."""
    body = records[0].body
    if not isinstance(body, Dissented | ChangeDissented):
        return None
    done = "decided" if isinstance(body, Dissented) else "merged"
    return Receipt(
        f"@{context.by.login}, {context.spoken(body.role)}, dissents",
        (f"It stays with the record when this is {done}, and does not block. To block, comment: `/reassay hold`",),
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
