"""The console of terminal output. Untrusted text is printed as text, never as console markup."""

import os
from typing import Final, TextIO

from rich.console import Console

PIPED_WIDTH: Final = 120
"""Columns of output to a pipe or a file."""


def console(out: TextIO) -> Console:
    """A console with colours on a terminal only; it respects NO_COLOR (https://no-color.org)."""
    return Console(
        file=out,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=False,
        width=None if out.isatty() else PIPED_WIDTH,
        no_color="NO_COLOR" in os.environ or None,
    )
