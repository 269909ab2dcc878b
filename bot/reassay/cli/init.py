"""reassay init."""

import argparse
from typing import TYPE_CHECKING, TextIO

from reassay.cli.command_entry import CliCommand
from reassay.cli.common_options import add_path

if TYPE_CHECKING:
    from pathlib import Path

    from reassay.register.files.scaffold import ScaffoldResult

PLACEHOLDER = "your-login"
FORMS_PAGE = "https://github.com/reassay/reassay/blob/main/docs/how-to/report-incidents.md"
EPILOG = "exits 1 if the register has errors, which only files that existed before can have\n"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of this command."""
    add_path(parser)
    parser.set_defaults(reads_repository=False)
    parser.add_argument(
        "--full",
        action="store_true",
        help="also write a configuration, an example of each kind of object, and schemas",
    )
    parser.add_argument("--owner", metavar="LOGIN", default=PLACEHOLDER, help="account that owns the first mitigations")
    parser.add_argument("--branch", default="main", help="default branch of the repository (main)")


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Writes missing files and lists them. Raises UsageError for an invalid folder, login or branch."""
    from pathlib import Path

    from reassay.common.calendar import local_date
    from reassay.common.clock import SystemClock
    from reassay.evidence.criterion_findings import with_target_findings
    from reassay.register.files import WorkingTree, read_register
    from reassay.register.files.scaffold import ScaffoldOptions, plan_files, write_files
    from reassay.register.views.summary import sentence

    del err
    root = Path(args.path)
    options = ScaffoldOptions.checked(root, args.owner, args.branch, _address(root))
    register = read_register(WorkingTree(root))
    today = local_date(SystemClock().now(), register.configuration.timezone)
    planned = plan_files(register, options, today, full=args.full)
    written = write_files(root, planned)
    for line in written.lines():
        print(line, file=out)
    after = with_target_findings(read_register(WorkingTree(root)))
    print(f"\nreassay check: {sentence(after)}\n\nNext:", file=out)
    for number, step in enumerate(_next_steps(args.owner, written), start=1):
        print(f"  {number}. {step}", file=out)
    return int(bool(after.errors))


def _address(root: "Path") -> str:
    """Host and path of the first remote of the repository; empty without one, and where git cannot say."""
    from reassay.common.errors import UpstreamError
    from reassay.git.git import Git
    from reassay.git.ledger_place import remote_address

    try:
        return remote_address(Git(root)) if root.is_dir() else ""
    except UpstreamError:
        return ""


def _next_steps(owner: str, written: "ScaffoldResult") -> list[str]:
    steps = []
    if written.wrote_register:
        steps.append("Replace the examples by your mitigations, and run `reassay check`.")
        if owner == PLACEHOLDER:
            steps.append(f"Replace {PLACEHOLDER} by the GitHub login of the owner.")
    steps.append("To see what is due, run `reassay status`; to see what comes, run `reassay plan --until DATE`.")
    steps.append(
        "Commit and push. On a public repository nothing is posted until the configuration has `publish: true`."
    )
    if written.wrote_forms:
        steps.append(
            "To have incidents read that people report with the forms, create two labels and name two sources:"
            f" {FORMS_PAGE}"
        )
    return steps


COMMAND = CliCommand(add_arguments, run, EPILOG)
