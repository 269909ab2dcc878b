"""Text of cells, cleaned for a register."""

import re
import unicodedata
from typing import Final

from reassay.imports.spreadsheet import CellValue

LONGEST_LINE: Final = 300
LONGEST_TEXT: Final = 20_000
LONGEST_ID: Final = 100
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_BREAKS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_SEVERAL = re.compile(r"[\n;]")
_NOTHING: Final = frozenset(
    {"", "-", "--", "\u2013", "\u2014", "n/a", "n.a.", "n.a", "na", "none", "nil", "not applicable", "#n/a", "keine", "keiner",
     "entfällt", "nicht zutreffend", "k.a.", "k. a.", "aucun", "aucune", "sans objet", "s/o", "ninguno", "ninguna", "no aplica"}
)  # fmt: skip
_NOT_YET: Final = frozenset(
    {"tbd", "tbc", "tba", "?", "??", "???", "unknown", "to be decided", "to be defined", "to be determined", "to be confirmed",
     "unassigned", "not assigned", "vacant", "pending", "unbekannt", "noch offen", "zu klären", "à définir", "à déterminer",
     "inconnu", "por definir", "desconocido"}
)  # fmt: skip


def says_nothing(text: str) -> bool:
    """Whether a cell states that it has no value: `n/a`, `-`."""
    return text.strip().casefold() in _NOTHING


def is_placeholder(text: str) -> bool:
    """Whether a cell is a placeholder: `TBD`."""
    return text.strip().casefold() in _NOT_YET


def prose(text: str) -> CellValue[str]:
    """Text of any number of lines, without control characters, at most LONGEST_TEXT characters."""
    clean = _CONTROL.sub("", _BREAKS.sub("\n", text)).strip()
    if len(clean) > LONGEST_TEXT:
        why = f"it has {len(clean):,} characters; the first {LONGEST_TEXT:,} were kept"
        return CellValue(clean[:LONGEST_TEXT].strip(), why, "Keep long texts in a separate file.")
    if _CONTROL.search(text):
        return CellValue(clean or None, "control characters were left out")
    return CellValue(clean or None)


def line(text: str) -> CellValue[str]:
    """Text on one line, shortened at a word to LONGEST_LINE characters."""
    text_cell = prose(text)
    if text_cell.value is None:
        return text_cell
    single = re.sub(r"\s*[\n\t]\s*", " ", text_cell.value)
    if len(single) <= LONGEST_LINE:
        return CellValue(single, text_cell.why)
    short = single[: LONGEST_LINE - 1].rsplit(" ", 1)[0]
    return CellValue(f"{short}…", f"it has {len(single):,} characters; a line has at most {LONGEST_LINE}")


def pieces(text: str, *, comma: bool = False) -> tuple[str, ...]:
    """The entries of a list in one cell without repetition, separated by line breaks and `;`, with `comma` also by commas."""
    clean = _CONTROL.sub("", _BREAKS.sub("\n", text))
    parts = _SEVERAL.split(clean)
    if comma:
        parts = [piece for part in parts for piece in part.split(",")]
    return tuple(dict.fromkeys(piece for part in parts if (piece := part.strip(" \t•*")) and not says_nothing(piece)))


def slug(text: str, longest: int = LONGEST_ID) -> str:
    """The text in kebab-case, shortened at a word; "" if no letter or digit is left."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    words = re.findall(
        r"[a-z0-9]+", "".join(character for character in plain if not unicodedata.combining(character)).replace("'", "")
    )
    slugged = ""
    for word in words:
        longer = f"{slugged}-{word}" if slugged else word[:longest]
        if len(longer) > longest:
            break
        slugged = longer
    return slugged
