"""Codes of a taxonomy in a cell: `C2.1: Prompt injection defences`, or a code alone."""

from collections.abc import Sequence

from pydantic import ValidationError

from reassay.common.sentences import names
from reassay.imports.cell_text import pieces
from reassay.imports.spreadsheet import CellValue
from reassay.register.finding import quoted
from reassay.register.mitigation import TaxonomyCode


def read_taxonomy(text: str, scheme: str | None) -> CellValue[tuple[TaxonomyCode, ...]]:
    """The codes of a cell, all of the taxonomy `scheme`."""
    codes: list[TaxonomyCode] = []
    lost: list[str] = []
    for piece in pieces(text):
        code = _code(piece, scheme)
        if code is None:
            lost.append(piece)
        elif code not in codes:
            codes.append(code)
    if not lost:
        return CellValue(tuple(codes) or None)
    why = f"{names(*map(quoted, lost))} {'is' if len(lost) == 1 else 'are'} not a code of a named taxonomy"
    return CellValue(tuple(codes) or None, why, "Name the taxonomy of the column: --map 'COLUMN=taxonomy:NAME'.")


def _code(piece: str, scheme: str | None) -> TaxonomyCode | None:
    code, _, label = piece.partition(": ")
    fields = {"scheme": scheme, "code": code.strip(), "label": label.strip()}
    try:
        return TaxonomyCode.model_validate({name: value for name, value in fields.items() if value})
    except ValidationError:
        return None


def write_taxonomy(codes: Sequence[TaxonomyCode]) -> str:
    """The text of a cell."""
    return "; ".join(f"{code.code}: {code.label}" if code.label else code.code for code in codes)
