"""The file formats that can be imported. Each is read into rows with a header row, and all further work is on rows."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from reassay.imports.files.spreadsheet_files import ReadOptions, read_sheet
from reassay.imports.spreadsheet import Spreadsheet


class SheetFormat(NamedTuple):
    """A format of lists of controls."""

    name: str
    """Its name in messages."""
    reads: Callable[[Path], bool]
    """Whether a file or folder is of this format, by its name or first bytes."""
    read: Callable[[Path, ReadOptions], Spreadsheet]
    """Raises UsageError."""


FORMATS: Final = (SheetFormat("CSV", lambda path: True, read_sheet),)
"""The first one that reads a file is taken; CSV is the last."""


def read_list(path: Path, how: ReadOptions) -> Spreadsheet:
    """The rows of a file or folder in any of the formats. Raises UsageError."""
    sheet_format = next(sheet_format for sheet_format in FORMATS if sheet_format.reads(path))
    return sheet_format.read(path, how)
