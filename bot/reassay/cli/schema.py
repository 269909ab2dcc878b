"""reassay schema."""

import argparse
from typing import TextIO

from reassay.cli._command import CliCommand

EPILOG = """\
collection (the default) is a file with lists of objects; the others are files with one object each
"""
OF = (
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
"""As in reassay.register.schema, which is imported only to make one; a test compares the two."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.add_argument("of", nargs="?", default=OF[0], choices=OF, metavar="KIND", help=f"one of: {', '.join(OF)}")


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Prints and exits 0."""
    import json

    from reassay.register.schema import schema_of

    del err
    out.write(json.dumps(schema_of(args.of), indent=2, ensure_ascii=False) + "\n")
    return 0


COMMAND = CliCommand(add_arguments, run, EPILOG)
