"""reassay signals."""

import argparse
from typing import TextIO

from reassay.cli.command_entry import CliCommand
from reassay.cli.signals_read import READ, READ_EPILOG, READ_HELP, add_read_arguments, run_read
from reassay.cli.signals_replay import REPLAY, REPLAY_EPILOG, REPLAY_HELP, add_replay_arguments, run_replay
from reassay.cli.signals_status import STATUS, STATUS_EPILOG, STATUS_HELP, add_status_arguments, run_status
from reassay.cli.signals_tune import TUNE, TUNE_EPILOG, TUNE_HELP, add_tune_arguments, run_tune

EPILOG = """\
nothing is recorded; a sweep reads the sources and records what they give
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the subcommands."""
    subparsers = parser.add_subparsers(dest="signals_command", metavar="WHAT", required=True)
    for name, text, epilog, add in (
        (STATUS, STATUS_HELP, STATUS_EPILOG, add_status_arguments),
        (READ, READ_HELP, READ_EPILOG, add_read_arguments),
        (REPLAY, REPLAY_HELP, REPLAY_EPILOG, add_replay_arguments),
        (TUNE, TUNE_HELP, TUNE_EPILOG, add_tune_arguments),
    ):
        add(
            subparsers.add_parser(
                name,
                help=text,
                description=text[:1].upper() + text[1:] + ".",
                epilog=epilog,
            )
        )


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Runs a subcommand. Raises UsageError, UpstreamError."""
    runs = {
        READ: lambda: run_read(args, out),
        STATUS: lambda: run_status(args, out, err),
        REPLAY: lambda: run_replay(args, out, err),
        TUNE: lambda: run_tune(args, out),
    }
    return runs[args.signals_command]()


COMMAND = CliCommand(add_arguments, run, EPILOG)
