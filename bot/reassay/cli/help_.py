"""reassay help."""

import argparse
from typing import TextIO

from reassay.cli.command_entry import CliCommand


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the name of a command."""
    parser.add_argument("about", nargs="*", metavar="COMMAND", help="a command, with a subcommand of it if it has some")


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Prints the help of the program or of a command. Raises UsageError for a command that does not exist."""
    del err
    from reassay.cli import build_parser

    parser = build_parser(next(iter(args.about), ""))
    for name in args.about:
        parser = _part(parser, name)
    out.write(parser.format_help())
    return 0


def _part(parser: argparse.ArgumentParser, name: str) -> argparse.ArgumentParser:
    from reassay.cli.completion import subcommands
    from reassay.common.errors import UsageError
    from reassay.register.finding import did_you_mean

    parts = subcommands(parser)
    if name not in parts:
        remedy = f"{did_you_mean(name, parts)} To list them, run `reassay help`.".strip()
        raise UsageError(f"'{name}' is not a command of `{parser.prog}`.", remedy=remedy)
    return parts[name]


COMMAND = CliCommand(add_arguments, run)
