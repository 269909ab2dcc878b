"""Names that a result file gives, as parts of sentences: short, on one line, and without characters that steer a terminal."""

from collections.abc import Sequence
from typing import Final

LONGEST: Final = 80
"""Characters that are shown of a name."""
MOST: Final = 6
"""Names that a sentence lists."""


def plain(name: str) -> str:
    """One name; characters that cannot be printed, line breaks and marks of direction too, are `?`."""
    own = "".join(character if character.isprintable() else "?" for character in name[:LONGEST])
    return f"{own}..." if len(name) > LONGEST else own


def shown(name: str) -> str:
    """One name in quotation marks."""
    return f"'{plain(name)}'"


def listed(names: Sequence[str], none: str = "") -> str:
    """Several names; `none` if there are none."""
    words = ", ".join(shown(name) for name in names[:MOST])
    return f"{words} and {len(names) - MOST} more" if len(names) > MOST else words or none
