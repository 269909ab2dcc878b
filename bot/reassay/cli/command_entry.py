"""The types of a command of the command line and of its entry in the list of commands."""

import argparse
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import NamedTuple, TextIO


class CliCommand(NamedTuple):
    """A command: its arguments and the function that runs it."""

    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace, TextIO, TextIO], int]
    """Takes parsed arguments, standard output and standard error; returns the exit code. Raises ReassayError."""
    epilog: str | None = None
    """Text after the options in its help."""
    prepare: Callable[[Sequence[str]], Sequence[str]] = list
    """Makes of the words after the command's name those that are parsed."""


class CommandEntry(NamedTuple):
    """A line of `reassay --help`, and the module of the command, which is imported when the command is chosen."""

    name: str
    help: str
    """One line, without capital and full stop."""
    module: str
    """Name of its file in this package, without `.py`."""

    def load(self) -> CliCommand:
        """Imports and returns the command. Raises TypeError if COMMAND of its module is of another type."""
        command = import_module(f"{__package__}.{self.module}").COMMAND
        if not isinstance(command, CliCommand):
            raise TypeError(f"COMMAND of {self.module} is not a CliCommand")
        return command
