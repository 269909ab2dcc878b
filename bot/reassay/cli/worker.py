"""reassay worker."""

import argparse
from typing import TextIO

from reassay.cli.command_entry import CliCommand
from reassay.cli.hosting_options import EPILOG, add_options, ended, log_to, settings_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of this command."""
    add_options(parser)


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Runs until SIGTERM or SIGINT. Raises UsageError, DatabaseError."""
    settings = settings_of(args)
    from reassay.hosted.credentials import Credentials
    from reassay.hosted.engine import Engine, app_identity, hosted_database
    from reassay.hosted.web.process import until_signalled

    Credentials(settings.data).prepare()
    log_to(settings, err, quiet=args.quiet)
    with hosted_database(settings) as database:
        app = app_identity(settings)
        print("The worker is running." if app else "No App is set up yet; waiting for one.", file=out, flush=True)
        return ended(lambda: until_signalled(lambda stop: Engine(settings, database).run(stop)), out, err)


COMMAND = CliCommand(add_arguments, run, EPILOG)
