"""reassay worker."""

import argparse
from typing import TextIO

from reassay.cli._hosting import EPILOG as _EPILOG
from reassay.cli._hosting import add_options, ended, log_to, settings_of

NAME = "worker"
HELP = "one more process that does the hosted App's jobs, on this machine or on another one"
EPILOG = _EPILOG


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    add_options(parser)


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Until it is told to stop. Raises UsageError, DatabaseError."""
    settings = settings_of(args)
    from reassay.hosted.credentials import Credentials
    from reassay.hosted.engine import Engine, hosted_database, identity
    from reassay.hosted.web.process import until_signalled

    Credentials(settings.data).prepare()
    log_to(settings, err, quiet=args.quiet)
    with hosted_database(settings) as database:
        found = identity(settings)
        print("reassay works" if found else "No App is set up yet; waiting for one.", file=out, flush=True)
        return ended(lambda: until_signalled(lambda stop: Engine(settings, database).run(stop)), out, err)
