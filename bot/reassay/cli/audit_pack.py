"""reassay audit-pack."""

import argparse
from typing import TextIO

from reassay.cli.command_entry import CliCommand
from reassay.cli.common_options import add_path

EPILOG = """\
DIR must be new or empty; it is written completely or not at all, and the same input gives the same bytes
PATH is a checkout with the branch reassay-ledger, of any remote or local; nothing is fetched
exits 0 if everything is valid, 1 if a figure differs or the ledger is invalid, 2 if no pack can be written
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of this command."""
    parser.add_argument("dir", metavar="DIR", help="folder to write the pack to; with --check the folder of the pack")
    add_path(parser)
    parser.add_argument(
        "--from", dest="start", metavar="DATE", help="first day of the period, in the register's time zone"
    )
    parser.add_argument("--to", dest="end", metavar="DATE", help="last day of the period, inclusive")
    parser.add_argument("--sample", type=int, metavar="N", help="draw N of the period's decisions")
    parser.add_argument("--seed", metavar="S", help="seed of the sample: the same seed draws the same decisions")
    parser.add_argument("--check", action="store_true", help="recompute every figure of a pack from the pack alone")
    parser.add_argument(
        "--anchor",
        action="append",
        default=[],
        metavar="SEQ:DIGEST|FILE",
        help="a ledger entry you noted earlier and kept outside of the repository, or a file of them; repeatable",
    )
    parser.add_argument(
        "--trusted-key",
        action="append",
        default=[],
        metavar="FILE|KEYID",
        help="a public key that you got from its owner; repeatable",
    )


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Writes or checks a pack. Raises UsageError if no pack can be written, BrokenLedgerError if the ledger is invalid."""
    if args.check:
        from reassay.audit.pack import check

        return check.run(args, out, err)
    from reassay.audit.pack import writer

    return writer.run(args, out, err)


COMMAND = CliCommand(add_arguments, run, EPILOG)
