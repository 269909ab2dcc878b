"""unhold: lifts a hold."""

from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.command_context import CommandContext, Effect, Receipt, Refusal, not_yours
from reassay.approvals.ledger_entries import ActiveHold, active_holds
from reassay.commands.base import Command, SlashCommand, VerbHelp, nothing_more, split_reason
from reassay.ledger.deferrals import Released
from reassay.ledger.entry import Body
from reassay.ledger.pull_requests import ChangeReleased
from reassay.ledger.reassessment import LedgerRecord

NAME = "unhold"
HELP = VerbHelp(
    usage="unhold",
    who="the holder, or another person in the holder's role",
    effect="lifts the hold",
    example="/reassay unhold",
)


@dataclass(frozen=True, slots=True)
class Unhold(Command):
    """The command has no arguments."""

    verb: ClassVar[str] = NAME


def parse(rest: str) -> Unhold:
    """Ignores a reason. Raises BadCommandError for other words."""
    words, _ = split_reason(rest)
    nothing_more(words)
    return Unhold()


def act(_command: Unhold, context: CommandContext) -> Effect | Refusal:
    """The records that lift the person's own holds, or those of their roles."""
    holds = _holds(context)
    if not holds:
        return Refusal("there is no hold here", "To list what is missing, comment: `/reassay explain`")
    roles = tuple(dict.fromkeys(context.spoken(hold.role) for hold in holds))
    mine = [hold for hold in holds if hold.record.actor == context.by.id or context.seat(context.spoken(hold.role))]
    if not mine:
        return not_yours("lift this hold", roles, context.people(*roles))
    return Effect(_released(mine, context))


def _holds(context: CommandContext) -> tuple[ActiveHold, ...]:
    source = context.pull_request
    return active_holds(source.log if source else context.reassessment.log)


def _released(mine: list[ActiveHold], context: CommandContext) -> tuple[Body, ...]:
    """One record for all holds of a role in a re-assessment; one for each hold on a pull request."""
    if context.pull_request is not None:
        pull = context.pull_request.number
        return tuple(ChangeReleased(pull=pull, held_seq=hold.record.seq) for hold in mine)
    first = next((hold for hold in mine if hold.record.actor == context.by.id), mine[0])
    return (Released(reassessment=context.reassessment.id, role=first.role),)


def receipt(_records_of: tuple[LedgerRecord, ...], context: CommandContext) -> Receipt | None:
    """The lifted hold, and the number of holds that are left."""
    left = len(_holds(context))
    again = "It can be concluded again" if context.pull_request is None else "The check is re-evaluated"
    more = f"{left} more hold{'s are' if left > 1 else ' is'} left" if left else again
    return Receipt(f"@{context.by.login} lifted the hold", (more,))


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Unhold,
    parse=parse,
    act=act,
    receipt=receipt,
    is_for_pull_requests=True,
)
