"""Rows that a command names by `1 3`, `scope` or `all`, and rows that are still open."""

from collections.abc import Sequence
from typing import Final

from reassay.approvals.approvals import Approvals
from reassay.approvals.row import ApprovalRow
from reassay.people.people import who
from reassay.register.finding import did_you_mean

EVERYTHING: Final = "all"
WHERE_NUMBERED: Final = "The numbers are in the table of the issue, or of the check on a pull request."
_MOST: Final = 5
"""Rows that are listed in a sentence; the rest are counted."""


class UnknownRowError(ValueError):
    """A row that does not exist; the message lists those that do."""


def rows_named(words: Sequence[str], approvals: Approvals) -> tuple[ApprovalRow, ...]:
    """Rows by number or id, each once, in order. Raises UnknownRowError."""
    rows = approvals.rows
    by_name = {str(row.number): row for row in rows} | {row.requirement.id: row for row in rows}
    selected: dict[int, ApprovalRow] = {}
    for word in words:
        row = by_name.get(word.lower().rstrip(","))
        if row is None:
            there = f"rows are numbered 1 to {len(rows)}" if rows else "nothing here needs a sign-off"
            hint = "" if word.isdigit() else did_you_mean(word, by_name).replace("'", "`")
            raise UnknownRowError(f"'{word}' is not a row here: {there}{f'. {hint}' if hint else ''}")
        selected[row.number] = row
    return tuple(selected[number] for number in sorted(selected))


def still_missing(approvals: Approvals) -> str:
    """Open rows, with the people who can complete them, as a sentence without its full stop."""
    rows = [row for row in approvals.rows if not row.is_signed]
    wanted = ", ".join(f"row {row.number} ({who(approvals.may_sign(row.requirement))})" for row in rows[:_MOST])
    more = f" and {len(rows) - _MOST} more" if len(rows) > _MOST else ""
    return f"Still missing: {wanted}{more}" if rows else "Every row is signed off"
