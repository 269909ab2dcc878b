"""The console of terminal output. Untrusted text is printed as text, never as console markup."""

import os
import re
from typing import TYPE_CHECKING, Final, TextIO, cast

if TYPE_CHECKING:
    from rich.console import Console

PIPED_WIDTH: Final = 120
"""Columns of output to a pipe or a file."""
TEXT_WIDTH: Final = 80
"""Columns of running text at most."""
_BLANKS: Final = re.compile(r" +$", re.MULTILINE)


Styled = tuple[str, str]
"""A piece of a line and its style; "" is plain."""


def console(out: TextIO) -> "Console":
    """A console with colours on a terminal only; it respects NO_COLOR (https://no-color.org)."""
    from reassay.common.rich_console import CommandConsole  # noqa: PLC0415 -- lines to a pipe are written without it

    return CommandConsole(
        file=out if out.isatty() else cast("TextIO", _Unpadded(out)),
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=False,
        width=None if out.isatty() else PIPED_WIDTH,
        no_color="NO_COLOR" in os.environ or None,
    )


def text_width(screen: "Console") -> int:
    """Columns of running text on this console: `TEXT_WIDTH`, or fewer on a narrow terminal."""
    return min(screen.width, TEXT_WIDTH)


class LineWriter:
    """Writes lines of styled pieces to a pipe or a file, without styles."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    @property
    def text_width(self) -> int:
        """Columns of running text."""
        return TEXT_WIDTH

    def write(self, *pieces: Styled) -> None:
        """Writes one line; without pieces an empty one."""
        self._out.write("".join(text for text, _ in pieces) + "\n")


class _TerminalWriter(LineWriter):
    """Writes them to a terminal."""

    def __init__(self, out: TextIO) -> None:
        super().__init__(out)
        self._screen = console(out)

    @property
    def text_width(self) -> int:
        return text_width(self._screen)

    def write(self, *pieces: Styled) -> None:
        from rich.text import Text  # noqa: PLC0415 -- see above

        self._screen.print(Text.assemble(*pieces), soft_wrap=True)


def line_writer(out: TextIO) -> LineWriter:
    """A writer of lines with colours on a terminal only."""
    return _TerminalWriter(out) if out.isatty() else LineWriter(out)


class _Unpadded:
    """A pipe or a file that is written without the blanks with which Rich fills up lines."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, text: str) -> int:
        """Writes whole lines."""
        return self._out.write(_BLANKS.sub("", text))

    def flush(self) -> None:
        """Passes it on."""
        self._out.flush()

    def isatty(self) -> bool:
        """False: a terminal is written to directly."""
        return False
