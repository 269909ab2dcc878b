"""The console of terminal output. Untrusted text is printed as text, never as console markup."""

import os
import re
from typing import Final, TextIO, cast

from rich.console import Console

PIPED_WIDTH: Final = 120
"""Columns of output to a pipe or a file."""
TEXT_WIDTH: Final = 80
"""Columns of running text at most."""
_BLANKS: Final = re.compile(r" +$", re.MULTILINE)


def console(out: TextIO) -> Console:
    """A console with colours on a terminal only; it respects NO_COLOR (https://no-color.org)."""
    return Console(
        file=out if out.isatty() else cast("TextIO", _Unpadded(out)),
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=False,
        width=None if out.isatty() else PIPED_WIDTH,
        no_color="NO_COLOR" in os.environ or None,
    )


def text_width(screen: Console) -> int:
    """Columns of running text on this console: `TEXT_WIDTH`, or fewer on a narrow terminal."""
    return min(screen.width, TEXT_WIDTH)


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
