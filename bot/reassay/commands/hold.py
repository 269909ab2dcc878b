"""hold: blocks the conclusion or the merge until the hold is lifted."""

from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.command_context import (
    CommandContext,
    Effect,
    Keep,
    Receipt,
    Refusal,
    closed,
    not_yours,
    unreadable,
)
from reassay.commands.base import Command, SlashCommand, VerbHelp, nothing_more, split_reason
from reassay.ledger.deferrals import Held
from reassay.ledger.pull_requests import ChangeHeld
from reassay.ledger.reassessment import LedgerRecord

NAME = "hold"
HELP = VerbHelp(
    usage="hold [because <reason>]",
    who="owner, assessors, approvers, and roles that a `manual` trigger names",
    effect="blocks the conclusion or the merge until the holder, or a person in the same role, comments `/reassay unhold`",
    example="/reassay hold because the lab's report contradicts row 3",
)


@dataclass(frozen=True, slots=True)
class Hold(Command):
    """The argument: the reason, if any."""

    verb: ClassVar[str] = NAME
    because: str | None = None


def parse(rest: str) -> Hold:
    """Reads the reason, if any. Raises BadCommandError."""
    words, because = split_reason(rest)
    nothing_more(words)
    return Hold(because)


def act(command: Hold, context: CommandContext) -> Effect | Refusal:
    """The record of the hold; refused once it is closed."""
    approvals = context.approvals
    if approvals is None:
        return unreadable(context.reassessment)
    roles = approvals.source.holding_roles
    seat = context.seat(*roles)
    if seat is None:
        return not_yours("put a hold on this", roles, context.people(*roles))
    if context.reassessment_here is not None and (refused := closed(context.reassessment_here)):
        return refused
    keep = Keep()
    because = keep(command.because) if command.because else None
    return Effect((approvals.source.held(seat.recorded, because),), keep.objects)


def receipt(records: tuple[LedgerRecord, ...], context: CommandContext) -> Receipt | None:
    """The hold, and the way to lift it."""
    body = records[0].body
    if not isinstance(body, Held | ChangeHeld):
        return None
    role = context.spoken(body.role)
    lift = f"To lift it, @{context.by.login} or another {role} comments: `/reassay unhold`"
    if isinstance(body, Held):
        return Receipt(f"@{context.by.login}, {role}, put a hold on this; it cannot be concluded", (lift,))
    if context.assessment_input.register.configuration.mode != "enforce":
        return Receipt(
            f"@{context.by.login}, {role}, put a hold on this; the check shows it, but blocks nothing in this mode",
            (lift,),
        )
    effect = "its check fails until the hold is lifted, and so does the check of a merge queue's group that contains it"
    more = "A merge in spite of the hold is recorded as a bypass"
    return Receipt(f"@{context.by.login}, {role}, put a hold on this; {effect}", (more, lift))


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Hold,
    parse=parse,
    act=act,
    receipt=receipt,
    is_for_pull_requests=True,
)
