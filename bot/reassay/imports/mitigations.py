"""Import of a list of controls as mitigations. Values that cannot be read are left out and noted, never guessed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from reassay.common.errors import UsageError
from reassay.common.sentences import names
from reassay.imports.columns import Column, Layout
from reassay.imports.excel_changes import number_remarks
from reassay.imports.names import DeclaredNames
from reassay.imports.row_cells import LEFT_OUT, RowCells, date_order, fill_down, merge, unused
from reassay.imports.row_reader import ImportOptions, RowReader
from reassay.imports.spreadsheet import CellNote, ImportNotes, Notes, SheetRow, SkippedRow
from reassay.imports.stubs import Stubs
from reassay.imports.values import with_values
from reassay.register.deployment import Deployment
from reassay.register.finding import quoted
from reassay.register.mitigation import Mitigation
from reassay.register.threat_model import ThreatModel


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """A row with the texts of its cells in the spreadsheet, and its mitigation."""

    row: SheetRow
    mitigation: Mitigation


@dataclass(frozen=True, slots=True)
class ImportedMitigations:
    """Objects that an import would write, and its notes."""

    layout: Layout
    taken: tuple[ImportedRow, ...] = ()
    threat_models: tuple[ThreatModel, ...] = ()
    deployments: tuple[Deployment, ...] = ()
    roles: tuple[str, ...] = ()
    """Names of roles that the register does not declare, in alphabetical order."""
    unused: tuple[Column, ...] = ()
    notes: ImportNotes = field(default_factory=ImportNotes)


def import_mitigations(layout: Layout, declared: DeclaredNames, choices: ImportOptions) -> ImportedMitigations:
    """The mitigations of all rows, in order. Raises UsageError if no column has the title or the owner."""
    notes = Notes()
    _needs(layout, choices)
    layout = fill_down(layout, choices.fill_down, notes)
    as_found = {row.number: row for row in layout.rows}
    layout = with_values(layout, choices.values, notes)
    notes.remarks += number_remarks(layout)
    order = date_order(layout, "last_assessed", choices.dates, notes)
    reader = RowReader(
        declared,
        choices,
        order,
        date_order(layout, "next_due", choices.dates or order, notes),
        Stubs.of("threat-model", declared, _texts(layout, "threat_models"), wanted=choices.stubs),
        Stubs.of("deployment", declared, _texts(layout, "deployments"), wanted=choices.stubs),
    )
    taken = []
    for row in layout.rows:
        cells = RowCells(row, layout)
        outcome = reader.read(cells)
        if isinstance(outcome, SkippedRow):
            notes.left.append(outcome)
        else:
            merge(notes, cells.notes)
            taken.append(ImportedRow(as_found[row.number], outcome))
    created = {*reader.threat_models.created, *reader.deployments.created}
    taken = _with_known_related(taken, declared.ids | created, notes)
    ignored = {} if choices.stubs else {"audience": "only deployments created by --stubs need it"}
    return ImportedMitigations(
        layout,
        tuple(taken),
        tuple(stub for stub in reader.threat_models.created.values() if isinstance(stub, ThreatModel)),
        tuple(stub for stub in reader.deployments.created.values() if isinstance(stub, Deployment)),
        _undeclared(taken, declared),
        unused(layout, ignored),
        ImportNotes.of(notes),
    )


def _with_known_related(taken: Sequence[ImportedRow], ids: Collection[str], notes: Notes) -> list[ImportedRow]:
    """The rows without related ids that neither the register nor the sheet has; those are noted."""
    known_ids = {*ids, *(row.mitigation.id for row in taken)}
    kept = []
    for row in taken:
        lost = [name for name in row.mitigation.related if name not in known_ids]
        if lost:
            related = tuple(name for name in row.mitigation.related if name not in lost)
            why = f"neither the register nor this sheet has {names(*map(quoted, lost))}"
            remedy = "Declare it, or put it into a column of references if it is the id of a publication."
            notes.cells.append(CellNote(row.row.number, "related", "; ".join(lost), LEFT_OUT, why, remedy))
            row = ImportedRow(row.row, _related(row.mitigation, related))  # noqa: PLW2901 -- the same row
        kept.append(row)
    return kept


def _related(mitigation: Mitigation, related: tuple[str, ...]) -> Mitigation:
    """The mitigation with other related ids; without any, the field stays unstated."""
    stated = {name: getattr(mitigation, name) for name in mitigation.model_fields_set - {"related"}}
    return Mitigation.model_validate({**stated, **({"related": related} if related else {})})


def _needs(layout: Layout, choices: ImportOptions) -> None:
    titles = names(*(quoted(column.name) for column in layout.columns))
    where = layout.header.where
    if not layout.has("title"):
        remedy = f"Name it: --map 'COLUMN=title'. Columns are {titles}. If the header is another row, add --header ROW."
        raise UsageError("no column has the title of a control.", where=where, remedy=remedy)
    if not layout.has("owner") and choices.owner is None:
        remedy = f"Name it: --map 'COLUMN=owner', or give --owner ROLE for all. Columns are {titles}."
        raise UsageError("no column has the owner of a control.", where=where, remedy=remedy)


def _texts(layout: Layout, field: str) -> list[str]:
    return [row.at(column.index) for column in layout.of(field) for row in layout.rows]


def _undeclared(taken: Sequence[ImportedRow], declared: DeclaredNames) -> tuple[str, ...]:
    used = {name for row in taken for name in (row.mitigation.owner, *row.mitigation.assessor_names)}
    return tuple(sorted((name for name in used if name.casefold() not in declared.roles), key=str.casefold))
