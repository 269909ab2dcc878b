"""reassay action."""

import argparse
import os
from typing import TextIO

from reassay.cli._command import CliCommand


def add_arguments(_parser: argparse.ArgumentParser) -> None:
    """None: everything comes by the environment, so that no untrusted text stands on a command line."""


def run(_args: argparse.Namespace, out: TextIO, err: TextIO) -> int:
    """The exit code of the step."""
    from reassay.cli.action_entry import main

    return main(os.environ, out, err)


COMMAND = CliCommand(add_arguments, run)
