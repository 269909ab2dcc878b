"""reassay diff."""

import argparse
from typing import TextIO

from reassay.cli._command import CliCommand
from reassay.cli._options import add_at, add_path, add_revisions

PLACES = 5
"""So many places that cannot be read are named."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    add_revisions(parser)
    add_path(parser)
    add_at(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text is for people")


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Compares the base with the merge result; writes nothing anywhere."""
    from reassay.changes import compare
    from reassay.changes.layers import layer_changes
    from reassay.cli._range import read_range
    from reassay.common.calendar import local_date
    from reassay.common.instants import instant_or_now
    from reassay.common.json_text import to_json
    from reassay.gate.views import documents as gate_documents
    from reassay.gate.views import terminal as gate_terminal

    found = read_range(args.path, args.base, args.head)
    base = found.registers.base
    timezone = base.configuration.timezone
    today = local_date(instant_or_now(args.at, timezone), timezone)
    merged = found.registers.merged
    changes = (*compare(base, merged, today, found.registers.files), *layer_changes(base, merged))
    if not found.mergeable and not args.quiet:
        print("reassay: the two cannot be merged; compared with HEAD itself", file=err)
    places = dict.fromkeys(f"{each.at.path}:{each.at.line}" for side in (merged, base) for each in side.errors)
    if places and not args.quiet:
        unread = "part of it cannot be read, and what stands there is not compared"
        print(f"reassay: {unread}: {', '.join([*places][:PLACES])}; `reassay check` says why", file=err)
    if args.format == "json":
        out.write(to_json(gate_documents.diff_document(changes)))
        return 0
    gate_terminal.show_changes(changes, out)
    return 0


COMMAND = CliCommand(add_arguments, run)
