"""Rich's console, imported only where something is drawn with it."""

from typing import NoReturn

from rich.console import Console


class CommandConsole(Console):
    """A console that leaves a broken pipe to the command line, which ends well.

    Rich itself would exit with 1, as if something were wrong with the register.
    """

    def on_broken_pipe(self) -> NoReturn:
        """Raises BrokenPipeError."""
        raise BrokenPipeError
