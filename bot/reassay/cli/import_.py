"""reassay import."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from reassay.cli.command_entry import CliCommand
from reassay.cli.common_options import add_path
from reassay.cli.spreadsheet_options import add_reading, add_writing

if TYPE_CHECKING:
    from reassay.imports.files.import_target import ImportTarget
    from reassay.imports.mitigations import ImportedMitigations
    from reassay.imports.spreadsheet import Spreadsheet
    from reassay.register.register import Register

FILE_NAME = "imported-mitigations.yml"
AUDIENCES = ("internal", "trusted-testers", "external")
EPILOG = """\
fields: id, title, description, owner, assessor, every, last_assessed, status, layer, lifecycle_stage, depth, target,
standards (or standards:CATALOGUE), threat_models, deployments, audience
exits 1 if rows were left out; exits 2, and writes nothing, if the file cannot be read or an option is needed
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of this command."""
    parser.add_argument("file", metavar="FILE", help="the exported spreadsheet, .csv or .tsv")
    add_path(parser)
    add_reading(parser)
    parser.add_argument("--owner", metavar="ROLE", help="owner of rows without one")
    parser.add_argument(
        "--stubs", action="store_true", help="create threat models and deployments that only the spreadsheet names"
    )
    parser.add_argument(
        "--audience", choices=AUDIENCES, help="audience of deployments that --stubs creates, if no column has it"
    )
    add_writing(parser, f"{FILE_NAME} in the register folder of PATH")


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Exits 1 if rows were left out. Raises UsageError if nothing can be written."""
    from reassay.cli.spreadsheet_options import date_order, open_folder, open_sheet, role_name
    from reassay.common.calendar import local_date
    from reassay.common.instants import instant_or_now
    from reassay.imports.files.import_target import ImportTarget
    from reassay.imports.headers import MITIGATIONS
    from reassay.imports.mitigations import import_mitigations
    from reassay.imports.names import DeclaredNames
    from reassay.imports.row_reader import ImportOptions
    from reassay.register.deployment import Audience

    root, register = open_folder(args.path)
    sheet, layout = open_sheet(args.file, args, MITIGATIONS)
    target = ImportTarget.of(root, register, args.out, FILE_NAME)
    printed = args.dry_run or args.out == "-"
    if not printed:
        target.refuse_to_overwrite(force=args.force)
    timezone = register.configuration.timezone
    today = local_date(instant_or_now(args.at, timezone), timezone)
    # Entries of the file that is replaced do not count as duplicates.
    others = target.register_with(None)
    choices = ImportOptions(
        today,
        role_name(args.owner, "--owner") if args.owner else None,
        date_order(args),
        args.stubs,
        Audience(args.audience) if args.audience else None,
        tuple(args.fill_down),
    )
    imported = import_mitigations(layout, DeclaredNames.of_register(others), choices)
    text = _text(sheet, imported, f"{today}")
    after = target.checked(text)
    if printed:
        out.write(text)
    else:
        target.write(text)
    for line in _lines(sheet, imported, after, target, args):
        print(line, file=err if printed else out)
    return int(bool(imported.notes.left))


def _text(sheet: "Spreadsheet", imported: "ImportedMitigations", day: str) -> str:
    """The YAML file. Raises UsageError if no row became a mitigation."""
    from reassay import __version__
    from reassay.common.errors import UsageError
    from reassay.imports.files.spreadsheet_yaml import as_yaml

    if not imported.taken:
        left = imported.notes.left[0] if imported.notes.left else None
        why = f"row {left.row}: {left.why}. {left.remedy}" if left else "There is no row below the header."
        raise UsageError("no row became a mitigation.", where=sheet.file, remedy=why)
    rows = f"{len(imported.taken)} of {len(imported.layout.rows)} rows"
    head = (
        f"Imported by reassay {__version__} from '{sheet.file}' on {day}: {rows} became mitigations.",
        f"{sheet.digest} is that file. Each `last_assessed` was imported, not verified.",
    )
    lists = {
        "mitigations": [row.mitigation for row in imported.taken],
        "threat_models": imported.threat_models,
        "deployments": imported.deployments,
    }
    return as_yaml(lists, head)


def _lines(
    sheet: "Spreadsheet",
    imported: "ImportedMitigations",
    after: "Register",
    target: "ImportTarget",
    args: argparse.Namespace,
) -> Iterator[str]:
    from reassay.imports.views.report import import_lines, made_lines, role_lines
    from reassay.register.finding import quoted
    from reassay.register.views.summary import sentence

    printed = args.dry_run or args.out == "-"
    done = f"would be written to {target.shown}" if printed else f"wrote {target.shown}"
    yield f"{quoted(sheet.file)}: {len(imported.taken)} of {len(imported.layout.rows)} rows became mitigations; {done}."
    yield from import_lines(sheet, imported.layout, imported.unused, imported.notes, quiet=args.quiet)
    yield from made_lines(imported)
    yield from role_lines(imported.roles, after)
    yield ""
    yield f"reassay check: {sentence(after)}"
    if astray := target.outside_of(after):
        yield astray
    if not args.quiet:
        first = "declare the roles, then " if imported.roles else ""
        yield f"Next: {first}run `reassay status` to see what is due, and `reassay plan` to see what would be opened."


COMMAND = CliCommand(add_arguments, run, EPILOG)
