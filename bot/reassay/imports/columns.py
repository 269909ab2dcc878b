"""The columns of a spreadsheet and their fields: guessed from the header or set with --map."""

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from reassay.common.errors import UsageError
from reassay.common.sentences import names
from reassay.imports.accents import without_accents
from reassay.imports.headers import CATALOGUE_TAILS, CATALOGUES, Guide
from reassay.imports.places import RowPlaces
from reassay.imports.spreadsheet import SheetRow, Spreadsheet
from reassay.register.finding import did_you_mean, quoted

HEADER_WITHIN: Final = 30
"""Number of rows in which the header is looked for."""
_LEAVE: Final = "-"
_CAMEL = re.compile(r"(?<=[a-zß-ÿ0-9])(?=[A-ZÀ-Þ])|(?<=[A-ZÀ-Þ])(?=[A-ZÀ-Þ][a-zß-ÿ])")
"""Between the words of `controlOwner` and `AIControlOwner`."""
_UNITS: Final[Mapping[str, Sequence[str]]] = {
    "days": ("days", "tage", "tagen", "jours", "dias"),
    "weeks": ("weeks", "wochen", "semaines", "semanas"),
    "months": ("months", "monate", "monaten", "mois", "meses"),
    "quarters": ("quarters", "quartale", "quartalen", "trimestres"),
    "years": ("years", "jahre", "jahren", "ans", "annees", "anos"),
}
"""Units by their words without accents. Plurals only: *per year* counts reviews, and is not a unit of an interval."""
_UNIT_WORDS: Final = "|".join(word for words in _UNITS.values() for word in words)
_UNIT = re.compile(rf"(?<!par )(?<!per )\b({_UNIT_WORDS})\b")
_EXAMPLE: Final = 40
SEVERAL: Final = frozenset({"standards", "references", "taxonomy"})
"""Fields that several columns can fill, each with its own catalogue or source."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column and the field it fills."""

    index: int
    name: str
    """Unique header: `Owner`, `Owner (2)`, `column F`."""
    field: str | None = None
    catalogue: str | None = None
    """The standard of all its cells, if the header or --map names one."""
    why: str = ""
    """The reason for not using it; "" if it is used."""
    on_purpose: bool = False

    def flag(self, field: str) -> str:
        """The option that maps it to a field, quoted for a shell."""
        text = f"{self.name}={field}"
        return f"--map {shlex.quote(text)}" if "'" in text else f"--map '{text}'"

    @property
    def unit(self) -> str | None:
        """Unit of bare numbers in the column, as in `Frequency (months)` and `Turnus in Monaten`; None without one."""
        found = _UNIT.search(_words(self.name))
        return next((unit for unit, words in _UNITS.items() if found and found[1] in words), None)


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns, the rows below the header, and the rows above it, which are not data."""

    columns: tuple[Column, ...]
    header: SheetRow
    above: tuple[SheetRow, ...]
    rows: tuple[SheetRow, ...]

    @property
    def places(self) -> RowPlaces:
        """Where its rows are found."""
        return RowPlaces.of((self.header, *self.above, *self.rows))

    def of(self, field: str) -> tuple[Column, ...]:
        """The columns that fill a field."""
        return tuple(column for column in self.columns if column.field == field)

    def has(self, field: str) -> bool:
        """Whether any column fills a field."""
        return bool(self.of(field))

    @property
    def unused(self) -> tuple[Column, ...]:
        """Columns without a field."""
        return tuple(column for column in self.columns if column.field is None)

    def example(self, column: Column) -> str:
        """The first text of a column, shortened; "" if it is empty."""
        value = next((row.at(column.index).strip() for row in self.rows if row.at(column.index).strip()), "")
        return value if len(value) <= _EXAMPLE else f"{value[: _EXAMPLE - 1]}…"


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """One `--map COLUMN=FIELD`; field None leaves the column out."""

    column: str
    field: str | None
    catalogue: str | None = None
    where: str = "--map"
    """Where it is stated: the option, or a line of a file with kept options."""
    why: str = ""
    """Why it is left out, if a recipe says so."""


def read_map(text: str, guide: Guide, where: str = "--map") -> ColumnChoice:
    """The choice that one `--map` states. Raises UsageError with the possible fields."""
    column, sign, wanted = text.rpartition("=")
    column, (field, _, catalogue) = column.strip(), wanted.strip().partition(":")
    if not sign or not column or not field:
        raise UsageError(f"{quoted(text)} is not a valid mapping.", where=where, remedy="Write 'Column title=field'.")
    if field == _LEAVE:
        return ColumnChoice(column, None, where=where)
    meant = field.replace("-", "_")
    if meant not in guide:
        message = f"there is no field {quoted(field)}."
        remedy = f"{did_you_mean(field, guide)} Fields are {names(*guide)}; '-' leaves the column out.".strip()
        raise UsageError(message, where=where, remedy=remedy)
    if catalogue and meant not in SEVERAL:
        several = "Only standards, references and taxonomy can have one"
        remedy = f"{several}: 'NIST=standards:NIST-800-53', 'ATLAS=references:MITRE ATLAS'."
        raise UsageError(f"{quoted(field)} cannot have a catalogue.", where=where, remedy=remedy)
    return ColumnChoice(column, meant, catalogue.strip() or None, where)


def folded(header: str) -> str:
    """A header in a form for comparison: `controlOwner` and `Control-Owner (team)` are `control owner`."""
    bare = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", header) if not header.strip().startswith(("(", "[")) else header
    return _words(bare) or ("no" if header.strip() == "#" else "")


def _words(header: str) -> str:
    return re.sub(r"[\W_]+", " ", without_accents(_CAMEL.sub(" ", header))).strip()


def meaning(header: str, guide: Guide) -> str | None:
    """The field that a header means; None if it means none."""
    name = _without_unit(folded(header))
    field = next((field for field, words in guide.items() if name in words), None)
    return field or ("standards" if "standards" in guide and catalogue_of(header) else None)


def catalogue_of(header: str) -> str | None:
    """The standard that a header names (`NIST control`: NIST-800-53); None if it names none."""
    name = folded(header)
    return next(
        (full for short, full in CATALOGUES.items() if name in {f"{short}{tail}" for tail in CATALOGUE_TAILS}), None
    )


def _without_unit(name: str) -> str:
    return re.sub(rf" (?:in|en) (?:{_UNIT_WORDS})$", "", name)


def lay_out(sheet: Spreadsheet, guide: Guide, maps: Sequence[ColumnChoice], header: int | None = None) -> Layout:
    """The layout of a sheet: its header, and the field of every column. Raises UsageError if the options do not suffice."""
    top = _header(sheet, guide, maps, sheet.header if header is None else header)
    above = tuple(row for row in sheet.rows if row.number < top.number)
    rows = tuple(row for row in sheet.rows if row.number > top.number)
    width = max((len(row.cells) for row in (top, *rows)), default=0)
    bare = [index for index in range(width) if top.at(index).strip() or any(row.at(index).strip() for row in rows)]
    columns = [Column(index, name) for index, name in zip(bare, _unique_names(top, bare), strict=True)]
    used = _given(columns, maps, sheet.file) if maps else {}
    used |= _guessed(
        [column for column in columns if column.index not in used], guide, {choice.field for choice in used.values()}
    )
    return Layout(tuple(used.get(column.index, column) for column in columns), top, above, rows)


def header_score(row: SheetRow, guide: Guide, maps: Sequence[ColumnChoice] = ()) -> int:
    """The number of cells of a row that are recognised as headers."""
    named = {folded(choice.column) for choice in maps}
    fields = {meaning(cell, guide) for cell in row.cells if cell.strip()} - {None}
    return len(fields) + sum(folded(cell) in named for cell in row.cells if cell.strip())


def _header(sheet: Spreadsheet, guide: Guide, maps: Sequence[ColumnChoice], number: int | None) -> SheetRow:
    if number is not None:
        header = next((row for row in sheet.rows if row.number == number), None)
        if header is None:
            raise UsageError(
                f"row {number} is empty or does not exist.",
                where="--header",
                remedy="Give the number of the header row.",
            )
        return header
    first = sheet.rows[:HEADER_WITHIN]
    best = max(first, key=lambda row: header_score(row, guide, maps), default=None)
    if best is not None and header_score(best, guide, maps) > 1:
        return best
    wide = next((row for row in first if sum(bool(cell.strip()) for cell in row.cells) > 1), best)
    if wide is None:
        raise UsageError("this file has no text.", where=sheet.file, remedy="Export the sheet again.")
    return wide


def _unique_names(top: SheetRow, indices: Sequence[int]) -> Iterator[str]:
    seen: dict[str, int] = {}
    for index in indices:
        # Invisible characters cannot be typed after --map.
        seen_name = "".join(character for character in " ".join(top.at(index).split()) if character.isprintable())
        name = seen_name or f"column {_letters(index)}"
        seen[name.casefold()] = seen.get(name.casefold(), 0) + 1
        yield name if seen[name.casefold()] == 1 else f"{name} ({seen[name.casefold()]})"


def _letters(index: int) -> str:
    """The letters of a column in a spreadsheet program: `A`, `Z`, `AA`."""
    text, rest = "", index + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        text = chr(ord("A") + letter) + text
    return text


def _given(columns: Sequence[Column], maps: Sequence[ColumnChoice], file: str) -> dict[int, Column]:
    """Columns by index, as set with --map. Raises UsageError for unknown columns and fields that are mapped twice."""
    used: dict[int, Column] = {}
    for choice in maps:
        column = _named(columns, choice, file)
        if column.index in used:
            raise UsageError(
                f"the column {quoted(column.name)} is mapped twice.", where=choice.where, remedy="Keep one."
            )
        rival = next((other for other in used.values() if choice.field and other.field == choice.field), None)
        if rival and choice.field not in SEVERAL:
            message = f"{choice.field} is mapped to both {quoted(rival.name)} and {quoted(column.name)}."
            raise UsageError(message, where=choice.where, remedy=f"Leave one out: {column.flag('-')}.")
        used[column.index] = Column(
            column.index, column.name, choice.field, choice.catalogue or catalogue_of(column.name),
            why="" if choice.field else choice.why or "left out on purpose", on_purpose=choice.field is None,
        )  # fmt: skip
    return used


def _named(columns: Sequence[Column], choice: ColumnChoice, file: str) -> Column:
    name = choice.column
    # An exact name comes first: `Owner (2)` would fold to `owner`.
    for same in (lambda column: column.name == name, lambda column: column.name.casefold() == name.casefold(),
                 lambda column: f"column {_letters(column.index)}".casefold() == name.casefold(),
                 lambda column: folded(column.name) == folded(name)):  # fmt: skip
        if match := next((column for column in columns if same(column)), None):
            return match
    titles = [column.name for column in columns]
    remedy = f"{did_you_mean(name, titles)} Columns are {names(*map(quoted, titles))}.".strip()
    raise UsageError(f"there is no column {quoted(name)}.", where=f"{choice.where}, {file}", remedy=remedy)


def _guessed(columns: Sequence[Column], guide: Guide, taken: set[str | None]) -> dict[int, Column]:
    """Columns by index, as guessed: each field gets the column with its best header, the others get a reason."""
    used: dict[int, Column] = {}
    by_name = {column.index: _without_unit(folded(column.name)) for column in columns}
    winners: dict[str, str] = {}
    for field, words in guide.items():
        if field in taken:
            continue
        free = [column for column in columns if column.index not in used and by_name[column.index] in words]
        best = min(free, key=lambda column: words.index(by_name[column.index]), default=None)
        if best is not None:
            used[best.index] = Column(best.index, best.name, field)
            winners[field] = best.name
    for column in columns:
        if column.index in used:
            continue
        catalogue = catalogue_of(column.name) if "standards" in guide else None
        if catalogue:
            used[column.index] = Column(column.index, column.name, "standards", catalogue)
            continue
        used[column.index] = Column(column.index, column.name, why=_why(column, guide, winners, taken))
    return used


def _why(column: Column, guide: Guide, winners: Mapping[str, str], taken: set[str | None]) -> str:
    field = meaning(column.name, guide) or meaning(re.sub(r" \(\d+\)$", "", column.name), guide)
    if field is not None and field in winners:
        return f"{field} is taken from {quoted(winners[field])}"
    return f"{field} is mapped to another column" if field in taken and field else "no field has this name"
