"""reassay import-history."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from reassay.cli.command_entry import CliCommand
from reassay.cli.common_options import add_path
from reassay.cli.spreadsheet_options import add_reading, add_writing

if TYPE_CHECKING:
    from reassay.imports.files.import_target import ImportTarget
    from reassay.imports.history import ImportedHistory
    from reassay.imports.spreadsheet import Spreadsheet
    from reassay.register.register import Register

FILE_NAME = "past-assessments.yml"
EPILOG = """\
fields: mitigation (id, title or former id), assessed_on, decision, depth, assessed_by, summary, deployments, title, id
new entries are added to an existing file; --force replaces it
exits 1 if rows were left out; exits 2, and writes nothing, if the file cannot be read or an option is needed
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of this command."""
    parser.add_argument("file", metavar="FILE", help="a spreadsheet (.csv, .tsv, .xlsx)")
    add_path(parser)
    parser.add_argument("--attestor", metavar="ROLE", required=True, help="role or account that vouches for the import")
    add_reading(parser)
    add_writing(parser, f"{FILE_NAME} in the register folder of PATH")


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Exits 1 if rows were left out. Raises UsageError if nothing can be written."""
    from reassay.cli.spreadsheet_options import date_order, open_folder, open_sheet, role_name
    from reassay.common.calendar import local_date
    from reassay.common.instants import instant_or_now
    from reassay.imports.files.import_target import ImportTarget
    from reassay.imports.headers import HISTORY
    from reassay.imports.history import HistoryOptions, import_history

    root, register = open_folder(args.path)
    sheet, layout, values, args, kept = open_sheet(root, args.file, args, HISTORY, "past-assessments")
    target = ImportTarget.of(root, register, args.out, FILE_NAME)
    timezone = register.configuration.timezone
    today = local_date(instant_or_now(args.at, timezone), timezone)
    before = target.register_with(None) if args.force else register
    attestor = role_name(args.attestor, "--attestor")
    choices = HistoryOptions(today, attestor, date_order(args), tuple(args.fill_down), values)
    history = import_history(sheet, layout, before, choices)
    # New entries are added to an existing file, so that the text that people wrote in it is kept.
    old = None if args.force else target.text()
    text = _text(sheet, history, f"{today}", old)
    after = target.checked(text) if history.new else register
    printed = args.dry_run or args.out == "-"
    if printed:
        out.write(text)
    elif history.new:
        target.write(text)
    replaced = len(register.past_assessments) - len(before.past_assessments)
    # Rows that are there already were imported with these options, too.
    next_time = "" if printed else kept.write()
    for line in _lines(sheet, history, after, target, (args, replaced, kept.used(), next_time)):
        print(line, file=err if printed else out)
    return int(bool(history.notes.left))


def _text(sheet: "Spreadsheet", history: "ImportedHistory", day: str, old: str | None) -> str:
    """The YAML file: its old text and the new entries."""
    from reassay import __version__
    from reassay.imports.files.spreadsheet_yaml import as_yaml, more_entries

    if old is not None and not history.new:
        return old
    head = (
        f"Imported by reassay {__version__} from '{sheet.file}' on {day}, {sheet.digest}.",
        "Imported, not verified: dates may anchor the next re-assessment, but nothing here is proof.",
    )
    if old is None:
        return as_yaml({"past_assessments": history.new}, head)
    comments = "".join(f"  # {line}\n" for line in head)
    return f"{old.rstrip()}\n{comments}{more_entries(history.new)}"


def _lines(
    sheet: "Spreadsheet",
    history: "ImportedHistory",
    after: "Register",
    target: "ImportTarget",
    more: tuple[argparse.Namespace, int, str, str],
) -> Iterator[str]:
    from reassay.cli.check_findings import check_line
    from reassay.imports.views.report import history_lines, import_lines
    from reassay.register.finding import quoted

    args, replaced, used, next_time = more
    printed = args.dry_run or args.out == "-"
    done = f"would be written to {target.shown}" if printed else f"wrote {target.shown}"
    if not history.new:
        done = "nothing was written"
    count = len(history.new)
    rows = f"{count} of {len(history.layout.rows)} rows became past assessments"
    yield f"{quoted(sheet.file)}: {rows}; {done}."
    if used:
        yield used
    if replaced and not printed:
        yield f"  {replaced} past assessments in {target.shown} were replaced."
    yield from history_lines(history)
    yield from import_lines(sheet, history.layout, history.unused, history.notes, quiet=args.quiet)
    yield ""
    yield check_line(after, args.at)
    if astray := target.outside_of(after):
        yield astray
    if next_time:
        yield next_time


COMMAND = CliCommand(add_arguments, run, EPILOG)
