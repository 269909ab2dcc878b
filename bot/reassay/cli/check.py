"""reassay check."""

import argparse
from typing import TYPE_CHECKING, TextIO

from reassay.cli.command_entry import CliCommand
from reassay.cli.common_options import add_at, add_path

if TYPE_CHECKING:
    from pathlib import Path

    from reassay.register.files import WorkingTree
    from reassay.register.register import Register

EPILOG = """\
exits 1 if there are errors (with --strict: or warnings) that --fix did not correct, 2 if there is no register
--fix changes nothing but the exact place, never the configuration, and only where the register then has fewer findings
--format github prints annotations for the log of a workflow; sarif is for code scanning and editors
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of this command."""
    add_path(parser)
    add_at(parser)
    parser.add_argument(
        "--format", choices=("text", "json", "github", "sarif"), default="text", help="text is for people"
    )
    parser.add_argument("--strict", action="store_true", help="exit 1 on warnings too")
    parser.add_argument(
        "--fix",
        action="store_true",
        help="correct what can only have been meant one way (dates, an @ before a login, tabs, slips in keys), and show it",
    )
    parser.add_argument("--dry-run", action="store_true", help="with --fix: show the corrections and write nothing")


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Exits 1 on errors (with --strict also on warnings). Raises UsageError if there is no register."""
    from pathlib import Path

    from reassay.cli.check_findings import with_check_findings
    from reassay.common.errors import UsageError
    from reassay.evidence.criterion_bounds import criterion_needs
    from reassay.evidence.views.criterion_needs import needs_document, needs_text
    from reassay.register.files import WorkingTree, read_register
    from reassay.register.files.reader import NO_REGISTER
    from reassay.register.views import annotations, sarif, terminal

    del err
    _refuse_odd_options(args)
    root = Path(args.path)
    if not root.is_dir():
        raise UsageError(
            "there is no such folder.", where=args.path, remedy="Name a checkout of a framework repository."
        )
    tree = WorkingTree(root)
    register = _fixed(root, tree, args, out) if args.fix else with_check_findings(read_register(tree), args.at)
    needs = tuple(criterion_needs(register))
    absent = next((finding for finding in register.findings if finding.code == NO_REGISTER), None)
    if absent is not None and len(register.findings) == 1:
        raise UsageError(f"{absent.message}.", where=args.path, remedy=absent.remedy)
    match args.format:
        case "json":
            out.write(annotations.as_json(register, needs_document(needs)))
        case "github":
            out.write(annotations.as_annotations(register, args.path))
        case "sarif":
            out.write(sarif.as_sarif(register, args.path))
        case _:
            terminal.show(register, tree, out)
            out.write(needs_text(needs))
    counted = register.findings if args.strict else register.errors
    return 2 if absent is not None else int(bool(counted))


def _refuse_odd_options(args: argparse.Namespace) -> None:
    from reassay.common.errors import UsageError

    if args.dry_run and not args.fix:
        raise UsageError(
            "it is only valid with --fix.", where="--dry-run", remedy="`reassay check` alone writes nothing."
        )
    if args.fix and args.format != "text":
        raise UsageError(
            f"it is not valid with --format {args.format}.", where="--fix", remedy="Leave out one of them."
        )


def _fixed(root: "Path", tree: "WorkingTree", args: argparse.Namespace, out: TextIO) -> "Register":
    """The register after fixes, which are printed and, without --dry-run, written; before them with --dry-run."""
    from reassay.changes.guarded_paths import is_guarded
    from reassay.cli.check_findings import with_check_findings
    from reassay.register.files import read_register
    from reassay.register.files.fixing import fixed_register, write_fixed
    from reassay.register.finding import inert

    fixed = fixed_register(tree, lambda files: with_check_findings(read_register(files), args.at), is_guarded)
    for file in fixed.files:
        for line in file.diff().splitlines():
            print(inert(line), file=out)
    for finding in fixed.left_alone:
        place = f"{finding.at.path}:{finding.at.line}"
        print(inert(f"{place} belongs to the policy and is left alone: {finding.message}. {finding.remedy}"), file=out)
    if fixed.files or fixed.left_alone:
        print(file=out)
    if args.dry_run:
        return with_check_findings(read_register(tree), args.at)
    write_fixed(root, fixed.files)
    return fixed.register


COMMAND = CliCommand(add_arguments, run, EPILOG)
