"""reassay signals status."""

import argparse
from typing import Final, TextIO

from reassay import __version__
from reassay.cli.common_options import add_at, add_path

STATUS: Final = "status"
STATUS_HELP: Final = "list the sources of signals with their health, and what waits for triage, from the ledger"
STATUS_EPILOG: Final = """\
exits 1 if a source failed, was never read, or is silent, and if the register or its configuration cannot be read
"""


def add_status_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of this subcommand."""
    add_path(parser)
    add_at(parser)
    parser.add_argument("--all", action="store_true", help="list every received signal by its id")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text is for people")
    parser.add_argument("--quiet", "-q", action="store_true", default=argparse.SUPPRESS, help="print only errors")


def run_status(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Exits 1 if a source cannot be relied on, or what the register says cannot be read whole."""
    from reassay.assessment.source_states import unwell_sources
    from reassay.assessment.views.sources import sources_document, sources_text
    from reassay.cli.checkout import open_checkout, refuse_without_register, say_missing_ledger

    checkout = open_checkout(args, err)
    refuse_without_register(checkout, args)
    say_missing_ledger(checkout, args.format, out, err)
    inputs = checkout.assessment_input
    if args.format == "json":
        out.write(sources_document(inputs, checkout.provenance(__version__)))
    else:
        out.writelines(f"{line}\n" for line in sources_text(inputs, lists_all=args.all))
    if args.format == "text" and checkout.unreadable_words:
        out.write(f"{checkout.unreadable_words}. To see why, run `reassay check`.\n")
    return int(bool(unwell_sources(inputs)) or bool(checkout.unreadable_words))
