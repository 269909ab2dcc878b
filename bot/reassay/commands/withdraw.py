"""withdraw: takes back one's own answers and sign-offs."""

from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.command_context import CommandContext, Effect, Receipt, Refusal, closed, unreadable
from reassay.approvals.row import ApprovalRow
from reassay.approvals.row_selection import EVERYTHING, WHERE_NUMBERED, UnknownRowError, rows_named, still_missing
from reassay.commands.base import BadCommandError, Command, SlashCommand, VerbHelp, split_reason
from reassay.ledger.answers import Withdrawn
from reassay.ledger.pull_requests import ChangeWithdrawn
from reassay.ledger.reassessment import LedgerRecord

NAME = "withdraw"
HELP = VerbHelp(
    usage="withdraw <item ...|all>",
    who="the person who answered or signed off",
    effect="takes back your own answers and sign-offs; the ledger keeps both entries",
    example="/reassay withdraw 2",
)


@dataclass(frozen=True, slots=True)
class Withdraw(Command):
    """The argument: rows."""

    verb: ClassVar[str] = NAME
    rows: tuple[str, ...]


def parse(rest: str) -> Withdraw:
    """Reads what follows the verb. Raises BadCommandError."""
    words, _ = split_reason(rest)
    rows = words.replace(",", " ").lower().split()
    if not rows:
        raise BadCommandError("the rows are missing; write e.g. `/reassay withdraw 2` or `/reassay withdraw all`")
    return Withdraw(tuple(row.lstrip("#") for row in rows))


def act(command: Withdraw, context: CommandContext) -> Effect | Refusal:
    """The record that takes back the person's own rows."""
    approvals = context.approvals
    if approvals is None:
        return unreadable(context.reassessment)
    if context.reassessment_here is not None and (refused := closed(context.reassessment_here)):
        return refused
    own = [row for row in approvals.rows if _is_mine(row, context)]
    try:
        meant = (
            own if EVERYTHING in command.rows else [row for row in rows_named(command.rows, approvals) if row in own]
        )
    except UnknownRowError as error:
        return Refusal(str(error), WHERE_NUMBERED)
    if not meant:
        return Refusal(
            "you did not answer or sign off these rows", "You can take back only your own answers and sign-offs."
        )
    return Effect((approvals.source.withdrawn([row.requirement.id for row in meant]),))


def _is_mine(row: ApprovalRow, context: CommandContext) -> bool:
    me = context.by.id
    answered = row.answer is not None and row.answer.record.actor == me
    return answered or any(signature.person == me for signature in row.signatures)


def receipt(records: tuple[LedgerRecord, ...], context: CommandContext) -> Receipt | None:
    """The rows that were taken back, and the rows that are missing."""
    body, approvals = records[0].body, context.approvals
    if not isinstance(body, Withdrawn | ChangeWithdrawn) or approvals is None:
        return None
    numbers = [str(row.number) for row in approvals.rows if row.requirement.id in body.items]
    rows = f"row{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}" if numbers else "rows that are no longer needed"
    return Receipt(f"@{context.by.login} took back {rows}", common=(still_missing(approvals),))


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Withdraw,
    parse=parse,
    act=act,
    receipt=receipt,
    is_for_pull_requests=True,
)
