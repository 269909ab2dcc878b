"""Options of the spreadsheet commands, and the register and spreadsheet that they name."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from reassay.imports.columns import Layout
    from reassay.imports.dates import DateOrder
    from reassay.imports.headers import Guide
    from reassay.imports.spreadsheet import Spreadsheet
    from reassay.register.register import Register

ENCODINGS = ("utf-8", "utf-16", "windows-1252", "mac-roman")
SEPARATORS = ("comma", "semicolon", "tab", "pipe")
ORDERS = ("day-first", "month-first")
"""Values of reassay.imports, which is not imported before a file is read. A test compares both."""


def add_reading(parser: argparse.ArgumentParser) -> None:
    """Adds the options for reading a spreadsheet."""
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="COLUMN=FIELD",
        help="field that a column has; COLUMN=- ignores the column; repeatable",
    )
    parser.add_argument("--dates", choices=ORDERS, help="meaning of 06/05/2026, if no cell of the column shows it")
    parser.add_argument(
        "--fill-down", action="append", default=[], metavar="COLUMN",
        help="empty cells get the value above, e.g. for merged cells; repeatable",
    )  # fmt: skip
    parser.add_argument("--header", type=int, metavar="ROW", help="row of the header, if it is not recognised")
    parser.add_argument("--encoding", choices=ENCODINGS, help="encoding of the file, if it is not recognised")
    parser.add_argument("--separator", choices=SEPARATORS, help="separator of cells, if it is not recognised")


def add_writing(parser: argparse.ArgumentParser, where: str) -> None:
    """Adds the options for the file to write."""
    parser.add_argument("--out", metavar="FILE", help=f"file to write ({where}); - prints it")
    parser.add_argument("--force", action="store_true", help="replace the file if it exists")
    parser.add_argument("--dry-run", action="store_true", help="print what would be written, and write nothing")
    parser.add_argument(
        "--at", metavar="DATE", help="day of the import (today); later dates do not count as past assessments"
    )


def open_folder(text: str) -> "tuple[Path, Register]":
    """The folder and its register. Raises UsageError if its configuration has errors."""
    from pathlib import Path

    from reassay.common.errors import UsageError
    from reassay.register.files import WorkingTree, read_register

    root = Path(text)
    if not root.is_dir():
        raise UsageError("there is no such folder.", where=text, remedy="Name a checkout of a framework repository.")
    register = read_register(WorkingTree(root))
    if register.configuration_is_broken:
        remedy = "Run `reassay check` and fix its errors first."
        raise UsageError("the configuration has errors.", where=text, remedy=remedy)
    return root, register


def open_sheet(file: str, args: argparse.Namespace, guide: "Guide") -> "tuple[Spreadsheet, Layout]":
    """A spreadsheet and the fields of its columns. Raises UsageError."""
    from pathlib import Path

    from reassay.imports.columns import lay_out, read_map
    from reassay.imports.files.formats import read_list
    from reassay.imports.files.spreadsheet_files import ReadOptions

    maps = tuple(read_map(text, guide) for text in args.map)
    how = ReadOptions(guide, maps, args.encoding, args.separator)
    sheet = read_list(Path(file), how)
    return sheet, lay_out(sheet, guide, maps, args.header)


def date_order(args: argparse.Namespace) -> "DateOrder | None":
    """The value of `--dates`, or None."""
    from reassay.imports.dates import DateOrder

    return DateOrder(args.dates) if args.dates else None


def role_name(text: str, where: str) -> str:
    """A role or login from an option, without `@`. Raises UsageError."""
    import re

    from reassay.common.errors import UsageError
    from reassay.register.base import NAME_PATTERN
    from reassay.register.finding import quoted

    bare = text.removeprefix("@")
    if not re.fullmatch(NAME_PATTERN, bare):
        raise UsageError(f"{quoted(text)} is not a valid role name.", where=where, remedy="Write e.g. safety-team.")
    return bare
