"""Import of a list of risks as threat models. Values that cannot be read are left out and noted, never guessed."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from pydantic import ValidationError

from reassay.common.errors import UsageError
from reassay.common.sentences import names
from reassay.imports.cell_text import line, pieces, prose, slug
from reassay.imports.columns import Column, Layout
from reassay.imports.names import ID_FROM_TITLE, Ids
from reassay.imports.row_cells import RowCells, merge, unused
from reassay.imports.row_reader import references_of_row
from reassay.imports.spreadsheet import CellValue, ImportNotes, Notes, SheetRow, SkippedRow
from reassay.register.finding import quoted
from reassay.register.threat_model import ThreatModel

THREAT_MODEL_FIELDS: Final = (
    "id", "title", "description", "actor", "pathway", "outcome", "risk_domain", "atlas", "references", "related",
)  # fmt: skip
"""Fields of a threat model that a column can fill."""
_ATLAS_SHAPE: Final = "AML.T"


@dataclass(frozen=True, slots=True)
class ImportedThreatModels:
    """The threat models that an import would write, and its notes."""

    layout: Layout
    rows: tuple[tuple[SheetRow, ThreatModel], ...]
    unused: tuple[Column, ...]
    notes: ImportNotes


def import_threat_models(layout: Layout, ids: Collection[str]) -> ImportedThreatModels:
    """The threat models of all rows, in order. `ids`: of the register's objects. Raises UsageError without titles."""
    if not layout.has("title"):
        remedy = "Name it: --map 'COLUMN=title'."
        raise UsageError("no column has the title of a threat model.", where=layout.header.where, remedy=remedy)
    notes = Notes()
    own = {slug(row.at(column.index)) for column in layout.of("id") for row in layout.rows}
    reader = _ThreatModelReader(frozenset({*ids, *own}))
    rows = []
    for row in layout.rows:
        cells = RowCells(row, layout)
        outcome = reader.read(cells)
        if isinstance(outcome, SkippedRow):
            notes.left.append(outcome)
        else:
            merge(notes, cells.notes)
            rows.append((row, outcome))
    return ImportedThreatModels(layout, tuple(rows), unused(layout, {}), ImportNotes.of(notes))


@dataclass(slots=True)
class _ThreatModelReader:
    related: frozenset[str]
    """Ids that `related` can name."""
    ids: Ids = field(default_factory=Ids)

    def read(self, cells: RowCells) -> ThreatModel | SkippedRow:
        number = cells.row.number
        title = cells.take("title", line)
        if title is None:
            return SkippedRow(number, cells.label, "it has no title", "If it is a risk, write one.")
        named = self.ids.new(cells.row, slug(cells.text("id")), slug(title, ID_FROM_TITLE))
        if named.why and (columns := cells.layout.of("id") or cells.layout.of("title")):
            cells.note(columns[0], cells.raw(columns[0]), f"id: {named.value}", named.why, named.remedy)
        fields = {"id": named.value, "title": title, **self._rest(cells)}
        try:
            return ThreatModel.model_validate({name: value for name, value in fields.items() if value is not None})
        except ValidationError as error:
            # Cells were validated before; if one still fails, the row is skipped with the reason.
            first = error.errors(include_url=False)[0]
            where = ".".join(str(step) for step in first["loc"])
            remedy = "Change it, or leave its column out."
            return SkippedRow(number, cells.label, f"{where}: {first['msg']}", remedy)

    def _rest(self, cells: RowCells) -> dict[str, object]:
        atlas: tuple[str, ...] | None = cells.take("atlas", _techniques, "; ".join)
        related: tuple[str, ...] | None = cells.take("related", self._related, "; ".join)
        return {
            "description": cells.take("description", prose),
            "actor": cells.take("actor", line),
            "pathway": cells.take("pathway", prose),
            "outcome": cells.take("outcome", prose),
            "risk_domain": cells.take("risk_domain", line),
            "atlas": atlas,
            "references": references_of_row(cells),
            "related": related,
        }

    def _related(self, text: str) -> CellValue[tuple[str, ...]]:
        names_in_cell = {piece: slug(piece) for piece in pieces(text, comma=True)}
        lost = [piece for piece, name in names_in_cell.items() if name not in self.related]
        why = f"neither the register nor this list has {names(*map(quoted, lost))}" if lost else ""
        kept = dict.fromkeys(name for piece, name in names_in_cell.items() if piece not in lost)
        return CellValue(tuple(kept) or None, why, "Declare it, or put it into `references`." if lost else "")


def _techniques(text: str) -> CellValue[tuple[str, ...]]:
    techniques = tuple(piece for piece in pieces(text, comma=True) if piece.startswith(_ATLAS_SHAPE))
    others = [piece for piece in pieces(text, comma=True) if piece not in techniques]
    why = f"{', '.join(map(quoted, others))} is not a technique of MITRE ATLAS" if others else ""
    return CellValue(techniques or None, why, "Write e.g. AML.T0051." if why else "")
