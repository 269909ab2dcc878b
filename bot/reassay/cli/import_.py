"""reassay import."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from reassay.cli.command_entry import CliCommand
from reassay.cli.common_options import add_path
from reassay.cli.spreadsheet_options import AUDIENCES, add_reading, add_writing

if TYPE_CHECKING:
    from reassay.imports.files.import_target import ImportTarget
    from reassay.imports.mitigations import ImportedMitigations
    from reassay.imports.spreadsheet import Spreadsheet
    from reassay.register.register import Register

FILE_NAME = "imported-mitigations.yml"
EPILOG = """\
fields: id, title, description, owner, assessor, every, last_assessed, next_due, status, layer, kind_of_control, lifecycle_stage,
function, actor, depth, target, standards (or standards:CATALOGUE), references (or references:SOURCE), taxonomy:SCHEME, related,
threat_models, deployments, audience
exits 1 if rows were left out; exits 2, and writes nothing, if the file cannot be read or an option is needed
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of this command."""
    parser.add_argument(
        "file",
        metavar="FILE",
        nargs="?",
        help="a spreadsheet (.csv, .tsv, .xlsx), an OSCAL document, documents (.md, .yml, .json, or a folder of them), "
        "or a checkout for --recipe",
    )
    add_path(parser)
    parser.add_argument(
        "--recipe", metavar="NAME", help="the public catalogue that FILE is a checkout of; `list` lists them"
    )
    parser.add_argument(
        "--licence-checked",
        action="store_true",
        help="you have the right to use a catalogue whose licence is not clear",
    )
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
    from reassay.cli.import_recipe import run_recipe
    from reassay.cli.spreadsheet_options import date_order, open_folder, open_sheet, role_name
    from reassay.common.calendar import local_date
    from reassay.common.errors import UsageError
    from reassay.common.instants import instant_or_now
    from reassay.imports.files.import_target import ImportTarget
    from reassay.imports.headers import MITIGATIONS
    from reassay.imports.mitigations import import_mitigations
    from reassay.imports.names import DeclaredNames
    from reassay.imports.row_reader import ImportOptions
    from reassay.register.deployment import Audience

    if args.recipe is not None:
        return run_recipe(args, out, err)
    if args.file is None:
        raise UsageError("no file is given.", where="import", remedy="Give a spreadsheet, a document or a folder.")
    root, register = open_folder(args.path)
    sheet, layout, values, args, kept = open_sheet(root, args.file, args, MITIGATIONS, "mitigations")
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
        values,
    )
    imported = import_mitigations(layout, DeclaredNames.of_register(others), choices)
    text = _text(sheet, imported, f"{today}")
    after = target.checked(text)
    if printed:
        out.write(text)
    else:
        target.write(text)
    next_time = "" if printed else kept.write()
    for line in _lines(sheet, imported, after, target, (args, kept.used(), next_time)):
        print(line, file=err if printed else out)
    return int(bool(imported.notes.left or sheet.unreadable))


def _text(sheet: "Spreadsheet", imported: "ImportedMitigations", day: str) -> str:
    """The YAML file. Raises UsageError if no row became a mitigation."""
    from reassay import __version__
    from reassay.common.errors import UsageError
    from reassay.imports.files.spreadsheet_yaml import as_yaml

    if not imported.taken:
        left = imported.notes.left[0] if imported.notes.left else None
        why = f"{sheet.place_of(left.row)}: {left.why}. {left.remedy}" if left else "There is no row below the header."
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
    more: tuple[argparse.Namespace, str, str],
) -> Iterator[str]:
    from reassay.cli.check_findings import check_line
    from reassay.imports.views.report import import_lines, made_lines, never_due, role_lines
    from reassay.register.finding import quoted

    args, used, next_time = more
    printed = args.dry_run or args.out == "-"
    done = f"would be written to {target.shown}" if printed else f"wrote {target.shown}"
    rows = f"{len(imported.taken)} of {len(imported.layout.rows)} rows became mitigations"
    warning = never_due(imported, target.path, after)
    yield f"{quoted(sheet.file)}: {'; '.join(part for part in (rows, warning, done) if part)}."
    if used:
        yield used
    yield from import_lines(sheet, imported.layout, imported.unused, imported.notes, quiet=args.quiet)
    yield from made_lines(imported)
    yield from role_lines(imported.roles, after)
    yield ""
    yield check_line(after, args.at)
    if astray := target.outside_of(after):
        yield astray
    if next_time:
        yield next_time
    if not args.quiet:
        first = "declare the roles, then " if imported.roles else ""
        yield f"Next: {first}run `reassay status` to see what is due, and `reassay plan` to see what would be opened."


COMMAND = CliCommand(add_arguments, run, EPILOG)
