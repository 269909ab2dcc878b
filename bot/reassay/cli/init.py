"""reassay init."""

import argparse
from typing import TextIO

from reassay.cli._command import CliCommand
from reassay.cli._options import add_path

PLACEHOLDER = "your-login"
EPILOG = "exits 1 if the register has errors afterwards, which can only be older ones\n"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    add_path(parser)
    parser.add_argument("--full", action="store_true", help="configuration, one example of each kind, form, schemas")
    parser.add_argument("--owner", metavar="LOGIN", default=PLACEHOLDER, help="account that owns the first mitigations")
    parser.add_argument("--branch", default="main", help="default branch of the repository (main)")


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Writes what is missing and says so. Raises UsageError for a folder or name that cannot be used."""
    from pathlib import Path

    from reassay.cli._init_files import Answers, plan_files, write_files
    from reassay.common.calendar import local_date
    from reassay.common.clock import SystemClock
    from reassay.register.files import WorkingTree, read_register
    from reassay.register.views.summary import sentence

    del err
    root = Path(args.path)
    answers = Answers.checked(root, args.owner, args.branch)
    register = read_register(WorkingTree(root))
    today = local_date(SystemClock().now(), register.configuration.timezone)
    planned = plan_files(register, answers, today, full=args.full)
    done = write_files(root, planned)
    for line in done.lines():
        print(line, file=out)
    after = read_register(WorkingTree(root))
    print(f"\nreassay check: {sentence(after)}\n\nNext:", file=out)
    for number, step in enumerate(_next_steps(args.owner, done.wrote_register), start=1):
        print(f"  {number}. {step}", file=out)
    return int(bool(after.errors))


def _next_steps(owner: str, wrote_register: bool) -> list[str]:  # noqa: FBT001 -- a fact, named at its only call
    steps = []
    if wrote_register:
        steps.append("Change the examples to what you have; `reassay check` says what is wrong.")
        if owner == PLACEHOLDER:
            steps.append(f"Replace {PLACEHOLDER} by the GitHub login of an owner.")
    steps.append("`reassay status` shows what is due, `reassay plan --until DATE` what comes.")
    steps.append("Commit and push. On a public repository nothing is posted until the settings say `publish: true`.")
    return steps


COMMAND = CliCommand(add_arguments, run, EPILOG)
