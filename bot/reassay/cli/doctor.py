"""reassay doctor."""

import argparse
import os
from typing import TextIO

from reassay.cli.command_entry import CliCommand

EPILOG = """\
reads only. A setting that the token cannot read is reported as unknown, never as fine; the permissions administration: read,
secrets: read and actions: read show all of them
with --server it looks at a server of the hosted App as GitHub and browsers reach it; where the server's data folder or
variables are, it also compares the App's webhook, rights and ledger keys
to protect both branches: reassay doctor --repo OWNER/NAME --ruleset ledger > ledger.json, the same with default, and import each
file under Settings, Rules, Rulesets, New ruleset, Import a ruleset
exits 0 if no check is weak, 1 if one is, 3 if GitHub could not be read
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of this command."""
    parser.add_argument("--repo", metavar="OWNER/NAME", help="the framework repository")
    parser.add_argument(
        "--server", nargs="?", const="", metavar="URL", help="a server of the hosted App (REASSAY_PUBLIC_URL)"
    )
    parser.add_argument("--data-dir", metavar="FOLDER", help="with --server: the server's data folder, if it is here")
    parser.add_argument("--api-url", metavar="URL", help="for GitHub Enterprise Server: https://HOST/api/v3")
    parser.add_argument("--server-url", metavar="URL", help="address of the git server, if not the host of the API")
    parser.add_argument(
        "--ruleset",
        choices=("default", "ledger"),
        help="print a ruleset in JSON, to import on GitHub: for the default branch, or for the branch of the ledger",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text is for people")


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Examines one repository or one server and writes nothing. Raises UpstreamError, UsageError."""
    from reassay.common.errors import UsageError

    if (args.repo is None) == (args.server is None):
        raise UsageError("name either a repository or a server.", remedy="Write --repo OWNER/NAME or --server URL.")
    if args.ruleset and args.server is not None:
        raise UsageError(
            "a ruleset is for a repository.", where="--ruleset", remedy="Write --repo instead of --server."
        )
    return _repository(args, out, err) if args.server is None else _server(args, out)


def _repository(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    from reassay.cli.remote import run_doctor
    from reassay.cli.settings import check_repository, read_settings
    from reassay.common.json_text import to_json
    from reassay.doctor import view as doctor_view
    from reassay.doctor.rulesets import ruleset

    settings = read_settings(os.environ, api_url=args.api_url, server_url=args.server_url)
    diagnosis = run_doctor(check_repository(args.repo), settings)
    if args.ruleset:
        out.write(to_json(ruleset(args.ruleset, diagnosis.branch, diagnosis.configuration)))
        return 0
    if args.format == "json":
        out.write(doctor_view.document(diagnosis.repository, diagnosis.viewer, diagnosis.checks))
    else:
        doctor_view.show(diagnosis.repository, diagnosis.viewer, diagnosis.checks, out)
        if diagnosis.count("unknown") and not args.quiet:
            print(
                "reassay: an unknown setting may be weak; to check it, use a token with more read permissions", file=err
            )
    return int(diagnosis.count("weak") > 0)


def _server(args: argparse.Namespace, out: TextIO) -> int:
    from reassay.cli.hosting_options import hosting_settings
    from reassay.common.clock import SystemClock
    from reassay.doctor import view as doctor_view

    options = {"data-dir": args.data_dir, "github-url": args.server_url, "api-url": args.api_url}
    settings = hosting_settings({name: value for name, value in options.items() if value})
    from reassay.hosted.checks.server_doctor import diagnose_server, server_url

    diagnosis = diagnose_server(settings, server_url(settings, args.server), SystemClock())
    if args.format == "json":
        out.write(doctor_view.server_document(diagnosis.url, diagnosis.checks))
    else:
        doctor_view.show_checks(diagnosis.url, "checked from outside", diagnosis.checks, out)
    if any(check.standing == "weak" for check in diagnosis.checks):
        return 1
    return 0 if diagnosis.is_github_read else 3


COMMAND = CliCommand(add_arguments, run, EPILOG)
