"""reassay commitments."""

import argparse
from typing import TYPE_CHECKING, TextIO

from reassay.cli.command_entry import CliCommand

if TYPE_CHECKING:
    from reassay.register.commitment_sets import CommitmentSet

EPILOG = """\
a set is data with sources, not legal advice: read the source, and have somebody who knows it adapt the set
add writes <register>/commitments/NAME.yml and changes nothing that exists; exits 1 if the register then has errors
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the subcommands `list`, `show` and `add`."""
    subparsers = parser.add_subparsers(dest="commitments_command", metavar="WHAT", required=True)
    listed = subparsers.add_parser("list", help="list the sets, with their clocks and how they were read")
    shown = subparsers.add_parser("show", help="print the file of a set")
    added = subparsers.add_parser("add", help="write the file of a set into the register")
    for subparser in (shown, added):
        subparser.add_argument("name", metavar="NAME", help="name of a set, as listed")
    added.add_argument("path", nargs="?", default=".", metavar="PATH", help="a checkout of a framework repository (.)")
    added.add_argument(
        "--owner", metavar="LOGIN", help="login or role that owns the commitments; `check` asks for it if left out"
    )
    added.add_argument("--assessor", metavar="LOGIN", help="login or role that assesses them; the owner if left out")
    for subparser in (listed, shown, added):
        quiet = "print only errors"
        subparser.add_argument("--quiet", "-q", action="store_true", default=argparse.SUPPRESS, help=quiet)


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Lists, prints or adds a set. Raises UsageError for an unknown name, and if something is there already."""
    from reassay.register.commitment_sets import NOT_ADVICE, SETS
    from reassay.register.files.commitment_sets import Responsible, text_of

    if args.commitments_command == "add":
        return _add(args, out, err)
    if args.commitments_command == "show":
        out.write(text_of(_set(args.name), Responsible()))
        return 0
    for own in SETS:
        print(f"{own.name}\n  {own.title}\n  {own.clocks}\n  read in: {own.how_read}\n", file=out)
    print(NOT_ADVICE, file=out)
    return 0


def _set(name: str) -> "CommitmentSet":
    from reassay.common.errors import UsageError
    from reassay.register.commitment_sets import BY_NAME
    from reassay.register.finding import did_you_mean

    if name not in BY_NAME:
        remedy = did_you_mean(name, sorted(BY_NAME)) or "To list the sets, run `reassay commitments list`."
        raise UsageError(f"there is no set {name!r}.", where="NAME", remedy=remedy)
    return BY_NAME[name]


def _add(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    from pathlib import Path

    from reassay.cli.check_findings import check_line
    from reassay.common.errors import UsageError
    from reassay.register.commitment_sets import NOT_ADVICE
    from reassay.register.files import WorkingTree, read_register
    from reassay.register.files.commitment_sets import Responsible, add
    from reassay.register.placeholders import OWNER_PLACEHOLDER

    own, root = _set(args.name), Path(args.path)
    if not root.is_dir():
        remedy = "Name a checkout of a framework repository."
        raise UsageError("there is no such folder.", where=args.path, remedy=remedy)
    responsible = Responsible.checked(args.owner or OWNER_PLACEHOLDER, args.assessor)
    path = add(own, responsible, read_register(WorkingTree(root)), root)
    after = read_register(WorkingTree(root))
    print(f"wrote  {path}\n\n{check_line(after)}", file=out)
    if not args.quiet:
        print(f"reassay: {NOT_ADVICE}", file=err)
    return int(bool(after.errors))


COMMAND = CliCommand(add_arguments, run, EPILOG)
