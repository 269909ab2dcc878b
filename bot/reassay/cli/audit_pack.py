"""reassay audit-pack."""

import argparse
from typing import TextIO

from reassay.cli._command import CliCommand

EPILOG = """\
  reassay audit-pack --from DATE --to DATE DIR [PATH] [--sample N --seed S] [--anchor SEQ:DIGEST] [--trusted-key FILE]
  reassay audit-pack --check DIR [--anchor SEQ:DIGEST] [--trusted-key FILE]

DIR must be new or empty; it is written as a whole or not at all, and the same input gives the same bytes
PATH is a checkout that has the branch reassay-ledger or origin/reassay-ledger; nothing is fetched
exits 0 if all is fine, 1 if a figure differs or the ledger is not fine, 2 if no pack can be made
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.add_argument("dir", metavar="DIR", help="where the pack is written, or with --check the pack itself")
    parser.add_argument("path", nargs="?", default=".", metavar="PATH", help="a checkout of a framework repository (.)")
    parser.add_argument(
        "--from", dest="start", metavar="DATE", help="first day of the period, in the register's time zone"
    )
    parser.add_argument("--to", dest="end", metavar="DATE", help="its last day, included")
    parser.add_argument("--sample", type=int, metavar="N", help="draw N of the period's decisions")
    parser.add_argument("--seed", metavar="S", help="what the sample is drawn by: the same seed draws the same")
    parser.add_argument("--check", action="store_true", help="make every figure of a pack again from the pack alone")
    parser.add_argument(
        "--anchor",
        action="append",
        default=[],
        metavar="SEQ:DIGEST|FILE",
        help="an entry you have seen, kept outside of the repository, or a file of them; repeatable",
    )
    parser.add_argument(
        "--trusted-key",
        action="append",
        default=[],
        metavar="FILE|KEYID",
        help="a public key you had from its owner; repeatable",
    )


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Raises UsageError where no pack can be made, BrokenError of a ledger that does not hold."""
    if args.check:
        from reassay.audit.pack import check as _pack_check

        return _pack_check.run(args, out, err)
    from reassay.audit.pack import writer as _pack_writer

    return _pack_writer.run(args, out, err)


COMMAND = CliCommand(add_arguments, run, EPILOG)
