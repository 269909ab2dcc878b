"""Which rows somebody means by `1 3`, `scope` or `all`, and which rows still want something."""

from collections.abc import Sequence
from typing import Final

from reassay.approvals.approvals import Approvals
from reassay.approvals.row import ApprovalRow
from reassay.people.people import who
from reassay.register.finding import did_you_mean

EVERYTHING: Final = "all"
WHERE_NUMBERED: Final = "The table in the issue, or in the check and in the bot's comment, has the numbers."
_MOST: Final = 5
"""So many rows are listed in a sentence; the rest is counted."""


class UnknownRowError(ValueError):
    """No such row; the message says which there are."""


def rows_named(words: Sequence[str], approvals: Approvals) -> tuple[ApprovalRow, ...]:
    """Rows by number or id, each once, in order. Raises UnknownRowError."""
    rows = approvals.rows
    by_name = {str(row.number): row for row in rows} | {row.requirement.id: row for row in rows}
    found: dict[int, ApprovalRow] = {}
    for word in words:
        row = by_name.get(word.lower().rstrip(","))
        if row is None:
            there = f"they are numbered 1 to {len(rows)}" if rows else "nothing here takes a signature"
            hint = "" if word.isdigit() else did_you_mean(word, by_name).replace("'", "`")
            raise UnknownRowError(f"there is no row '{word}' here: {there}. {hint}".strip())
        found[row.number] = row
    return tuple(found[number] for number in sorted(found))


def still_missing(approvals: Approvals) -> str:
    """Which rows still want something, and of whom."""
    rows = [row for row in approvals.rows if not row.is_signed]
    wanted = ", ".join(f"row {row.number} ({who(approvals.may_sign(row.requirement))})" for row in rows[:_MOST])
    more = f" and {len(rows) - _MOST} more" if len(rows) > _MOST else ""
    return f"Still missing: {wanted}{more}" if rows else "Every row is signed"
