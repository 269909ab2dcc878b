"""reassay diff."""

import argparse
from typing import TextIO

from reassay.cli.command_entry import CliCommand
from reassay.cli.common_options import add_at, add_path, add_revisions

LONGEST_LIST = 5
"""Number of places with errors that the warning names."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of this command."""
    add_revisions(parser)
    add_path(parser)
    add_at(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text is for people")


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Compares the base with the merge result. Writes no file."""
    from reassay.changes import compare
    from reassay.changes.layers import layer_changes
    from reassay.cli.commit_range import read_range
    from reassay.common.calendar import local_date
    from reassay.common.instants import instant_or_now
    from reassay.common.json_text import to_json
    from reassay.gate.views import documents as gate_documents
    from reassay.gate.views import terminal as gate_terminal

    commit_range = read_range(args.path, args.base, args.head)
    base = commit_range.registers.base
    timezone = base.configuration.timezone
    today = local_date(instant_or_now(args.at, timezone), timezone)
    merged = commit_range.registers.merged
    changes = (*compare(base, merged, today, commit_range.registers.files), *layer_changes(base, merged))
    if not commit_range.mergeable and not args.quiet:
        print("reassay: HEAD cannot be merged into BASE; compared with HEAD itself", file=err)
    places = dict.fromkeys(f"{finding.at.path}:{finding.at.line}" for side in (merged, base) for finding in side.errors)
    if places and not args.quiet:
        shown = ", ".join([*places][:LONGEST_LIST])
        print(f"reassay: entries with errors are not compared: {shown}; to see why, run `reassay check`", file=err)
    if args.format == "json":
        out.write(to_json(gate_documents.diff_document(changes)))
        return 0
    gate_terminal.show_changes(changes, out)
    return 0


COMMAND = CliCommand(add_arguments, run)
