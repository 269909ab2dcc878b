"""Which rows of a pull request somebody means, and which still want something."""

from collections.abc import Sequence

from reassay.approvals.change_sheet import ChangeRow, ChangeSheet
from reassay.people.people import who
from reassay.register.finding import did_you_mean

ALL = "all"
_MOST = 5


class UnknownRowError(ValueError):
    """No such row; the message says which there are."""


def rows_named(words: Sequence[str], sheet: ChangeSheet) -> tuple[ChangeRow, ...]:
    """Rows by number or id, each once, in order. Raises UnknownRowError."""
    by_name = {str(row.number): row for row in sheet.rows} | {row.demand.id: row for row in sheet.rows}
    found: dict[int, ChangeRow] = {}
    for word in words:
        row = by_name.get(word.lower().rstrip(","))
        if row is None:
            there = (
                f"they are numbered 1 to {len(sheet.rows)}"
                if sheet.rows
                else "nothing that is changed takes a signature"
            )
            hint = "" if word.isdigit() else did_you_mean(word, by_name).replace("'", "`")
            raise UnknownRowError(f"there is no row '{word}' here: {there}. {hint}".strip())
        found[row.number] = row
    return tuple(found[number] for number in sorted(found))


def still_missing(sheet: ChangeSheet) -> str:
    """Which rows still want something, and of whom."""
    rows = [row for row in sheet.rows if not row.is_signed]
    wanted = ", ".join(f"row {row.number} ({who(sheet.may_sign(row.demand))})" for row in rows[:_MOST])
    more = f" and {len(rows) - _MOST} more" if len(rows) > _MOST else ""
    return f"Still missing: {wanted}{more}" if rows else "Every row is signed"
