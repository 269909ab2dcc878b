"""Which rows somebody means by `1 3`, `scope` or `all`."""

from collections.abc import Sequence

from reassay.approvals.sheet import Row, Sheet, StepRow
from reassay.register.finding import did_you_mean

AnyRow = Row | StepRow
EVERYTHING = "all"


class UnknownRowError(ValueError):
    """No such row; the message says which there are."""


def row_id(row: AnyRow) -> str:
    """As the ledger names it."""
    return row.item.id if isinstance(row, Row) else row.id


def rows_named(words: Sequence[str], sheet: Sheet) -> tuple[AnyRow, ...]:
    """Rows by number or id, each once, in order. Raises UnknownRowError."""
    every: tuple[AnyRow, ...] = (*sheet.rows, *sheet.steps)
    by_name: dict[str, AnyRow] = {str(row.number): row for row in every} | {row_id(row): row for row in every}
    found: dict[int, AnyRow] = {}
    for word in words:
        row = by_name.get(word.lower().rstrip(","))
        if row is None:
            hint = did_you_mean(word, by_name).replace("'", "`") if not word.isdigit() else ""
            raise UnknownRowError(f"there is no row '{word}' here: they are numbered 1 to {len(every)}. {hint}".strip())
        found[row.number] = row
    return tuple(found[number] for number in sorted(found))
