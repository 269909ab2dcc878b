"""reassay doctor."""

import argparse
import os
from typing import TextIO

from reassay.cli._command import CliCommand

EPILOG = """\
reads only. What the token may not see is said to be unknown, never to be fine: administration, secrets and actions: read
show all of it
exits 0 if nothing is weak, 1 if something is, 3 if GitHub could not be read
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.add_argument("--repo", required=True, metavar="OWNER/NAME", help="the framework repository")
    parser.add_argument("--api-url", metavar="URL", help="for GitHub Enterprise Server: https://HOST/api/v3")
    parser.add_argument("--server-url", metavar="URL", help="where git is, if not on the API's host")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="text is for people")


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Looks, and writes nothing anywhere. Raises UpstreamError."""
    from reassay.cli.remote import run_doctor
    from reassay.cli.settings import check_repository, read_settings
    from reassay.doctor import view as doctor_view

    settings = read_settings(os.environ, api_url=args.api_url, server_url=args.server_url)
    found = run_doctor(check_repository(args.repo), settings)
    if args.format == "json":
        out.write(doctor_view.document(found.repository, found.viewer, found.checks))
    else:
        doctor_view.show(found.repository, found.viewer, found.checks, out)
        if found.count("unknown") and not args.quiet:
            print("reassay: what is unknown may be weak; a token that may see more would tell", file=err)
    return int(found.count("weak") > 0)


COMMAND = CliCommand(add_arguments, run, EPILOG)
