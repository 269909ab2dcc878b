"""reassay doctor."""

import argparse
import os
from typing import TextIO

from reassay.cli.command_entry import CliCommand

EPILOG = """\
reads only. A setting that the token cannot read is reported as unknown, never as fine; the permissions administration: read,
secrets: read and actions: read show all of them
exits 0 if no check is weak, 1 if one is, 3 if GitHub could not be read
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of this command."""
    parser.add_argument("--repo", required=True, metavar="OWNER/NAME", help="the framework repository")
    parser.add_argument("--api-url", metavar="URL", help="for GitHub Enterprise Server: https://HOST/api/v3")
    parser.add_argument("--server-url", metavar="URL", help="address of the git server, if not the host of the API")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text is for people")


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Examines one repository and writes nothing. Raises UpstreamError."""
    from reassay.cli.remote import run_doctor
    from reassay.cli.settings import check_repository, read_settings
    from reassay.doctor import view as doctor_view

    settings = read_settings(os.environ, api_url=args.api_url, server_url=args.server_url)
    diagnosis = run_doctor(check_repository(args.repo), settings)
    if args.format == "json":
        out.write(doctor_view.document(diagnosis.repository, diagnosis.viewer, diagnosis.checks))
    else:
        doctor_view.show(diagnosis.repository, diagnosis.viewer, diagnosis.checks, out)
        if diagnosis.count("unknown") and not args.quiet:
            print(
                "reassay: an unknown setting may be weak; to check it, use a token with more read permissions", file=err
            )
    return int(diagnosis.count("weak") > 0)


COMMAND = CliCommand(add_arguments, run, EPILOG)
