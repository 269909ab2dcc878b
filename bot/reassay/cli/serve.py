"""reassay serve."""

import argparse
from typing import TextIO

from reassay.cli.command_entry import CliCommand
from reassay.cli.hosting_options import EPILOG, add_options, ended, log_to, settings_of


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


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Runs until SIGTERM or SIGINT. Raises UsageError, DatabaseError."""
    settings = settings_of(args)
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


COMMAND = CliCommand(add_arguments, run, EPILOG)
