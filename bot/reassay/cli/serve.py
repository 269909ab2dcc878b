"""reassay serve."""

import argparse
from typing import TextIO

from reassay.cli._hosting import EPILOG as _EPILOG
from reassay.cli._hosting import add_options, ended, log_to, settings_of

NAME = "serve"
HELP = "the hosted App: takes GitHub's deliveries, does the jobs, shows a set-up page where there is no App yet"
EPILOG = _EPILOG


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    add_options(
        parser,
        ("host", "ADDRESS", "where to listen (127.0.0.1); another one needs an App that people can sign in with"),
        ("port", "N", "where to listen (8321)"),
        ("public-url", "URL", "where GitHub and people find it, through a proxy that speaks https"),
        ("operators", "LOGINS", "accounts that see dead letters and figures of everything"),
        ("heartbeat-url", "URL", "asked every minute while all is well, so that silence is noticed"),
    )


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Until it is told to stop. Raises UsageError, DatabaseError."""
    settings = settings_of(args)
    from reassay.common.clock import SystemClock
    from reassay.hosted.credentials import Credentials
    from reassay.hosted.engine import hosted_database
    from reassay.hosted.web.process import Serving, listen, until_signalled

    Credentials(settings.data).prepare()
    log_to(settings, err, quiet=args.quiet)

    def say(line: str) -> None:
        print(line, file=out, flush=True)

    with listen(settings) as listening, hosted_database(settings) as database:
        serving = Serving(settings, database, SystemClock(), say)
        return ended(lambda: until_signalled(lambda stop: serving.run(stop, listening)), out, err)
