"""Reading of Excel workbooks (.xlsx, .xlsm) with bounds. Macros and formulas never run; their stored values are read."""

import warnings
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zipfile import BadZipFile, ZipFile, is_zipfile
from zlib import error as ZlibError  # noqa: N812 -- the module's only class has a name in small letters

from reassay.common.canonical import digest
from reassay.common.errors import UsageError
from reassay.common.sentences import names
from reassay.imports.columns import header_score
from reassay.imports.files.spreadsheet_files import MAX_COLUMNS, MAX_ROWS, ReadOptions, bounded, refuse_more_rows
from reassay.imports.files.text_decoding import read_bytes
from reassay.imports.files.workbook_cells import read_cell
from reassay.imports.files.workbook_parts import SheetTraits, read_traits
from reassay.imports.spreadsheet import SheetRow, Spreadsheet
from reassay.register.finding import did_you_mean, inert, quoted

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

_FIRST_BYTES: Final = b"PK\x03\x04"
MAX_UNPACKED: Final = 128 * 1024 * 1024
"""Most bytes of all parts of a workbook together, against small files that unpack to huge ones."""
MAX_PARTS: Final = 5_000
_TRIED_ROWS: Final = 50
_INSTALL: Final = "Install it with: pip install \"reassay[xlsx]\". Or save the sheet as 'CSV UTF-8' and import that."
_SAVE_AGAIN: Final = "Open it in a spreadsheet program and save it again, or save the sheet as 'CSV UTF-8'."
_ANY_FAULT: Final = (
    BadZipFile, ZlibError, EOFError, OSError, KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError,
    NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip
"""Errors of openpyxl, zipfile and the XML reader for a damaged file; xml's ParseError is a SyntaxError."""


def is_workbook(path: Path) -> bool:
    """Whether a file is an Excel workbook, by its first bytes and its parts."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as opened:
            if opened.read(len(_FIRST_BYTES)) != _FIRST_BYTES:
                return False
        if path.suffix.lower() in {".xlsx", ".xlsm"} or not is_zipfile(path):
            return path.suffix.lower() in {".xlsx", ".xlsm"}
        with ZipFile(path) as parts:
            return any(name.startswith("xl/workbook") for name in parts.namelist()[:MAX_PARTS])
    except (OSError, BadZipFile, ValueError, NotImplementedError):
        return False


def read_workbook(path: Path, how: ReadOptions) -> Spreadsheet:
    """The rows of one sheet of a workbook. Raises UsageError."""
    name = inert(path.name)
    data = read_bytes(path)
    _needs_openpyxl(name)
    try:
        _refuse_bombs(data, name)
        with warnings.catch_warnings():
            # openpyxl warns of parts that it leaves out, such as rules for input.
            warnings.simplefilter("ignore")
            return _read(data, name, how)
    except UsageError:
        raise
    except _ANY_FAULT as error:
        why = f"{type(error).__name__}: {error}"
        raise UsageError(
            f"this workbook cannot be read ({inert(why)[:200]}).", where=name, remedy=_SAVE_AGAIN
        ) from error


def _needs_openpyxl(name: str) -> None:
    try:
        import defusedxml  # noqa: PLC0415, F401 -- an extra
        import openpyxl  # noqa: PLC0415, F401 -- an extra
    except ImportError as error:
        raise UsageError("reading workbooks needs the extra 'xlsx'.", where=name, remedy=_INSTALL) from error


def _refuse_bombs(data: bytes, name: str) -> None:
    """Raises UsageError for a workbook that unpacks to too much. zipfile reads no more of a part than its stated size."""
    with ZipFile(BytesIO(data)) as parts:
        infos = parts.infolist()
    total = sum(info.file_size for info in infos)
    if len(infos) > MAX_PARTS or total > MAX_UNPACKED:
        remedy = "Copy the sheet with the controls into a new workbook, or save it as 'CSV UTF-8'."
        raise UsageError(f"this workbook unpacks to {total // 1024**2:,} MiB.", where=name, remedy=remedy)
    if any(info.flag_bits & 1 for info in infos):
        raise UsageError("this workbook is encrypted.", where=name, remedy="Save it without a password.")


def _read(data: bytes, name: str, how: ReadOptions) -> Spreadsheet:
    from openpyxl import load_workbook  # noqa: PLC0415 -- an extra

    book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        title, notes = _chosen(book, name, how)
        traits = read_traits(data, book[title])
        rows = tuple(_rows(book, title, name))
    finally:
        book.close()
    return Spreadsheet(name, digest(data), rows, notes=(*notes, *_notes(traits, rows)))


def _chosen(book: "Workbook", name: str, how: ReadOptions) -> tuple[str, tuple[str, ...]]:
    """The title of the sheet to read, and sentences about the others. Raises UsageError."""
    sheets = {sheet.title: sheet for sheet in book.worksheets}
    titles = [
        f"{quoted(title)}{'' if sheet.sheet_state == 'visible' else ' (hidden)'}" for title, sheet in sheets.items()
    ]
    if not sheets:
        raise UsageError("this workbook has no sheet with cells.", where=name, remedy=_SAVE_AGAIN)
    if how.sheet is not None and how.sheet not in sheets:
        remedy = f"{did_you_mean(how.sheet, sheets)} Sheets are {names(*titles)}.".strip()
        raise UsageError(f"there is no sheet {quoted(how.sheet)}.", where=f"--sheet, {name}", remedy=remedy)
    title = how.sheet or _with_header(book, name, how)
    others = [shown for other, shown in zip(sheets, titles, strict=True) if other != title]
    if not others:
        return title, ()
    return title, (f"The sheet {quoted(title)} was read. Not read: {names(*others)}; to read one, add --sheet NAME.",)


def _with_header(book: "Workbook", name: str, how: ReadOptions) -> str:
    """The title of the first sheet whose header is recognised, visible ones first; else of the first one with text."""
    in_order = sorted(book.worksheets, key=lambda sheet: sheet.sheet_state != "visible")
    with_text = []
    for sheet in in_order:
        first = [row for row, _ in zip(_rows(book, sheet.title, name), range(_TRIED_ROWS), strict=False)]
        if any(header_score(row, how.guide, how.maps) > 1 for row in first):
            return sheet.title
        if first:
            with_text.append(sheet.title)
    return with_text[0] if with_text else in_order[0].title


def _rows(book: "Workbook", title: str, name: str) -> Iterator[SheetRow]:
    """The rows of a sheet that are not blank. Raises UsageError for too many rows or columns."""
    sheet = book[title]
    # Some programs state a wrong size of the sheet; without one, all rows that are there are read.
    getattr(sheet, "reset_dimensions", lambda: None)()
    count = 0
    for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1), start=1):
        read = [read_cell(cell) for cell in cells]
        row = SheetRow(number, tuple(text for text, _ in read), kinds=tuple(kind for _, kind in read))
        if row.is_blank:
            continue
        count += 1
        if count > MAX_ROWS:
            refuse_more_rows(name)
        yield bounded(row, name)


def _notes(traits: SheetTraits, rows: Sequence[SheetRow]) -> Iterator[str]:
    """Sentences about what a reader of the sheet sees and its cells do not say."""
    numbers = {row.number for row in rows}
    hidden = [number for number in traits.hidden_rows if number in numbers]
    if hidden:
        yield f"Hidden rows were read, too ({len(hidden)}): {_few([str(number) for number in hidden])}."
    if traits.hidden_columns:
        yield f"Hidden columns were read, too: {_few(traits.hidden_columns)}."
    if traits.merged:
        remedy = "--fill-down COLUMN copies it into empty cells below"
        yield f"Merged cells ({len(traits.merged)}), such as {_few(traits.merged)}: only the first cell has the text; {remedy}."
    if traits.uncalculated:
        remedy = "Open the workbook in a spreadsheet program and save it."
        count = len(traits.uncalculated)
        yield f"Formulas without a stored value ({count}) were read as empty: {_few(traits.uncalculated)}. {remedy}"


def _few(texts: Sequence[str], shown: int = 5) -> str:
    more = f" and {len(texts) - shown} more" if len(texts) > shown else ""
    return ", ".join(inert(text) for text in texts[:shown]) + more
