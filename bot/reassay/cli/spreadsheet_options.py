"""Options of the spreadsheet commands, and the register and spreadsheet that they name."""

import argparse
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from reassay.imports.columns import Layout
    from reassay.imports.dates import DateOrder
    from reassay.imports.headers import Guide
    from reassay.imports.kept_options import KeptOptions, OptionTexts
    from reassay.imports.spreadsheet import Spreadsheet
    from reassay.imports.values import ValueChoice
    from reassay.register.register import Register

ENCODINGS = ("utf-8", "utf-16", "windows-1252", "windows-1250", "mac-roman")
SEPARATORS = ("comma", "semicolon", "tab", "pipe")
ORDERS = ("day-first", "month-first")
AUDIENCES = ("internal", "trusted-testers", "external")
"""Values of reassay.imports and the register, which are not imported before a file is read. A test compares them."""


def add_reading(parser: argparse.ArgumentParser) -> None:
    """Adds the options for reading a spreadsheet."""
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="COLUMN=FIELD",
        help="field that a column has; COLUMN=- ignores the column; repeatable",
    )
    parser.add_argument(
        "--value",
        action="append",
        default=[],
        metavar="[COLUMN:]TEXT=VALUE",
        help="value that the text of a cell stands for, e.g. 'nach Bedarf=unspecified'; '-' leaves the cell out; repeatable",
    )
    parser.add_argument("--dates", choices=ORDERS, help="meaning of 06/05/2026, if no cell of the column shows it")
    parser.add_argument(
        "--fill-down", action="append", default=[], metavar="COLUMN",
        help="empty cells get the value above, e.g. for merged cells; repeatable",
    )  # fmt: skip
    parser.add_argument("--header", type=int, metavar="ROW", help="row of the header, if it is not recognised")
    parser.add_argument("--sheet", metavar="NAME", help="sheet of a workbook (the first one with a recognised header)")
    parser.add_argument("--list", metavar="KEY", help="key of the list in a document, e.g. matrices.mitigations")
    parser.add_argument(
        "--encoding", choices=ENCODINGS, metavar="NAME", help=f"encoding, if not recognised: {', '.join(ENCODINGS)}"
    )
    parser.add_argument("--separator", choices=SEPARATORS, help="separator of cells, if it is not recognised")
    parser.add_argument(
        "--map-file", metavar="FILE", help="file with options for next time (.github/reassay-import.yml of PATH)"
    )
    parser.add_argument("--no-saved", action="store_true", help="neither read nor keep options for next time")


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


class SheetInput(NamedTuple):
    """A spreadsheet, the fields of its columns, and the options with which it is read."""

    sheet: "Spreadsheet"
    layout: "Layout"
    values: "tuple[ValueChoice, ...]"
    args: argparse.Namespace
    """The options of the command line, with kept ones in the place of those that are not given."""
    kept: "KeptForNextTime"


class KeptForNextTime(NamedTuple):
    """Kept options: those of all files as they were read, and those of this file as they are now."""

    root: "Path"
    file: "Path | None"
    before: "tuple[KeptOptions, ...]"
    entry: "KeptOptions"
    is_off: bool

    def used(self) -> str:
        """A sentence about kept options that were read; "" if there are none."""
        from reassay.imports.files.kept_options_file import KEPT

        own = next((other for other in self.before if other.is_for(self.entry.file, self.entry.kind)), None)
        if own is None or not own.texts:
            return ""
        return f"  The options kept in {self.file or KEPT} are used; --no-saved ignores them."

    def write(self) -> str:
        """Writes the options of this file; a sentence about it, or "" if nothing changed. Raises UsageError."""
        from reassay.imports.files.kept_options_file import keep

        path = None if self.is_off else keep(self.root, self.file, self.entry, self.before)
        return f"Its options are kept in {path} for next time." if path else ""


def open_sheet(root: "Path", file: str, args: argparse.Namespace, guide: "Guide", kind: str) -> SheetInput:
    """A spreadsheet and the fields of its columns, by the options given and kept. Raises UsageError."""
    from pathlib import Path

    from reassay.common.errors import UsageError
    from reassay.imports.columns import lay_out, read_map
    from reassay.imports.files.formats import read_list
    from reassay.imports.files.spreadsheet_files import ReadOptions
    from reassay.imports.row_cells import column_to_fill
    from reassay.imports.values import read_value

    kept, texts = _kept(root, file, args, guide, kind)
    args = _with_texts(args, texts)
    maps = tuple(read_map(option.text, guide, option.where) for option in texts.get("map", ()))
    values = tuple(read_value(option.text, option.where) for option in texts.get("value", ()))
    try:
        sheet = read_list(Path(file), ReadOptions(guide, maps, args.encoding, args.separator, args.sheet, args.list))
        layout = lay_out(sheet, guide, maps, args.header)
    except UsageError as error:
        # An error about an option that is kept names the line in which it is kept.
        option = next(iter(texts.get(error.where.partition(",")[0].removeprefix("--"), ())), None)
        if option is None or option.where.startswith("--"):
            raise
        raise UsageError(error.message, where=option.where, remedy=error.remedy) from error
    for option in texts.get("fill-down", ()):
        column_to_fill(layout, option.text, option.where)
    return SheetInput(sheet, layout, values, args, kept)


def _kept(
    root: "Path", file: str, args: argparse.Namespace, guide: "Guide", kind: str
) -> "tuple[KeptForNextTime, OptionTexts]":
    from pathlib import Path

    from reassay.imports.files.kept_options_file import read_kept
    from reassay.imports.kept_options import NAMES, KeptOptions, OptionText, together

    name = Path(file).name or Path(file).resolve().name
    given: dict[str, tuple[OptionText, ...]] = {}
    for option in NAMES:
        value = getattr(args, option.replace("-", "_"), None)
        texts = value if isinstance(value, list) else [] if value in {None, False} else [value]
        given[option] = tuple(OptionText(str(text), f"--{option}") for text in texts)
    own_file = Path(args.map_file) if args.map_file else None
    before = () if args.no_saved else read_kept(root, own_file)
    old = next((entry.texts for entry in before if entry.is_for(name, kind)), {})
    now = together(old, given, guide)
    return KeptForNextTime(root, own_file, before, KeptOptions(name, kind, now), args.no_saved), now


def _with_texts(args: argparse.Namespace, texts: "OptionTexts") -> argparse.Namespace:
    """The arguments with the texts of single options and flags. Raises UsageError for a text that is not possible."""
    from reassay.common.errors import UsageError
    from reassay.imports.kept_options import FLAGS, SINGLE, one_of

    possible = {"dates": ORDERS, "encoding": ENCODINGS, "separator": SEPARATORS, "audience": AUDIENCES}
    values: dict[str, object] = {"sheet": None, **vars(args)}
    for name in (*SINGLE, *FLAGS):
        option = next(iter(texts.get(name, ())), None)
        if option is None:
            continue
        if name == "header" and not option.text.isdecimal():
            raise UsageError("this is not a number of a row.", where=option.where, remedy="Write e.g. 'header: 3'.")
        text = one_of(option, possible[name]) if name in possible else option.text
        values[name] = int(text) if name == "header" else True if name in FLAGS else text
    values["fill_down"] = [option.text for option in texts.get("fill-down", ())]
    return argparse.Namespace(**values)


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
