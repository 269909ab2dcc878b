"""Import of a list of controls as mitigations. Values that cannot be read are left out and noted, never guessed."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from reassay.common.errors import UsageError
from reassay.common.sentences import names
from reassay.imports.columns import Column, Layout
from reassay.imports.names import DeclaredNames
from reassay.imports.row_cells import RowCells, date_order, fill_down, merge, unused
from reassay.imports.row_reader import ImportOptions, RowReader
from reassay.imports.spreadsheet import ImportNotes, Notes, SheetRow, SkippedRow
from reassay.imports.stubs import Stubs
from reassay.register.deployment import Deployment
from reassay.register.finding import quoted
from reassay.register.mitigation import Mitigation
from reassay.register.threat_model import ThreatModel


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """A row and its mitigation."""

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
    reader = RowReader(
        declared,
        choices,
        date_order(layout, "last_assessed", choices.dates, notes),
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
            taken.append(ImportedRow(row, outcome))
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


def _needs(layout: Layout, choices: ImportOptions) -> None:
    titles = names(*(quoted(column.name) for column in layout.columns))
    where = f"row {layout.header.number}"
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
