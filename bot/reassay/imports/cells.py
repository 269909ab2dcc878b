"""The cells of one row by field: read, or noted. And the columns that a whole reading has to agree on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from reassay.common.csv_cells import as_written
from reassay.common.errors import UsageError
from reassay.imports.columns import Column, Layout
from reassay.imports.dates import DateOrder, is_serial, order_of, read_date
from reassay.imports.table import Cell, CellNote, Notes, Reading, Row
from reassay.imports.text import says_nothing
from reassay.imports.values import words_of
from reassay.register.finding import quoted

T = TypeVar("T")
LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class RowCells:
    """One row, seen through the layout; what is not simply taken over is noted in `notes`, which are its own."""

    row: Row
    layout: Layout
    notes: Notes = field(default_factory=Notes)

    def text(self, field: str) -> str:
        """What stands in the (first) column of a field, "" if nothing does."""
        columns = self.layout.of(field)
        return self.raw(columns[0]) if columns else ""

    def raw(self, column: Column) -> str:
        """What stands in a column."""
        return as_written(self.row.at(column.index)).strip()

    def take(
        self, field: str, read: Callable[[str], Cell[T]], shown: Callable[[T], str] = str, *, or_else: str = ""
    ) -> T | None:
        """The value of a field, or None; `or_else` says what follows from leaving it out."""
        columns = self.layout.of(field)
        return self.take_from(columns[0], read, shown, or_else=or_else) if columns else None

    def take_from(
        self, column: Column, read: Callable[[str], Cell[T]], shown: Callable[[T], str], *, or_else: str = ""
    ) -> T | None:
        """The same for one column."""
        text = self.raw(column)
        if not text:
            return None
        if says_nothing(text):
            self.notes.readings.append(Reading(self.row.number, column.name, text, "nothing"))
            return None
        cell = read(text)
        written = LEFT_OUT if cell.value is None else f"{column.field}: {shown(cell.value)}"
        if cell.why:
            outcome = f"{written}; {or_else}" if cell.value is None and or_else else written
            self.note(column, text, outcome, cell.why, cell.remedy)
        elif cell.value is not None and words_of(text) != words_of(shown(cell.value)):
            self.notes.readings.append(Reading(self.row.number, column.name, text, written))
        return cell.value

    def note(self, column: Column, text: str, outcome: str, why: str, remedy: str = "") -> None:
        """Says that a cell was not simply taken over."""
        self.notes.cells.append(CellNote(self.row.number, column.name, text, outcome, why, remedy))

    @property
    def label(self) -> str:
        """Enough of the row to know which one it is."""
        return next((cell.strip() for cell in self.row.cells if cell.strip()), "")

    @property
    def repeats_header(self) -> bool:
        """Whether the header stands here once more, as on every page of a print."""
        said = [cell.strip() for cell in self.layout.header.cells if cell.strip()]
        return said == [cell.strip() for cell in self.row.cells if cell.strip()]


def merge(into: Notes, notes: Notes) -> None:
    """Adds what was said of one row."""
    into.cells += notes.cells
    into.readings += notes.readings
    into.left += notes.left
    into.remarks += notes.remarks


def date_order(layout: Layout, field: str, said: DateOrder | None, notes: Notes) -> DateOrder | None:
    """How a column means 06/05/2026. Raises UsageError if its cells do not tell."""
    columns = layout.of(field)
    if not columns:
        return None
    column = columns[0]
    texts = [as_written(row.at(column.index)) for row in layout.rows]
    found = order_of(texts, said)
    if found.open_cells:
        row = next(row.number for row in layout.rows if row.at(column.index).strip() == found.open_cells[0])
        many = f"{len(found.open_cells)} dates" if len(found.open_cells) > 1 else "one date"
        message = f"{many} can be read in two ways, and no other cell of the column tells: {found.open_cells[0]} in row {row}."
        remedy = f"Add --dates day-first or --dates month-first, or leave the column out: {column.flag('-')}."
        raise UsageError(message, where=f"column {quoted(column.name)}", remedy=remedy)
    if found.order and found.evidence:
        notes.remarks.append(
            f"Dates in {quoted(column.name)} are read {found.order}: {found.evidence} can only be that."
        )
    serials = [text.strip() for text in texts if is_serial(text)]
    if serials:
        what = f"Numbers in {quoted(column.name)} ({len(serials)}) are read as Excel counts days"
        example = f"{serials[0]} is {read_date(serials[0], None).value}"
        notes.remarks.append(f"{what}: {example}. A workbook that counts from 1904 means four years later.")
    return found.order


def past_day(text: str, order: DateOrder | None, today: date) -> Cell[date]:
    """A day on which something was done: not one still to come."""
    cell = read_date(text, order)
    if cell.value is not None and cell.value > today:
        return Cell(
            None, f"{cell.value} is still to come, so nothing was assessed then", "Give the day it was finished."
        )
    return cell


def fill_down(layout: Layout, columns: Sequence[str], notes: Notes) -> Layout:
    """Blank cells of merged columns take the value above them. Raises UsageError for an unknown column."""
    rows = list(layout.rows)
    for name in columns:
        column = next((each for each in layout.columns if each.name.casefold() == name.strip().casefold()), None)
        if column is None:
            known = ", ".join(quoted(each.name) for each in layout.columns)
            raise UsageError(f"there is no column {quoted(name)}.", where="--fill-down", remedy=f"Columns are {known}.")
        above, filled = "", []
        for index, row in enumerate(rows):
            own = row.at(column.index)
            if own.strip() or not above:
                above = own
                continue
            cells = [*row.cells, *[""] * (column.index + 1 - len(row.cells))]
            cells[column.index] = above
            rows[index] = replace(row, cells=tuple(cells))
            filled.append(row.number)
        notes.remarks.append(f"{quoted(column.name)}: {rows_in_words(filled)} blank and took the value above.")
    return replace(layout, rows=tuple(rows))


def rows_in_words(numbers: Sequence[int]) -> str:
    """`row 7 is`, `rows 4-6 and 9 are`, `no row is`: for a sentence that goes on."""
    if not numbers:
        return "no row is"
    return f"{row_list(numbers)} {'is' if len(set(numbers)) == 1 else 'are'}"


def row_list(numbers: Sequence[int]) -> str:
    """`row 7`, `rows 4-6, 9`."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    shown = ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
    return f"row{'s' if len(set(numbers)) > 1 else ''} {shown}"


def unused(layout: Layout, ignored: Mapping[str, str]) -> tuple[Column, ...]:
    """Columns that became nothing; `ignored` are fields that this run does not need, with the reason."""
    needless = [
        replace(column, field=None, why=why)
        for column in layout.columns
        if column.field is not None and (why := ignored.get(column.field))
    ]
    return tuple(sorted((*layout.unused, *needless), key=lambda column: column.index))
