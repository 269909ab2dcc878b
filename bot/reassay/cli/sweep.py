"""reassay sweep."""

import argparse
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO

from reassay.cli.command_entry import CliCommand

if TYPE_CHECKING:
    from reassay.sweep.report import Report

EPILOG = (
    "The token is read from GITHUB_TOKEN. It needs contents: write (the branches of the ledger and the dashboard), issues: write,"
    " pull-requests: write (the first contact) and checks: write (the merge gate)."
)

FAIL_ON = ("overdue", "ineffective", "any")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of this command."""
    parser.add_argument("--repo", action="append", required=True, metavar="OWNER/NAME", help="repeatable")
    parser.add_argument("--dry-run", action="store_true", help="list what would be done and write nothing")
    parser.add_argument("--assess", metavar="MITIGATION", help="open a re-assessment of this mitigation now")
    parser.add_argument("--because", metavar="REASON", help="reason for it; required with --assess")
    parser.add_argument("--api-url", metavar="URL", help="for GitHub Enterprise Server: https://HOST/api/v3")
    parser.add_argument("--server-url", metavar="URL", help="address of the git server, if not the host of the API")
    parser.add_argument(
        "--fail-on",
        choices=FAIL_ON,
        help=(
            "exit 1 if any cell is overdue or its deployment was ordered to be restricted or withdrawn (overdue), was last"
            " found ineffective (ineffective), or has anything wrong (any)"
        ),
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text is for people")


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Sweeps one repository after the other. A failure is reported and does not stop the others."""
    from reassay.cli.remote import run_sweep
    from reassay.cli.settings import check_repository, read_settings
    from reassay.common.errors import ReassayError, UsageError
    from reassay.sweep.interpreters import Budget
    from reassay.sweep.options import AssessmentRequest, Options
    from reassay.sweep.report import Report
    from reassay.sweep.views.report import as_document, as_text

    if bool(args.assess) != bool(args.because):
        raise UsageError(
            "--assess and --because are only valid together.", remedy='Write --assess ID --because "what happened".'
        )
    repositories = [check_repository(name) for name in dict.fromkeys(args.repo)]
    settings = read_settings(os.environ, api_url=args.api_url, server_url=args.server_url)
    budget = Budget()
    reports: list[Report] = []
    for name in repositories:
        progress = _progress(name, args, err)
        request = AssessmentRequest(args.assess, args.because) if args.assess else None
        options = Options(dry_run=args.dry_run, request=request)
        try:
            reports.append(run_sweep(name, settings, options, budget, progress))
        except ReassayError as error:
            if len(repositories) == 1:
                raise
            reports.append(Report.failed(name, (), error, dry_run=args.dry_run))
    if args.format == "json":
        out.write(as_document(reports))
    else:
        out.writelines(as_text(report) for report in reports)
    return _exit_code(reports, args)


def _progress(name: str, args: argparse.Namespace, err: TextIO) -> Callable[[str], None]:
    def print_line(line: str) -> None:
        # The report of a dry run lists the actions itself.
        is_listed = args.dry_run and args.format == "text" and line.startswith("would ")
        if not args.quiet and not is_listed:
            print(f"{name}: {line}", file=err, flush=True)

    return print_line


def _exit_code(reports: "list[Report]", args: argparse.Namespace) -> int:
    if any(report.problems for report in reports):
        return 3
    has_errors = any(report.assessment_input and report.assessment_input.register.errors for report in reports)
    has_errors = has_errors or any(report.unreadable or report.sources for report in reports)
    is_wrong = any(args.fail_on in cell.conditions for report in reports for cell in report.cells)
    return int(has_errors or is_wrong)


COMMAND = CliCommand(add_arguments, run, EPILOG)
