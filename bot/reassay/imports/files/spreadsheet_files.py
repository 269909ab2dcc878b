"""Reading and writing of exported spreadsheets (CSV, TSV), with bounds."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from reassay.common.canonical import digest
from reassay.common.csv_cells import neutralised
from reassay.common.errors import UsageError
from reassay.imports.columns import ColumnChoice, header_score
from reassay.imports.files.text_decoding import decode, read_bytes
from reassay.imports.headers import Guide
from reassay.imports.spreadsheet import SheetRow, Spreadsheet
from reassay.register.finding import inert

if TYPE_CHECKING:
    from _csv import Reader  # the type of csv.reader(), which has no public name

MAX_ROWS: Final = 5_000
"""Most rows of a sheet; a register file with more would be too large, too."""
MAX_COLUMNS: Final = 500
MAX_CELL: Final = 64 * 1024
"""Most characters of a cell; a longer one has an unclosed quotation mark."""
SEPARATORS: Final = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
_SEPARATOR_LINE = re.compile(r"\s*\"?sep=(.)\"?[ \t]*(\r\n|\r|\n)", re.IGNORECASE)
_TRIED_ROWS: Final = 50


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Options for reading a file, and the headers to expect."""

    guide: Guide
    maps: Sequence[ColumnChoice] = ()
    encoding: str | None = None
    separator: str | None = None
    """A name of SEPARATORS; None to guess."""
    sheet: str | None = None
    """Name of the sheet of a workbook; None to choose."""
    list_at: str | None = None
    """The dotted path of the list of entries in a document; None to look for it."""


def read_sheet(path: Path, how: ReadOptions) -> Spreadsheet:
    """The sheet with its rows that are not blank. Raises UsageError."""
    data = read_bytes(path)
    name = inert(path.name)
    decoded = decode(data, name, how.encoding)
    text, stated = _stated_separator(decoded.text)
    separator = SEPARATORS[how.separator] if how.separator else stated or _guessed_separator(text, how)
    rows = _rows(text, separator, name)
    notes = (decoded.note,) if decoded.note else ()
    return Spreadsheet(name, digest(data), rows, separator, notes)


def _stated_separator(text: str) -> tuple[str, str | None]:
    """The text without Excel's first line `sep=;`, and the separator that it states."""
    match = _SEPARATOR_LINE.match(text[:100])
    return (text[match.end() :], match[1]) if match else (text, None)


def _guessed_separator(text: str, how: ReadOptions) -> str:
    """The separator with the most recognised headers, or else the most cells."""

    def score(separator: str) -> tuple[int, int]:
        rows = list(_first_rows(text, separator))
        recognised = max((header_score(row, how.guide, how.maps) for row in rows), default=0)
        return recognised, sum(len(row.cells) - 1 for row in rows)

    return max(SEPARATORS.values(), key=score)


def _first_rows(text: str, separator: str) -> Iterable[SheetRow]:
    try:
        for number, cells in enumerate(_parser(text, separator), start=1):
            if number > _TRIED_ROWS:
                return
            yield SheetRow(number, tuple(cells))
    except csv.Error:
        # A wrong separator, or an error that is reported when the whole file is read.
        return


def _parser(text: str, separator: str) -> "Reader":
    csv.field_size_limit(MAX_CELL)
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)


def _rows(text: str, separator: str, name: str) -> tuple[SheetRow, ...]:
    rows: list[SheetRow] = []
    reader = _parser(text, separator)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            row = SheetRow(number, tuple(cell.replace("\r\n", "\n").replace("\r", "\n") for cell in cells))
            if row.is_blank:
                continue
            if len(rows) >= MAX_ROWS:
                refuse_more_rows(name)
            rows.append(bounded(row, name))
    except csv.Error as error:
        message = f"row {number + 1} cannot be read: {error}."
        remedy = f"Look for an unclosed quotation mark near line {reader.line_num} of the text."
        raise UsageError(message, where=name, remedy=remedy) from error
    return tuple(rows)


def refuse_more_rows(name: str) -> NoReturn:
    """Raises UsageError for a file with more than MAX_ROWS rows."""
    remedy = "Keep only the rows with controls, or split the sheet."
    raise UsageError(f"there are more than {MAX_ROWS:,} rows.", where=name, remedy=remedy)


def bounded(row: SheetRow, name: str) -> SheetRow:
    """The row without empty cells at its end. Raises UsageError if it has too many cells."""
    width = max(index for index, cell in enumerate(row.cells) if cell.strip()) + 1
    if width > MAX_COLUMNS:
        remedy = f"At most {MAX_COLUMNS} are allowed; check --separator."
        raise UsageError(f"{row.where} has {width:,} cells.", where=name, remedy=remedy)
    return replace(row, cells=row.cells[:width])


def write_csv(rows: Iterable[Sequence[str]], separator: str = ",") -> str:
    """CSV for Excel, with byte order mark and its line ends, and without formulas."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    writer.writerows([neutralised(cell) for cell in row] for row in rows)
    return f"\ufeff{out.getvalue()}"
