"""Rows that sum up a sheet: `Summe: 30`, `Total`, `3 controls`. They are not controls."""

import re
from typing import Final

from reassay.imports.spreadsheet import SheetRow

_WORD: Final = (
    r"(?:grand |sub ?)?totals?|sum|overall|count|number of (?:controls|rows|entries|mitigations)|"
    r"(?:zwischen|gesamt)?summe|gesamt(?:zahl|anzahl)?|insgesamt|anzahl|"
    r"(?:sous[- ])?total(?: général)?|totaux|somme|nombre|(?:sub)?total(?: general)?|suma|número|cantidad"
)
_TOTAL = re.compile(rf"(?:{_WORD})(?:\s+\w+)?\s*[:=]?\s*\d*", re.IGNORECASE)
_MOST_CELLS: Final = 3
"""A row of totals has few cells; a control named `Total` has more."""


def is_total(row: SheetRow, title: str) -> bool:
    """Whether a row with this title sums up others: few cells, of which further ones are numbers."""
    cells = [cell.strip() for cell in row.cells if cell.strip()]
    if len(cells) > _MOST_CELLS or not _TOTAL.fullmatch(" ".join(title.split())):
        return False
    rest = [cell for cell in cells if cell != title.strip()]
    return all(re.fullmatch(r"[\d.,%\s]+", cell) or _TOTAL.fullmatch(cell) for cell in rest)
