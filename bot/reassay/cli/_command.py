"""A command of the command line, and its entry in the list of all."""

import argparse
from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple, TextIO


class CliCommand(NamedTuple):
    """What one command takes and does."""

    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace, TextIO, TextIO], int]
    """Given what was parsed, standard output and standard error; returns the exit code. Raises ReassayError."""
    epilog: str | None = None
    """Ends its help."""


class CommandEntry(NamedTuple):
    """What `reassay --help` shows of a command, and where the rest of it is: imported only once it is chosen."""

    name: str
    help: str
    """A line, without capital and full stop."""
    module: str
    """The file beside this one."""

    def load(self) -> CliCommand:
        """The command itself. Raises TypeError if its module has none."""
        command = import_module(f"{__package__}.{self.module}").COMMAND
        if not isinstance(command, CliCommand):
            raise TypeError(f"COMMAND of {self.module} is no command")
        return command
