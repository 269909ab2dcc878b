"""reassay check."""

import argparse
from typing import TYPE_CHECKING, TextIO

from reassay.cli._command import CliCommand
from reassay.cli._options import add_at, add_path

if TYPE_CHECKING:
    from reassay.register.register import Register

EPILOG = """\
exits 1 if there are errors (with --strict: or warnings), 2 if there is no register
the github format prints annotations for a workflow's log, sarif is for code-scanning pages and editors
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    add_path(parser)
    add_at(parser)
    parser.add_argument(
        "--format", choices=("text", "json", "github", "sarif"), default="text", help="text is for people"
    )
    parser.add_argument("--strict", action="store_true", help="exit 1 on warnings, too")


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Exit 1 on findings that count. Raises UsageError where there is nothing to check."""
    from pathlib import Path

    from reassay.common.errors import UsageError
    from reassay.register.files import WorkingTree, read_register
    from reassay.register.files.reader import NO_REGISTER
    from reassay.register.views import annotations as _check_documents
    from reassay.register.views import sarif as _check_sarif
    from reassay.register.views import terminal as _check_text

    del err
    root = Path(args.path)
    if not root.is_dir():
        raise UsageError(
            "there is no such folder.", where=args.path, remedy="Name a checkout of a framework repository."
        )
    tree = WorkingTree(root)
    register = _dated(read_register(tree), args.at)
    absent = next((each for each in register.findings if each.code == NO_REGISTER), None)
    if absent is not None and len(register.findings) == 1:
        raise UsageError(f"{absent.message}.", where=args.path, remedy=absent.remedy)
    match args.format:
        case "json":
            out.write(_check_documents.as_json(register))
        case "github":
            out.write(_check_documents.as_annotations(register, args.path))
        case "sarif":
            out.write(_check_sarif.as_sarif(register, args.path))
        case _:
            _check_text.show(register, tree, out)
    counted = register.findings if args.strict else register.errors
    return 2 if absent is not None else int(bool(counted))


def _dated(register: "Register", at: str | None) -> "Register":
    """The register with the findings that need to know what day it is."""
    from dataclasses import replace

    from reassay.common.calendar import local_date
    from reassay.common.instants import instant_or_now
    from reassay.register.lint.dates import dated_findings

    timezone = register.configuration.timezone
    found = dated_findings(register, local_date(instant_or_now(at, timezone), timezone))
    return replace(register, findings=tuple(sorted((*register.findings, *found), key=lambda each: each.at)))


COMMAND = CliCommand(add_arguments, run, EPILOG)
