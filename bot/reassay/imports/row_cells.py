"""The cells of one row by field, and decisions about whole columns: date order, merged cells, unused columns."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from reassay.common.csv_cells import as_written
from reassay.common.errors import UsageError
from reassay.imports.cell_text import says_nothing
from reassay.imports.columns import Column, Layout
from reassay.imports.dates import DateOrder, is_serial, order_of, read_date
from reassay.imports.excel_changes import DATE_REMEDY, DATE_WHY, NEVER_DATES, is_error
from reassay.imports.spreadsheet import CellKind, CellNote, CellReading, CellValue, Notes, SheetRow
from reassay.imports.vocabularies import words_of
from reassay.register.finding import quoted

T = TypeVar("T")
LEFT_OUT = "left out"


@dataclass(frozen=True, slots=True)
class RowCells:
    """One row by field. `notes` lists its cells that were not imported as written."""

    row: SheetRow
    layout: Layout
    notes: Notes = field(default_factory=Notes)

    def text(self, field: str) -> str:
        """The text of a field's first column; "" if there is none."""
        columns = self.layout.of(field)
        return self.raw(columns[0]) if columns else ""

    def raw(self, column: Column) -> str:
        """The text of a column."""
        return as_written(self.row.at(column.index)).strip()

    def lost(self, column: Column) -> str:
        """Why the text that a person typed is no longer in a cell; "" if it is there."""
        if is_error(self.raw(column)):
            return "the cell shows an error of the spreadsheet program"
        is_date = self.row.kind_at(column.index) is CellKind.DATE
        return DATE_WHY if is_date and column.field in NEVER_DATES else ""

    def take(
        self, field: str, read: Callable[[str], CellValue[T]], shown: Callable[[T], str] = str, *, or_else: str = ""
    ) -> T | None:
        """The value of a field, or None. `or_else` names the consequence of leaving it out."""
        columns = self.layout.of(field)
        return self.take_from(columns[0], read, shown, or_else=or_else) if columns else None

    def take_from(
        self, column: Column, read: Callable[[str], CellValue[T]], shown: Callable[[T], str], *, or_else: str = ""
    ) -> T | None:
        """The value of a column, or None. `or_else` names the consequence of leaving it out."""
        text = self.raw(column)
        if not text:
            return None
        if why := self.lost(column):
            outcome = f"{LEFT_OUT}; {or_else}" if or_else else LEFT_OUT
            self.note(column, text, outcome, why, DATE_REMEDY if why == DATE_WHY else "Correct the formula.")
            return None
        if says_nothing(text):
            self.notes.readings.append(CellReading(self.row.number, column.name, text, "nothing"))
            return None
        cell = read(text)
        written = LEFT_OUT if cell.value is None else f"{column.field}: {shown(cell.value)}"
        if cell.why:
            outcome = f"{written}; {or_else}" if cell.value is None and or_else else written
            self.note(column, text, outcome, cell.why, cell.remedy)
        elif cell.value is not None and words_of(text) != words_of(shown(cell.value)):
            self.notes.readings.append(CellReading(self.row.number, column.name, text, written))
        return cell.value

    def note(self, column: Column, text: str, outcome: str, why: str, remedy: str = "") -> None:
        """Notes a cell that was not imported as written."""
        self.notes.cells.append(CellNote(self.row.number, column.name, text, outcome, why, remedy))

    @property
    def label(self) -> str:
        """The first text of the row, by which a person recognises it."""
        return next((cell.strip() for cell in self.row.cells if cell.strip()), "")

    @property
    def repeats_header(self) -> bool:
        """Whether the row repeats the header, as on every page of a printout."""
        header_cells = [cell.strip() for cell in self.layout.header.cells if cell.strip()]
        return header_cells == [cell.strip() for cell in self.row.cells if cell.strip()]


def merge(into: Notes, notes: Notes) -> None:
    """Adds the notes of one row."""
    into.cells += notes.cells
    into.readings += notes.readings
    into.left += notes.left
    into.remarks += notes.remarks


def date_order(layout: Layout, field: str, stated: DateOrder | None, notes: Notes) -> DateOrder | None:
    """The order of day and month in a column (06/05/2026). Raises UsageError if its cells leave it open."""
    columns = layout.of(field)
    if not columns:
        return None
    column = columns[0]
    texts = [as_written(row.at(column.index)) for row in layout.rows]
    column_order = order_of(texts, stated)
    if column_order.open_cells:
        row = next(row.where for row in layout.rows if row.at(column.index).strip() == column_order.open_cells[0])
        many = f"{len(column_order.open_cells)} dates are" if len(column_order.open_cells) > 1 else "one date is"
        example = f"{column_order.open_cells[0]} in {row}"
        message = f"{many} ambiguous, and no other cell of the column shows the order: {example}."
        remedy = f"Add --dates day-first or --dates month-first, or leave the column out: {column.flag('-')}."
        raise UsageError(message, where=f"column {quoted(column.name)}", remedy=remedy)
    if column_order.order and column_order.evidence:
        notes.remarks.append(
            f"Dates in {quoted(column.name)} are read {column_order.order}: {column_order.evidence} fits no other order."
        )
    serials = [text.strip() for text in texts if is_serial(text)]
    if serials:
        what = f"Numbers in {quoted(column.name)} ({len(serials)}) are read as Excel dates"
        example = f"{serials[0]} is {read_date(serials[0], None).value}"
        notes.remarks.append(f"{what}: {example}. A workbook with the 1904 date system means a date four years later.")
    return column_order.order


def past_day(text: str, order: DateOrder | None, today: date) -> CellValue[date]:
    """A date of something done, which must not be in the future."""
    cell = read_date(text, order)
    if cell.value is not None and cell.value > today:
        return CellValue(None, f"{cell.value} is in the future", "Give the date of the assessment.")
    return cell


def fill_down(layout: Layout, columns: Sequence[str], notes: Notes) -> Layout:
    """The layout with blank cells of merged columns filled from above. Raises UsageError for an unknown column."""
    rows = list(layout.rows)
    for name in columns:
        column = column_to_fill(layout, name)
        above, filled = "", []
        for index, row in enumerate(rows):
            own = row.at(column.index)
            if own.strip() or not above:
                above = own
                continue
            rows[index] = row.with_text(column.index, above)
            filled.append(row.number)
        notes.remarks.append(f"{quoted(column.name)}: {layout.places.with_verb(filled)} blank and got the value above.")
    return replace(layout, rows=tuple(rows))


def column_to_fill(layout: Layout, name: str, where: str = "--fill-down") -> Column:
    """The column that an option names. Raises UsageError."""
    for column in layout.columns:
        if column.name.casefold() == name.strip().casefold():
            return column
    titles = ", ".join(quoted(column.name) for column in layout.columns)
    raise UsageError(f"there is no column {quoted(name)}.", where=where, remedy=f"Columns are {titles}.")


def unused(layout: Layout, ignored: Mapping[str, str]) -> tuple[Column, ...]:
    """Columns that were not imported. `ignored` maps fields that this run does not need to the reason."""
    needless = [
        replace(column, field=None, why=why)
        for column in layout.columns
        if column.field is not None and (why := ignored.get(column.field))
    ]
    return tuple(sorted((*layout.unused, *needless), key=lambda column: column.index))
