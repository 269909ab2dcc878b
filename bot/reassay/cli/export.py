"""reassay export."""

import argparse
from typing import TYPE_CHECKING, TextIO

from reassay.cli.command_entry import CliCommand
from reassay.cli.common_options import add_path
from reassay.cli.spreadsheet_options import add_reading

if TYPE_CHECKING:
    from pathlib import Path

    from reassay.imports.export import Export
    from reassay.register.register import Register

KINDS = ("mitigations", "past-assessments")
EPILOG = """\
with --like, cells with an unchanged meaning keep their wording, and columns without a field are copied row by row
text that a spreadsheet program would run as a formula gets an apostrophe in front; `reassay import` removes it
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of this command."""
    add_path(parser)
    parser.add_argument("--kind", choices=KINDS, default=KINDS[0], help="what to export (mitigations)")
    parser.add_argument("--out", metavar="FILE", help="file to write to (standard output)")
    parser.add_argument("--force", action="store_true", help="replace the file if it exists")
    parser.add_argument("--like", metavar="FILE", help="spreadsheet whose columns and order to keep")
    add_reading(parser)
    parser.add_argument("--owner", metavar="ROLE", help="value of --owner when that spreadsheet was imported")
    parser.add_argument("--at", metavar="DATE", help="day of the export (today), for reading --like")


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Exits 1 if the spreadsheet is incomplete: entries with errors, or rows of --like, are missing."""
    from pathlib import Path

    from reassay.cli.spreadsheet_options import open_folder
    from reassay.common.errors import UsageError
    from reassay.imports.files.import_target import write_text
    from reassay.imports.files.spreadsheet_files import write_csv

    root, register = open_folder(args.path)
    to_file = args.out is not None and args.out != "-"
    if to_file and Path(args.out).exists() and not args.force:
        raise UsageError(
            "this file exists already.",
            where=args.out,
            remedy="Replace it with --force, or name another one with --out.",
        )
    exported, separator = _exported(root, register, args)
    text = write_csv(exported.rows, separator)
    if to_file:
        write_text(Path(args.out), text)
    else:
        out.write(text)
    if not args.quiet:
        wrote = f"wrote {args.out}" if to_file else "printed"
        print(f"{len(exported.rows) - 1} rows; {wrote}.", *exported.lost, sep="\n  ", file=err)
        if register.errors:
            print("  Entries with errors are missing; to see them, run `reassay check`.", file=err)
    return int(bool(register.errors or exported.rows_missing))


def _exported(root: "Path", register: "Register", args: argparse.Namespace) -> "tuple[Export, str]":
    from pathlib import Path

    from reassay.common.errors import UsageError
    from reassay.imports.export import export_like, export_mitigations, export_past

    mitigations = {name: entry.value for name, entry in register.mitigations.items()}
    if args.like is None:
        for option in ("map", "value"):
            if getattr(args, option):
                raise UsageError("it needs a spreadsheet.", where=f"--{option}", remedy="Add --like FILE.")
        if args.kind == "mitigations":
            return export_mitigations(tuple(mitigations.values())), ","
        return export_past([entry.value for entry in register.past_assessments.values()]), ","
    if args.kind != "mitigations":
        remedy = "Leave out --like, or export --kind mitigations."
        raise UsageError(
            "only mitigations can be exported with the columns of another spreadsheet.", where="--like", remedy=remedy
        )
    from reassay.cli.spreadsheet_options import date_order, open_sheet, role_name
    from reassay.common.calendar import local_date
    from reassay.common.instants import instant_or_now
    from reassay.imports.headers import MITIGATIONS
    from reassay.imports.mitigations import import_mitigations
    from reassay.imports.names import DeclaredNames
    from reassay.imports.row_reader import ImportOptions

    if args.map_file and not Path(args.map_file).exists():
        raise UsageError(
            "there is no such file.", where=args.map_file, remedy="Give the file of the import, or leave it out."
        )
    sheet, layout, values, args, _ = open_sheet(root, args.like, args, MITIGATIONS, "mitigations")
    timezone = register.configuration.timezone
    today = local_date(instant_or_now(args.at, timezone), timezone)
    # A row without an owner is matched too; its cell then gets the owner of the register.
    owner = role_name(args.owner, "--owner") if args.owner else "nobody"
    choices = ImportOptions(today, owner, date_order(args), fill_down=tuple(args.fill_down), values=values)
    return export_like(
        import_mitigations(layout, DeclaredNames.of_register(register).without_taken(), choices), mitigations
    ), sheet.separator


COMMAND = CliCommand(add_arguments, run, EPILOG)
