"""reassay check."""

import argparse
from typing import TYPE_CHECKING, TextIO

from reassay.cli.command_entry import CliCommand
from reassay.cli.common_options import add_at, add_path

if TYPE_CHECKING:
    from reassay.register.register import Register

EPILOG = """\
exits 1 if there are errors (with --strict: or warnings), 2 if there is no register
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


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Exits 1 on errors (with --strict also on warnings). Raises UsageError if there is no register."""
    from pathlib import Path

    from reassay.common.errors import UsageError
    from reassay.evidence.criterion_bounds import criterion_needs
    from reassay.evidence.views.criterion_needs import needs_document, needs_text
    from reassay.register.files import WorkingTree, read_register
    from reassay.register.files.reader import NO_REGISTER
    from reassay.register.views import annotations, sarif, terminal

    del err
    root = Path(args.path)
    if not root.is_dir():
        raise UsageError(
            "there is no such folder.", where=args.path, remedy="Name a checkout of a framework repository."
        )
    tree = WorkingTree(root)
    register = _with_findings(read_register(tree), args.at)
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


def _with_findings(register: "Register", at: str | None) -> "Register":
    """The register, with the findings that depend on the date, and those about targets, added."""
    from dataclasses import replace

    from reassay.common.calendar import local_date
    from reassay.common.instants import instant_or_now
    from reassay.evidence.criterion_findings import with_target_findings
    from reassay.register.lint.dates import dated_findings

    timezone = register.configuration.timezone
    dated = dated_findings(register, local_date(instant_or_now(at, timezone), timezone))
    return with_target_findings(replace(register, findings=(*register.findings, *dated)))


COMMAND = CliCommand(add_arguments, run, EPILOG)
