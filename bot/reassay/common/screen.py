"""Lines for a person, in colours on a terminal. Where no colours are shown and nothing has to be wrapped, without rich.

Loading rich takes longer than the whole verdict, and into a pipe it would write the same characters.
"""

import os
from functools import cached_property
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from rich.console import Console

PIPED_WIDTH: Final = 120
_FORCING: Final = ("FORCE_COLOR", "TTY_COMPATIBLE")
"""What makes rich write for a terminal where there is none."""
Part = str | tuple[str, str]
"""Words, or words and their style."""


class Screen:
    """Prints line by line. Untrusted text is printed as text, never as console markup."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._is_simple = os.name == "posix" and not out.isatty() and not any(os.environ.get(each) for each in _FORCING)

    def line(self, *parts: Part, style: str = "", indent: int | None = None) -> None:
        """One line, or as many as it takes; with an indent, all of them are, and are filled up to the width."""
        text = "".join(part if isinstance(part, str) else part[0] for part in parts)
        if self._is_simple and _fits(text, indent or 0):
            self._out.write(f"{text if indent is None else (' ' * indent + text).ljust(PIPED_WIDTH)}\n")
        else:
            self._richly(parts, style, indent)

    def _richly(self, parts: tuple[Part, ...], style: str, indent: int | None) -> None:
        from rich.padding import Padding  # noqa: PLC0415 -- see above
        from rich.text import Text  # noqa: PLC0415

        line = Text.assemble(*parts, style=style)
        self._console.print(line if indent is None else Padding(line, (0, 0, 0, indent)))

    @cached_property
    def _console(self) -> "Console":
        from reassay.common.terminal import console  # noqa: PLC0415

        return console(self._out)


def _fits(text: str, indent: int) -> bool:
    """Whether every letter is one column wide and all of them stand on one line."""
    return bool(text) and text.isascii() and text.isprintable() and len(text) + indent <= PIPED_WIDTH
