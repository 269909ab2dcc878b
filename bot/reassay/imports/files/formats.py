"""The file formats that can be imported. Each is read into rows with a header row, and all further work is on rows."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from reassay.common.errors import UsageError
from reassay.imports.files.document_files import is_document, read_documents
from reassay.imports.files.oscal_files import is_oscal, read_oscal
from reassay.imports.files.spreadsheet_files import ReadOptions, read_sheet
from reassay.imports.files.workbook_files import is_workbook, read_workbook
from reassay.imports.spreadsheet import Spreadsheet
from reassay.register.finding import inert


class SheetFormat(NamedTuple):
    """A format of lists of controls."""

    name: str
    """Its name in messages."""
    reads: Callable[[Path], bool]
    """Whether a file or folder is of this format, by its name or first bytes."""
    read: Callable[[Path, ReadOptions], Spreadsheet]
    """Raises UsageError."""
    options: frozenset[str] = frozenset()
    """Options that act on it, of those that not every format has."""


FORMATS: Final = (
    SheetFormat("an Excel workbook", is_workbook, read_workbook, frozenset({"sheet"})),
    SheetFormat("an OSCAL document", is_oscal, read_oscal),
    SheetFormat("a document or a folder of documents", is_document, read_documents, frozenset({"list"})),
    SheetFormat("CSV", lambda _: True, read_sheet, frozenset({"encoding", "separator"})),
)
"""The first one that reads a file is taken; CSV is the last."""


def read_list(path: Path, how: ReadOptions) -> Spreadsheet:
    """The rows of a file or folder in any of the formats. Raises UsageError, also for an option that does not act on it."""
    sheet_format = next(sheet_format for sheet_format in FORMATS if sheet_format.reads(path))
    given = {"encoding": how.encoding, "separator": how.separator, "sheet": how.sheet, "list": how.list_at}
    for option, value in given.items():
        if value is not None and option not in sheet_format.options:
            message = f"{inert(path.name)} is {sheet_format.name}, on which this option has no effect."
            raise UsageError(message, where=f"--{option}", remedy="Leave it out.")
    return sheet_format.read(path, how)
