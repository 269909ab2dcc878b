"""The text of a cell of a workbook, as a person sees it in the spreadsheet program, and its kind."""

import re
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Final

from reassay.imports.spreadsheet import CellKind

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell

_ZEROS = re.compile(r"0+(?:\.(0+))?")
_PERCENT = re.compile(r"0(?:\.(0+))?%")
_EXACT: Final = 10**15
"""Larger numbers lost digits in the spreadsheet program already."""
_BREAK = re.compile(r"_x000[dD]_\n?")


def read_cell(cell: "Cell | MergedCell | ReadOnlyCell | EmptyCell") -> tuple[str, CellKind]:
    """The text and the kind of a cell. Dates are YYYY-MM-DD, numbers have the zeros of their format."""
    value = cell.value
    match value:
        case None:
            return "", CellKind.TEXT
        case bool():
            return ("yes" if value else "no"), CellKind.TEXT
        case datetime():
            is_day = value.time() == time()
            return (f"{value.date()}" if is_day else value.isoformat(" ", "minutes")), CellKind.DATE
        case date():
            return f"{value}", CellKind.DATE
        case int() | float():
            return _number(value, str(cell.number_format or "")), CellKind.NUMBER
        case _:
            return _BREAK.sub("\n", str(value)), CellKind.TEXT


def _number(value: float, number_format: str) -> str:
    """A number: `007` if its format has three zeros, `1.10` if it has two decimals, else without trailing zeros."""
    if (match := _ZEROS.fullmatch(number_format)) and len(match[0]) > 1:
        decimals = len(match[1] or "")
        return f"{value:0{len(match[0])}.{decimals}f}"
    if match := _PERCENT.fullmatch(number_format):
        return f"{value:.{len(match[1] or '')}%}"
    return str(int(value)) if value == int(value) and abs(value) < _EXACT else repr(float(value))
