"""Controls of standards in a cell: `NIST-800-53: AC-2; ISO/IEC 27001: A.8.3`, or ids alone in the column of a standard."""

import re
from collections.abc import Sequence

from reassay.common.sentences import names
from reassay.imports.cell_text import LONGEST_LINE, pieces
from reassay.imports.spreadsheet import CellValue
from reassay.register.finding import quoted
from reassay.register.mitigation import Standard

_KNOWN = (
    (re.compile(r"NIST(?: SP)?[ -]800-53(?: ?r(?:ev)?\.? ?[45])?[ :,]+(\S.*)", re.IGNORECASE), "NIST-800-53"),
    (re.compile(r"ISO(?:/IEC)?[ -]?(27001|42001)(?::\d{4})?[ :,]+(?:Annex )?(\S.*)", re.IGNORECASE), "ISO/IEC {}"),
    (re.compile(r"RAND[ -](SL ?-?\d)", re.IGNORECASE), "RAND SL"),
    (re.compile(r"SOC ?2[ :,]+(\S.*)", re.IGNORECASE), "SOC 2"),
)  # fmt: skip
_CONTROL_ID = re.compile(r"[A-Z]{0,4}[-. ]?\d+(\(\d+\)|[.]\d+)*")


def read_standards(text: str, catalogue: str | None) -> CellValue[tuple[Standard, ...]]:
    """The controls of a cell. Entries without a catalogue are left out and noted; with `catalogue` commas separate, too."""
    standards: list[Standard] = []
    lost: list[str] = []
    for piece in pieces(text, comma=catalogue is not None):
        standard = _standard(piece, catalogue)
        if standard is None or len(piece) > LONGEST_LINE:
            lost.append(piece)
        elif standard not in standards:
            standards.append(standard)
    if not lost:
        return CellValue(tuple(standards) or None)
    why = f"{names(*map(quoted, lost))} {'names' if len(lost) == 1 else 'name'} no catalogue"
    remedy = "Write 'CATALOGUE: CONTROL', or name the catalogue of the column: --map 'COLUMN=standards:CATALOGUE'."
    return CellValue(tuple(standards) or None, why, remedy)


def _standard(piece: str, catalogue: str | None) -> Standard | None:
    for pattern, catalogue_form in _KNOWN:
        if match := pattern.fullmatch(piece):
            return Standard(catalogue=catalogue_form.format(match[1]), control=match[match.re.groups].strip())
    if catalogue is not None:
        return Standard(catalogue=catalogue, control=piece)
    # This project writes `CATALOGUE: CONTROL`; `AC-2: account management` names no catalogue.
    name, _, control = piece.partition(": ") if ": " in piece else piece.partition(":")
    if not name.strip() or not control.strip() or _CONTROL_ID.fullmatch(name.strip()):
        return None
    return Standard(catalogue=name.strip(), control=control.strip())


def write_standards(standards: Sequence[Standard], catalogue: str | None = None) -> str:
    """The text of a cell, without the name of the column's catalogue."""
    return "; ".join(
        standard.control if standard.catalogue == catalogue else f"{standard.catalogue}: {standard.control}"
        for standard in standards
    )
