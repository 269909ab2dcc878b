"""References in a cell: `MITRE ATLAS: AML.M0004 <https://...>`, or ids alone in the column of one source."""

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from pydantic import ValidationError

from reassay.common.sentences import names
from reassay.imports.cell_text import pieces
from reassay.imports.spreadsheet import CellValue
from reassay.register.base import PublishedReference
from reassay.register.finding import quoted

_ADDRESS = re.compile(r"[<(]?(https?://[^\s<>]+?)[>)]?$")


def read_references(text: str, source: str | None) -> CellValue[tuple[PublishedReference, ...]]:
    """The references of a cell. Entries without a source are left out and noted; with `source` commas separate, too.

    The source of an address alone is its host.
    """
    references: list[PublishedReference] = []
    lost: list[str] = []
    for piece in pieces(text, comma=source is not None and "://" not in text):
        reference = _reference(piece, source)
        if reference is None:
            lost.append(piece)
        elif reference not in references:
            references.append(reference)
    if not lost:
        return CellValue(tuple(references) or None)
    why = f"{names(*map(quoted, lost))} {'names' if len(lost) == 1 else 'name'} no source"
    remedy = "Write 'SOURCE: ID', or name the source of the column: --map 'COLUMN=references:SOURCE'."
    return CellValue(tuple(references) or None, why, remedy)


def _reference(piece: str, source: str | None) -> PublishedReference | None:
    address = _ADDRESS.search(piece)
    url = address[1] if address else None
    rest = (piece[: address.start()] if address else piece).strip(" ,:")
    if source is None:
        name, _, entry = (
            (rest.partition(": ") if ": " in rest else rest.partition(":")) if ":" in rest else (rest, "", "")
        )
        if not url and not entry.strip():
            return None
        source, rest = name.strip() or (urlsplit(url).hostname or "" if url else ""), entry.strip()
    try:
        entry_keys = {"source": source, "id": rest, "url": url}
        return PublishedReference.model_validate({key: value for key, value in entry_keys.items() if value})
    except ValidationError:
        return None


def write_references(references: Sequence[PublishedReference], source: str | None = None) -> str:
    """The text of a cell, without the name of the column's source."""
    return "; ".join(_written(reference, source) for reference in references)


def _written(reference: PublishedReference, source: str | None) -> str:
    name = "" if reference.source == source else f"{reference.source}: " if reference.id else reference.source
    address = f"<{reference.url}>" if reference.url else ""
    return " ".join(filter(None, [f"{name}{reference.id or ''}", address]))
