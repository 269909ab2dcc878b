"""Controls of catalogues in a cell: `NIST-800-53: AC-2; ISO/IEC 27001: A.8.3`, or bare ones under a header that says of what."""

import re
from collections.abc import Sequence

from reassay.common.sentences import names
from reassay.imports.table import Cell
from reassay.imports.text import LONGEST_LINE, pieces
from reassay.register.finding import quoted
from reassay.register.mitigation import Standard

_KNOWN = (
    (re.compile(r"NIST(?: SP)?[ -]800-53(?: ?r(?:ev)?\.? ?[45])?[ :,]+(\S.*)", re.IGNORECASE), "NIST-800-53"),
    (re.compile(r"ISO(?:/IEC)?[ -]?(27001|42001)(?::\d{4})?[ :,]+(?:Annex )?(\S.*)", re.IGNORECASE), "ISO/IEC {}"),
    (re.compile(r"RAND[ -](SL ?-?\d)", re.IGNORECASE), "RAND SL"),
    (re.compile(r"SOC ?2[ :,]+(\S.*)", re.IGNORECASE), "SOC 2"),
)  # fmt: skip
_CONTROL_ID = re.compile(r"[A-Z]{0,4}[-. ]?\d+(\(\d+\)|[.]\d+)*")


def read_standards(text: str, catalogue: str | None) -> Cell[tuple[Standard, ...]]:
    """All of a cell; what names no catalogue is left out and said. In a column with a catalogue commas separate, too."""
    found: list[Standard] = []
    lost: list[str] = []
    for piece in pieces(text, comma=catalogue is not None):
        one = _standard(piece, catalogue)
        if one is None or len(piece) > LONGEST_LINE:
            lost.append(piece)
        elif one not in found:
            found.append(one)
    if not lost:
        return Cell(tuple(found) or None)
    why = f"{names(*map(quoted, lost))} {'names' if len(lost) == 1 else 'name'} no catalogue"
    remedy = "Write 'CATALOGUE: CONTROL', or say what the whole column is about: --map 'COLUMN=standards:CATALOGUE'."
    return Cell(tuple(found) or None, why, remedy)


def _standard(piece: str, catalogue: str | None) -> Standard | None:
    for pattern, known in _KNOWN:
        if found := pattern.fullmatch(piece):
            return Standard(catalogue=known.format(found[1]), control=found[found.re.groups].strip())
    if catalogue is not None:
        return Standard(catalogue=catalogue, control=piece)
    # A catalogue and a colon are how this project writes them; `AC-2: account management` names none.
    name, _, control = piece.partition(": ") if ": " in piece else piece.partition(":")
    if not name.strip() or not control.strip() or _CONTROL_ID.fullmatch(name.strip()):
        return None
    return Standard(catalogue=name.strip(), control=control.strip())


def write_standards(standards: Sequence[Standard], catalogue: str | None = None) -> str:
    """For a cell; without the catalogue where the column says it."""
    return "; ".join(
        each.control if each.catalogue == catalogue else f"{each.catalogue}: {each.control}" for each in standards
    )
