"""reassay schema."""

import argparse
from typing import TextIO

from reassay.cli.command_entry import CliCommand

EPILOG = """\
collection (the default) is a file with lists of objects; every other kind is a file with one object
"""
KINDS = (
    "collection",
    "mitigation",
    "deployment",
    "threat-model",
    "model",
    "commitment",
    "incident",
    "information-item",
    "risk-acceptance",
    "evidence-item",
    "delegation",
    "past-assessment",
    "configuration",
)
"""Kinds of reassay.register.schema, which is not imported before a schema is printed. A test compares both."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options of this command."""
    parser.add_argument(
        "of", nargs="?", default=KINDS[0], choices=KINDS, metavar="KIND", help=f"one of {', '.join(KINDS)}"
    )


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Prints one schema."""
    import json

    from reassay.register.schema import schema_of

    del err
    out.write(json.dumps(schema_of(args.of), indent=2, ensure_ascii=False) + "\n")
    return 0


COMMAND = CliCommand(add_arguments, run, EPILOG)
