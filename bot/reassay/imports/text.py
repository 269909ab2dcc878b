"""Text of cells, made fit for a register."""

import re
import unicodedata
from typing import Final

from reassay.imports.table import Cell

LONGEST_LINE: Final = 300
LONGEST_TEXT: Final = 20_000
LONGEST_ID: Final = 100
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_BREAKS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_SEVERAL = re.compile(r"[\n;]")
_NOTHING: Final = frozenset(
    {"", "-", "--", "\u2013", "\u2014", "n/a", "n.a.", "n.a", "na", "none", "nil", "not applicable", "#n/a"}
)
_NOT_YET: Final = frozenset(
    {"tbd", "tbc", "tba", "?", "??", "???", "unknown", "to be decided", "to be defined", "to be determined", "to be confirmed",
     "unassigned", "not assigned", "vacant", "pending"}
)  # fmt: skip


def says_nothing(text: str) -> bool:
    """Whether a cell says that there is nothing to say: `n/a`, `-`."""
    return text.strip().casefold() in _NOTHING


def is_placeholder(text: str) -> bool:
    """Whether a cell says that it will be filled in later: `TBD`."""
    return text.strip().casefold() in _NOT_YET


def prose(text: str) -> Cell[str]:
    """Text of any number of lines, without characters that no register may hold."""
    clean = _CONTROL.sub("", _BREAKS.sub("\n", text)).strip()
    if len(clean) > LONGEST_TEXT:
        why = f"it has {len(clean):,} characters; the first {LONGEST_TEXT:,} were kept"
        return Cell(clean[:LONGEST_TEXT].strip(), why, "Keep long texts in a file of their own.")
    if _CONTROL.search(text):
        return Cell(clean or None, "control characters were left out")
    return Cell(clean or None)


def line(text: str) -> Cell[str]:
    """Text on one line; a longer one ends at a word, and `why` says so."""
    found = prose(text)
    if found.value is None:
        return found
    one = re.sub(r"\s*[\n\t]\s*", " ", found.value)
    if len(one) <= LONGEST_LINE:
        return Cell(one, found.why)
    short = one[: LONGEST_LINE - 1].rsplit(" ", 1)[0]
    return Cell(f"{short}…", f"it has {len(one):,} characters; a line has at most {LONGEST_LINE}")


def pieces(text: str, *, comma: bool = False) -> tuple[str, ...]:
    """The entries of a list in one cell, each once: by line if there are lines, else by `;`, and by `,` if asked."""
    clean = _CONTROL.sub("", _BREAKS.sub("\n", text))
    parts = _SEVERAL.split(clean)
    if comma:
        parts = [piece for part in parts for piece in part.split(",")]
    return tuple(dict.fromkeys(piece for part in parts if (piece := part.strip(" \t•*")) and not says_nothing(piece)))


def slug(text: str, longest: int = LONGEST_ID) -> str:
    """Kebab-case of small letters and digits, ended at a word if it is too long; "" if nothing is left."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    words = re.findall(
        r"[a-z0-9]+", "".join(each for each in plain if not unicodedata.combining(each)).replace("'", "")
    )
    found = ""
    for word in words:
        longer = f"{found}-{word}" if found else word[:longest]
        if len(longer) > longest:
            break
        found = longer
    return found
