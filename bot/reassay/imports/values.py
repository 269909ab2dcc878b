"""Values that stand for the texts of cells: `--value 'jährlich=1 year'`, or of one column: `--value 'Turnus:jährlich=1 year'`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from reassay.common.csv_cells import as_written
from reassay.common.errors import UsageError
from reassay.imports.columns import Column, Layout, folded
from reassay.imports.spreadsheet import CellReading, Notes
from reassay.register.finding import quoted


@dataclass(frozen=True, slots=True)
class ValueChoice:
    """One `--value`: cells with the text `before`, which may begin with the name of a column, are read as `value`."""

    before: str
    value: str
    where: str = "--value"

    @property
    def key(self) -> str:
        """The text in a form for comparison."""
        return _same(self.before)

    def of_column(self, columns: Sequence[Column]) -> tuple[Column | None, str]:
        """The column that the text begins with, and the text of its cells; None for every column with a field."""
        for index, character in enumerate(self.before):
            if character != ":":
                continue
            name, text = self.before[:index].strip(), self.before[index + 1 :].strip()
            column = next((column for column in columns if _is_name_of(column, name)), None)
            if column is not None and text:
                return column, text
        return None, self.before


def read_value(text: str, where: str = "--value") -> ValueChoice:
    """The choice that one `--value` states. Raises UsageError."""
    before, sign, value = text.rpartition("=")
    if not sign or not before.strip() or not value.strip():
        remedy = (
            "Write 'text of the cell=value', or 'Column:text of the cell=value'; the value '-' leaves the cell out."
        )
        raise UsageError(f"{quoted(text)} is not a valid value.", where=where, remedy=remedy)
    return ValueChoice(before.strip(), value.strip(), where)


def with_values(layout: Layout, choices: Sequence[ValueChoice], notes: Notes) -> Layout:
    """The layout with the values in place of the texts. A choice that fits no cell is a remark."""
    if not choices:
        return layout
    by_text = _ByText.of(choices, layout.columns)
    used: set[ValueChoice] = set()
    rows = []
    for row in layout.rows:
        new = row
        for column in layout.columns:
            text = as_written(row.at(column.index)).strip()
            choice = by_text.choice(column, text) if text else None
            if choice is None:
                continue
            used.add(choice)
            new = new.with_text(column.index, choice.value)
            notes.readings.append(CellReading(row.number, column.name, text, f"{choice.value}, by --value"))
        rows.append(new)
    for choice in choices:
        if choice not in used:
            notes.remarks.append(
                f"{choice.where}: no cell has the text of {quoted(f'{choice.before}={choice.value}')}."
            )
    return replace(layout, rows=tuple(rows))


@dataclass(frozen=True, slots=True)
class _ByText:
    """Choices by the index of their column, or None for every column with a field, and by the text of a cell."""

    choices: Mapping[tuple[int | None, str], ValueChoice]

    @staticmethod
    def of(choices: Sequence[ValueChoice], columns: Sequence[Column]) -> "_ByText":
        by_text: dict[tuple[int | None, str], ValueChoice] = {}
        for choice in choices:
            column, text = choice.of_column(columns)
            by_text[column.index if column else None, _same(text)] = choice
        return _ByText(by_text)

    def choice(self, column: Column, text: str) -> ValueChoice | None:
        """The choice for a cell; that of its column comes first."""
        own = self.choices.get((column.index, _same(text)))
        return own or (self.choices.get((None, _same(text))) if column.field is not None else None)


def _is_name_of(column: Column, name: str) -> bool:
    return bool(name) and (column.name.casefold() == name.casefold() or folded(column.name) == folded(name))


def _same(text: str) -> str:
    return " ".join(text.split()).casefold()
