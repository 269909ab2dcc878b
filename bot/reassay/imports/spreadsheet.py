"""A spreadsheet in rows, values read from its cells, and the notes of an import."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)


class CellKind(StrEnum):
    """The kind of a cell of a workbook."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row; `number` is its number in a spreadsheet program, or its position in a list of documents."""

    number: int
    cells: tuple[str, ...]
    place: str = ""
    """Where a person finds it, for rows that are not rows of a sheet: `docs/_mitigations/mi-1.md`, `controls.yaml:12`."""
    kinds: "tuple[CellKind, ...]" = ()
    """Kinds of the cells, for files that have them; () for text."""

    @property
    def where(self) -> str:
        """Where a person finds it: its place, or `row 7`."""
        return self.place or f"row {self.number}"

    @property
    def is_blank(self) -> bool:
        """Whether all cells are blank."""
        return not any(cell.strip() for cell in self.cells)

    def kind_at(self, index: int) -> "CellKind":
        """The kind of a cell."""
        return self.kinds[index] if index < len(self.kinds) else CellKind.TEXT

    def with_text(self, index: int, text: str) -> "SheetRow":
        """The row with another text in one cell."""
        cells = [*self.cells, *[""] * (index + 1 - len(self.cells))]
        cells[index] = text
        kinds = tuple(CellKind.TEXT if at == index else kind for at, kind in enumerate(self.kinds))
        return replace(self, cells=tuple(cells), kinds=kinds)

    def at(self, index: int) -> str:
        """The text of a cell; "" beyond the last one."""
        return self.cells[index] if index < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class UnreadableDocument:
    """A document of a folder that is not imported."""

    place: str
    """Where a person finds it: `_mitigations/mi-1.md:3`."""
    why: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Spreadsheet:
    """A whole file in rows, before its header is known."""

    file: str
    """File name without folder."""
    digest: str
    """Digest of the bytes: `sha256:` and 64 hexadecimal digits."""
    rows: tuple[SheetRow, ...]
    """Rows that are not blank."""
    separator: str = ","
    notes: tuple[str, ...] = ()
    """Sentences about how it was read, for example an encoding that was guessed."""
    header: int | None = None
    """Number of the header row, if the format has one place for it; None to look for it."""
    unreadable: tuple[UnreadableDocument, ...] = ()
    """Documents of a folder that could not be read."""
    unit: str = "column"
    """What people call a column of it: `column`, or `key` in documents."""

    def place_of(self, number: int) -> str:
        """Where a row is found, for people: its place, or `row 7`."""
        return next((row.where for row in self.rows if row.number == number), f"row {number}")


@dataclass(frozen=True, slots=True)
class CellValue(Generic[T_co]):
    """The value read from a cell.

    `value` None without `why`: the cell is empty. None with `why`: it could not be read. A value with `why`: the value
    differs from the text, for this reason.
    """

    value: T_co | None = None
    why: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class CellNote:
    """A cell that was not imported as written."""

    row: int
    column: str
    text: str
    """Text in the spreadsheet."""
    outcome: str
    """The value written instead, or `left out`."""
    why: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class CellReading:
    """A cell whose text was translated: `Quarterly` became `every: 3 months`."""

    row: int
    column: str
    text: str
    written: str


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that was not imported."""

    row: int
    label: str
    """First text of the row, by which a person recognises it."""
    why: str
    remedy: str


@dataclass(slots=True)
class Notes:
    """Collector of notes while rows are read; used inside one import."""

    cells: list[CellNote] = field(default_factory=list)
    readings: list[CellReading] = field(default_factory=list)
    left: list[SkippedRow] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ImportNotes:
    """Notes of an import, in order of row."""

    cells: tuple[CellNote, ...] = ()
    readings: tuple[CellReading, ...] = ()
    left: tuple[SkippedRow, ...] = ()
    remarks: tuple[str, ...] = ()

    @staticmethod
    def of(notes: Notes, before: Sequence[str] = ()) -> "ImportNotes":
        """The collected notes, after the remarks `before`."""
        return ImportNotes(tuple(notes.cells), tuple(notes.readings), tuple(notes.left), (*before, *notes.remarks))
