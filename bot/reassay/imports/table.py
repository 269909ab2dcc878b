"""A spreadsheet as it was read, and what is said about rows and cells that are not simply taken over."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `number` is the one a spreadsheet program shows beside it."""

    number: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it."""
        return not any(cell.strip() for cell in self.cells)

    def at(self, index: int) -> str:
        """The cell, "" beyond the last one."""
        return self.cells[index] if index < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole file, in rows; the header is not found yet."""

    file: str
    """Its name, without the folder."""
    digest: str
    """`sha256:` and 64 digits, of the bytes."""
    rows: tuple[Row, ...]
    """Those in which something stands."""
    separator: str = ","
    notes: tuple[str, ...] = ()
    """What reading the bytes had to decide, in sentences."""


@dataclass(frozen=True, slots=True)
class Cell(Generic[T_co]):
    """What a cell was read as.

    `value` None and no `why`: it is empty. None and a `why`: it could not be understood. A value and a `why`: something
    else than what stands there was written, and this is the reason.
    """

    value: T_co | None = None
    why: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class CellNote:
    """A cell that was not simply taken over."""

    row: int
    column: str
    text: str
    """As it stands in the spreadsheet."""
    outcome: str
    """What was written instead, or `left out`."""
    why: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A cell whose words were translated: `Quarterly` became `every: 3 months`."""

    row: int
    column: str
    text: str
    written: str


@dataclass(frozen=True, slots=True)
class RowLeft:
    """A row that became nothing."""

    row: int
    label: str
    """Enough of it to know which one it is."""
    why: str
    remedy: str


@dataclass(slots=True)
class Notes:
    """Collects what is said while rows are read; kept inside one import."""

    cells: list[CellNote] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    left: list[RowLeft] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Said:
    """Everything there is to say about an import, in order of row."""

    cells: tuple[CellNote, ...] = ()
    readings: tuple[Reading, ...] = ()
    left: tuple[RowLeft, ...] = ()
    remarks: tuple[str, ...] = ()

    @staticmethod
    def of(notes: Notes, before: Sequence[str] = ()) -> "Said":
        """What was collected, behind the remarks of `before`."""
        return Said(tuple(notes.cells), tuple(notes.readings), tuple(notes.left), (*before, *notes.remarks))
