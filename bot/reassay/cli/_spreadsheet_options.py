"""What the commands over spreadsheets share: options, and how a file and a register come in."""

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
"""As in the modules that read; those are imported only to read. A test compares them."""


def add_reading(parser: argparse.ArgumentParser) -> None:
    """How a file is to be read, where guessing is not enough."""
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="COLUMN=FIELD",
        help="what a column holds; COLUMN=- leaves it out; repeatable",
    )
    parser.add_argument("--dates", choices=ORDERS, help="how 06/05/2026 is meant, where no cell of the column tells")
    parser.add_argument(
        "--fill-down", action="append", default=[], metavar="COLUMN",
        help="blank cells take the value above, as merged cells need it; repeatable",
    )  # fmt: skip
    parser.add_argument("--header", type=int, metavar="ROW", help="row of the header, if it is not found")
    parser.add_argument("--encoding", choices=ENCODINGS, help="of the file, if it is not found out")
    parser.add_argument("--separator", choices=SEPARATORS, help="between cells, if it is not found out")


def add_writing(parser: argparse.ArgumentParser, where: str) -> None:
    """Where the result goes."""
    parser.add_argument("--out", metavar="FILE", help=f"write there (default: {where}); - prints it")
    parser.add_argument("--force", action="store_true", help="replace the file if it exists")
    parser.add_argument("--dry-run", action="store_true", help="print what would be written, and write nothing")
    parser.add_argument("--at", metavar="DATE", help="day of the import (today); dates after it are none of the past")


def open_folder(text: str) -> "tuple[Path, Register]":
    """The folder and its register. Raises UsageError if nothing can be decided by it."""
    from pathlib import Path

    from reassay.common.errors import UsageError
    from reassay.register.files import WorkingTree, read_register

    root = Path(text)
    if not root.is_dir():
        raise UsageError("there is no such folder.", where=text, remedy="Name a checkout of a framework repository.")
    register = read_register(WorkingTree(root))
    if register.configuration_is_broken:
        remedy = "`reassay check` says what is wrong; put that right first."
        raise UsageError("the configuration cannot be read.", where=text, remedy=remedy)
    return root, register


def open_sheet(file: str, args: argparse.Namespace, guide: "Guide") -> "tuple[Spreadsheet, Layout]":
    """A spreadsheet and what its columns hold. Raises UsageError."""
    from pathlib import Path

    from reassay.imports.columns import lay_out, read_map
    from reassay.imports.files.spreadsheet_files import ReadOptions, read_sheet

    maps = tuple(read_map(each, guide) for each in args.map)
    how = ReadOptions(guide, maps, args.encoding, args.separator)
    sheet = read_sheet(Path(file), how)
    return sheet, lay_out(sheet, guide, maps, args.header)


def date_order(args: argparse.Namespace) -> "DateOrder | None":
    """What `--dates` says."""
    from reassay.imports.dates import DateOrder

    return DateOrder(args.dates) if args.dates else None


def role_name(text: str, where: str) -> str:
    """A name of a role as an option gives it. Raises UsageError."""
    import re

    from reassay.common.errors import UsageError
    from reassay.register.base import NAME_PATTERN
    from reassay.register.finding import quoted

    bare = text.removeprefix("@")
    if not re.fullmatch(NAME_PATTERN, bare):
        raise UsageError(f"{quoted(text)} is no name of a role.", where=where, remedy="Write for example safety-team.")
    return bare
