"""reassay mcp."""

import argparse
from typing import TextIO

from reassay.cli.command_entry import CliCommand
from reassay.cli.common_options import add_path

EPILOG = """\
speaks the Model Context Protocol on standard input and output until the input ends; a client of that protocol starts it
needs the package mcp: pip install "reassay[mcp]", or with pipx: pipx inject reassay mcp
it answers questions about this one checkout, as it is at each question, writes nothing and uses no network
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds PATH."""
    add_path(parser)


def run(args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """Serves one client. Raises UsageError without the package, and where there is no folder."""
    del out, err
    from pathlib import Path

    from reassay.common.errors import UsageError

    try:
        import mcp  # noqa: F401 -- whether it is there
    except ImportError:
        remedy = 'Run `pip install "reassay[mcp]"`; with pipx, `pipx inject reassay mcp`.'
        raise UsageError("the package mcp is not installed.", remedy=remedy) from None
    if not Path(args.path).is_dir():
        raise UsageError(
            "there is no such folder.", where=args.path, remedy="Name a checkout of a framework repository."
        )
    from reassay.cli.mcp_server.server import serve

    serve(args.path)
    return 0


COMMAND = CliCommand(add_arguments, run, EPILOG)
