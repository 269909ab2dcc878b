"""reassay serve."""

import argparse
from typing import TYPE_CHECKING, TextIO

from reassay.cli.command_entry import CliCommand
from reassay.cli.hosting_options import EPILOG, add_options, ended, log_to, settings_of

if TYPE_CHECKING:
    from reassay.hosted.settings import HostingSettings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of this command."""
    add_options(
        parser,
        ("host", "ADDRESS", "address to listen on (127.0.0.1); another one works only once the App exists"),
        ("port", "N", "port to listen on (8321)"),
        ("public-url", "URL", "public https address of this server, where GitHub and people reach it"),
        (
            "operators",
            "LOGINS",
            "accounts that may see failed deliveries and metrics: logins, ids or login#id; digits are ids",
        ),
        ("heartbeat-url", "URL", "requested every minute while all background tasks run (a dead man's switch)"),
    )
    parser.add_argument(
        "--check", action="store_true", help="check settings, data folder, database, port and keys, then exit"
    )
    parser.add_argument(
        "--export-secrets", metavar="DIR", help="write the App and its keys as files for deploy/compose.yml, then exit"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="with --check: text is for people")


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Runs until SIGTERM or SIGINT, or checks or exports and exits. Raises UsageError, DatabaseError."""
    settings = settings_of(args)
    if args.check:
        return _check(settings, out, is_json=args.format == "json")
    if args.export_secrets:
        return _export(settings, args.export_secrets, out)
    from reassay.common.clock import SystemClock
    from reassay.hosted.credentials import Credentials
    from reassay.hosted.engine import hosted_database
    from reassay.hosted.web.process import HostedServer, listen, until_signalled

    Credentials(settings.data).prepare()
    log_to(settings, err, quiet=args.quiet)

    def print_line(line: str) -> None:
        print(line, file=out, flush=True)

    with listen(settings) as listening, hosted_database(settings) as database:
        server = HostedServer(settings, database, SystemClock(), print_line)
        return ended(lambda: until_signalled(lambda stop: server.run(stop, listening)), out, err)


def _check(settings: "HostingSettings", out: TextIO, *, is_json: bool) -> int:
    """Exits 0 if nothing is weak, otherwise 1."""
    from reassay.common.clock import SystemClock
    from reassay.doctor import view as doctor_view
    from reassay.hosted.checks.machine import machine_checks

    checks = machine_checks(settings, SystemClock().now())
    if is_json:
        out.write(doctor_view.server_document(settings.base_url, checks))
    else:
        doctor_view.show_checks(settings.base_url, "checked before a start", checks, out)
    return int(any(check.standing == "weak" for check in checks))


def _export(settings: "HostingSettings", folder: str, out: TextIO) -> int:
    from pathlib import Path

    from reassay.hosted.export import export_secrets

    written = export_secrets(settings, Path(folder))
    print("\n".join(map(str, written)) or f"{folder} has every secret already.", file=out)
    return 0


COMMAND = CliCommand(add_arguments, run, EPILOG)
