"""Exported spreadsheets: text to numbered rows and back. Bounded, and with a sentence for whatever cannot be read."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reassay.common.canonical import digest
from reassay.common.csv_cells import neutralised
from reassay.common.errors import UsageError
from reassay.imports.columns import ColumnChoice, header_score
from reassay.imports.files.spreadsheet_bytes import decode, read_bytes
from reassay.imports.headers import Guide
from reassay.imports.table import Row, Sheet
from reassay.register.finding import inert, quoted

if TYPE_CHECKING:
    from _csv import Reader  # the type of csv.reader(), which has no public name

MAX_ROWS: Final = 5_000
"""Data beyond them is not read: a register file of more rows would be too large, too."""
MAX_COLUMNS: Final = 500
MAX_CELL: Final = 64 * 1024
"""Characters of one cell; more is a quotation mark that does not end."""
SEPARATORS: Final = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
_SAYS_SEPARATOR = re.compile(r"\s*\"?sep=(.)\"?[ \t]*(\r\n|\r|\n)", re.IGNORECASE)
_TRIED_ROWS: Final = 50


@dataclass(frozen=True, slots=True)
class HowToRead:
    """How a file is to be read, as far as somebody said it, and what its header may mean."""

    guide: Guide
    maps: Sequence[ColumnChoice] = ()
    encoding: str | None = None
    separator: str | None = None
    """One of SEPARATORS by name."""


def read_sheet(path: Path, how: HowToRead) -> Sheet:
    """All rows in which something stands. Raises UsageError with what to do."""
    data = read_bytes(path)
    name = inert(path.name)
    found = decode(data, name, how.encoding)
    text, said = _said_separator(found.text)
    separator = SEPARATORS[how.separator] if how.separator else said or _guessed_separator(text, how)
    rows = _rows(text, separator, name)
    notes = (found.note,) if found.note else ()
    return Sheet(name, digest(data), rows, separator, notes)


def _said_separator(text: str) -> tuple[str, str | None]:
    """Excel's own first line `sep=;` is no row."""
    found = _SAYS_SEPARATOR.match(text[:100])
    return (text[found.end() :], found[1]) if found else (text, None)


def _guessed_separator(text: str, how: HowToRead) -> str:
    """The one that makes most sense of a header; among equals the one that makes the most cells."""

    def worth(separator: str) -> tuple[int, int]:
        rows = list(_first_rows(text, separator))
        known = max((header_score(row, how.guide, how.maps) for row in rows), default=0)
        return known, sum(len(row.cells) - 1 for row in rows)

    return max(SEPARATORS.values(), key=worth)


def _first_rows(text: str, separator: str) -> Iterable[Row]:
    try:
        for number, cells in enumerate(_parser(text, separator), start=1):
            if number > _TRIED_ROWS:
                return
            yield Row(number, tuple(cells))
    except csv.Error:
        # Not the right separator, or a flaw that is reported when the whole file is read.
        return


def _parser(text: str, separator: str) -> "Reader":
    csv.field_size_limit(MAX_CELL)
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)


def _rows(text: str, separator: str, name: str) -> tuple[Row, ...]:
    rows: list[Row] = []
    reader = _parser(text, separator)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            row = Row(number, tuple(cell.replace("\r\n", "\n").replace("\r", "\n") for cell in cells))
            if row.is_blank:
                continue
            if len(rows) >= MAX_ROWS:
                remedy = "Keep only the rows that are controls, or split the sheet."
                raise UsageError(f"there are more than {MAX_ROWS:,} rows.", where=name, remedy=remedy)
            rows.append(_bounded(row, name))
    except csv.Error as error:
        message = f"row {number + 1} cannot be read: {error}."
        remedy = f"Look for a quotation mark near line {reader.line_num} of the text that is opened and not closed, or doubled."
        raise UsageError(message, where=name, remedy=remedy) from error
    return tuple(rows)


def _bounded(row: Row, name: str) -> Row:
    """Empty cells at the end of a row are not part of it."""
    width = max(index for index, cell in enumerate(row.cells) if cell.strip()) + 1
    if width > MAX_COLUMNS:
        remedy = f"At most {MAX_COLUMNS} are read; is {quoted('--separator')} right?"
        raise UsageError(f"row {row.number} has {width:,} cells.", where=name, remedy=remedy)
    return Row(row.number, row.cells[:width])


def write_csv(rows: Iterable[Sequence[str]], separator: str = ",") -> str:
    """Text for Excel: its byte order mark, its line ends, and no cell that it takes for a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    writer.writerows([neutralised(cell) for cell in row] for row in rows)
    return f"\ufeff{out.getvalue()}"
