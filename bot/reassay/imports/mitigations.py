"""Rows of a list of controls become mitigations. Nothing is made up: what cannot be read is left out and said."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from reassay.common.errors import UsageError
from reassay.common.sentences import names
from reassay.imports.cells import RowCells, date_order, fill_down, merge, unused
from reassay.imports.columns import Column, Layout
from reassay.imports.names import Declared
from reassay.imports.row_reader import Choices, RowReader
from reassay.imports.stubs import Stubs
from reassay.imports.table import Notes, Row, RowLeft, Said
from reassay.register.deployment import Deployment
from reassay.register.finding import quoted
from reassay.register.mitigation import Mitigation
from reassay.register.threat_model import ThreatModel


@dataclass(frozen=True, slots=True)
class Taken:
    """A row and the mitigation it became."""

    row: Row
    mitigation: Mitigation


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import would write, and everything there is to say about it."""

    layout: Layout
    taken: tuple[Taken, ...] = ()
    threat_models: tuple[ThreatModel, ...] = ()
    deployments: tuple[Deployment, ...] = ()
    roles: tuple[str, ...] = ()
    """Names of roles that the register does not declare, in alphabetical order."""
    unused: tuple[Column, ...] = ()
    said: Said = field(default_factory=Said)


def import_mitigations(layout: Layout, declared: Declared, choices: Choices) -> Imported:
    """All rows, in order. Raises UsageError where no row could be taken without a word from the person."""
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
        if isinstance(outcome, RowLeft):
            notes.left.append(outcome)
        else:
            merge(notes, cells.notes)
            taken.append(Taken(row, outcome))
    ignored = {} if choices.stubs else {"audience": "only deployments that --stubs makes need it"}
    return Imported(
        layout,
        tuple(taken),
        tuple(stub for stub in reader.threat_models.made.values() if isinstance(stub, ThreatModel)),
        tuple(stub for stub in reader.deployments.made.values() if isinstance(stub, Deployment)),
        _undeclared(taken, declared),
        unused(layout, ignored),
        Said.of(notes),
    )


def _needs(layout: Layout, choices: Choices) -> None:
    known = names(*(quoted(column.name) for column in layout.columns))
    where = f"row {layout.header.number}"
    if not layout.has("title"):
        remedy = (
            f"Say which one: --map 'COLUMN=title'. Columns are {known}. --header ROW, if the header is another row."
        )
        raise UsageError("no column holds the title of a control.", where=where, remedy=remedy)
    if not layout.has("owner") and choices.owner is None:
        remedy = f"Say which one: --map 'COLUMN=owner', or give --owner ROLE for all. Columns are {known}."
        raise UsageError("no column says who owns a control.", where=where, remedy=remedy)


def _texts(layout: Layout, field: str) -> list[str]:
    return [row.at(column.index) for column in layout.of(field) for row in layout.rows]


def _undeclared(taken: Sequence[Taken], declared: Declared) -> tuple[str, ...]:
    used = {name for each in taken for name in (each.mitigation.owner, *each.mitigation.assessor_names)}
    return tuple(sorted((name for name in used if name.casefold() not in declared.roles), key=str.casefold))
