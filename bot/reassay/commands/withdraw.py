"""withdraw: takes back what oneself answered or signed."""

from dataclasses import dataclass
from typing import ClassVar

from reassay.approvals.change_signing import withdraw as on_change
from reassay.approvals.change_signing import withdrawn_receipt as change_receipt
from reassay.approvals.rows import EVERYTHING, AnyRow, UnknownRowError, row_id, rows_named
from reassay.approvals.sheet import Row, Sheet, StepRow
from reassay.commands.answer import missing
from reassay.commands.asking import Asking, Effect, Receipt, Refusal, closed, unreadable
from reassay.commands.base import BadCommandError, Command, VerbHelp, split_reason
from reassay.ledger.answers import Withdrawn
from reassay.ledger.reassessment import Noted

__all__ = ["HELP", "NAME", "act", "change_receipt", "on_change", "parse", "receipt"]

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
    sheet = asking.sheet
    if sheet is None:
        return unreadable(asking.reassessment)
    if refused := closed(sheet.each):
        return refused
    every: tuple[AnyRow, ...] = (*sheet.rows, *sheet.steps)
    own = [row for row in every if _is_mine(row, asking)]
    try:
        meant = own if EVERYTHING in command.rows else [row for row in rows_named(command.rows, sheet) if row in own]
    except UnknownRowError as error:
        return Refusal(str(error), "The table in the issue has the numbers.")
    if not meant:
        return Refusal("nothing there was answered or signed by you", "Only one's own can be taken back.")
    return Effect((Withdrawn(reassessment=sheet.each.id, items=tuple(row_id(row) for row in meant)),))


def _is_mine(row: Row | StepRow, asking: Asking) -> bool:
    me = asking.by.id
    if isinstance(row, Row) and row.answer is not None and row.answer[0].actor == me:
        return True
    return any(each.person == me for each in row.signatures)


def receipt(noted: tuple[Noted, ...], asking: Asking) -> Receipt | None:
    """Which rows are open again."""
    body, sheet = noted[0].body, asking.sheet
    if not isinstance(body, Withdrawn) or sheet is None:
        return None
    return Receipt(f"@{asking.by.login} took back {_rows(body, sheet)}", (missing(sheet),))


def _rows(body: Withdrawn, sheet: Sheet) -> str:
    every: tuple[AnyRow, ...] = (*sheet.rows, *sheet.steps)
    numbers = [row.number for row in every if row_id(row) in body.items]
    return f"row{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"
