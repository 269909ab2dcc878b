"""withdraw: takes back what oneself answered or signed."""

from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.asking import Asking, Effect, Receipt, Refusal, closed, unreadable
from reassay.approvals.row import ApprovalRow
from reassay.approvals.rows import EVERYTHING, WHERE_NUMBERED, UnknownRowError, rows_named, still_missing
from reassay.commands.base import BadCommandError, Command, VerbHelp, split_reason
from reassay.commands.slash_command import SlashCommand
from reassay.ledger.answers import Withdrawn
from reassay.ledger.pull_requests import ChangeWithdrawn
from reassay.ledger.reassessment import Noted

NAME = "withdraw"
HELP = VerbHelp(
    usage="withdraw <item ...|all>",
    who="whoever answered or signed: only one's own",
    effect="takes back answers and signatures; the record keeps that they were given, and taken back",
    example="/reassay withdraw 2",
)


@dataclass(frozen=True, slots=True)
class Withdraw(Command):
    """Rows to take back."""

    verb: ClassVar[str] = NAME
    rows: tuple[str, ...]


def parse(rest: str) -> Withdraw:
    """Reads what follows the verb. Raises BadCommandError."""
    words, _ = split_reason(rest)
    rows = words.replace(",", " ").lower().split()
    if not rows:
        raise BadCommandError("say which rows: `withdraw 2`, or `withdraw all`")
    return Withdraw(tuple(each.lstrip("#") for each in rows))


def act(command: Withdraw, asking: Asking) -> Effect | Refusal:
    """Takes back what is there of the person's own."""
    approvals = asking.approvals
    if approvals is None:
        return unreadable(asking.reassessment)
    if asking.reassessment_here is not None and (refused := closed(asking.reassessment_here)):
        return refused
    own = [row for row in approvals.rows if _is_mine(row, asking)]
    try:
        meant = (
            own if EVERYTHING in command.rows else [row for row in rows_named(command.rows, approvals) if row in own]
        )
    except UnknownRowError as error:
        return Refusal(str(error), WHERE_NUMBERED)
    if not meant:
        return Refusal("nothing there was answered or signed by you", "Only one's own can be taken back.")
    return Effect((approvals.source.withdrawn([row.requirement.id for row in meant]),))


def _is_mine(row: ApprovalRow, asking: Asking) -> bool:
    me = asking.by.id
    answered = row.answer is not None and row.answer.noted.actor == me
    return answered or any(each.person == me for each in row.signatures)


def receipt(noted: tuple[Noted, ...], asking: Asking) -> Receipt | None:
    """Which rows are open again."""
    body, approvals = noted[0].body, asking.approvals
    if not isinstance(body, Withdrawn | ChangeWithdrawn) or approvals is None:
        return None
    numbers = [str(row.number) for row in approvals.rows if row.requirement.id in body.items]
    rows = f"row{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}" if numbers else "what is not asked for any more"
    return Receipt(f"@{asking.by.login} took back {rows}", (still_missing(approvals),))


COMMAND = SlashCommand(
    name=NAME,
    help=HELP,
    arguments=Withdraw,
    parse=parse,
    act=act,
    receipt=receipt,
    is_for_pull_requests=True,
)
