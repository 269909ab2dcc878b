"""Report of an import: columns, skipped rows, changed cells, and translated cells."""

import re
import shlex
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

from reassay.imports.columns import Column, Layout
from reassay.imports.history import ImportedHistory
from reassay.imports.mitigations import ImportedMitigations
from reassay.imports.places import RowPlaces
from reassay.imports.row_cells import LEFT_OUT
from reassay.imports.spreadsheet import CellNote, CellReading, ImportNotes, SkippedRow, Spreadsheet
from reassay.register.base import Status
from reassay.register.finding import inert, quoted
from reassay.register.register import Register

CONFIGURATION = ".github/reassay.yml"
_LONGEST = 100
_WITH_WORDS = frozenset({"every", "status", "layer", "lifecycle_stage", "depth", "audience", "decision"})
"""Fields with words of their own."""
_DATE = re.compile(r"[a-z_]+: \d{4}-\d{2}-\d{2}")
ItemT = TypeVar("ItemT", CellNote, CellReading)
KeyT = TypeVar("KeyT", bound=Hashable)


def import_lines(
    sheet: Spreadsheet, layout: Layout, unused: Sequence[Column], notes: ImportNotes, *, quiet: bool
) -> Iterator[str]:
    """Lines of the report after the first one; `quiet` leaves out the translated cells."""
    places = layout.places
    rows, cells = ("Entries", "Values") if sheet.unit == "key" else ("Rows", "Cells")
    yield from _remarks(sheet, layout, notes)
    yield from section("Documents not read", [f"{file.place}: {file.why}. {file.remedy}" for file in sheet.unreadable])
    yield from _columns(sheet, layout, unused)
    yield from section(f"{sheet.unit.capitalize()}s not used", [_unused(column, layout, sheet) for column in unused])
    if sheet.unit == "key" and not all(column.on_purpose for column in unused):
        yield "  To use a key: --map 'KEY=FIELD'. To leave it out without a word: --map 'KEY=-'."
    yield from section(f"{rows} not imported", [_left(row, places) for row in notes.left])
    yield from section(f"{cells} not imported as written", list(_cells(notes.cells, places)))
    yield from _hint(layout, notes.cells)
    if not quiet:
        yield from section(f"{cells} translated", list(_readings(notes.readings, places)))


def section(title: str, lines: Sequence[str]) -> Iterator[str]:
    """The lines below a title with their number; nothing for none."""
    if lines:
        yield ""
        yield f"{title} ({len(lines)})"
        yield from (f"  {line}" for line in lines)


def _remarks(sheet: Spreadsheet, layout: Layout, notes: ImportNotes) -> Iterator[str]:
    yield from (f"  {note}" for note in sheet.notes)
    if layout.above:
        shown = " / ".join(cell.strip() for row in layout.above for cell in row.cells if cell.strip())
        yield f"  The header is {layout.header.where}; the text above it was ignored: {quoted(shown)}."
    yield from (f"  {remark}" for remark in notes.remarks)


def _columns(sheet: Spreadsheet, layout: Layout, unused: Sequence[Column]) -> Iterator[str]:
    aside = {column.index for column in unused}
    used = [column for column in layout.columns if column.field and column.index not in aside]
    width = min(40, max((len(quoted(column.name)) for column in used), default=0))
    yield ""
    yield f"{sheet.unit.capitalize()}s ({len(used)} of {len(layout.columns)})"
    for column in used:
        of = f" of {inert(column.catalogue)}" if column.catalogue else ""
        yield f"  {quoted(column.name):<{width}}  {column.field}{of}"


def _unused(column: Column, layout: Layout, sheet: Spreadsheet) -> str:
    name, example = quoted(column.name), layout.example(column)
    held = f"e.g. {quoted(example)}" if example else "it is empty"
    if sheet.unit == "key":
        holding = sum(bool(row.at(column.index).strip()) for row in layout.rows)
        held = f"in {holding} of {len(layout.rows)}, {held}"
    if column.on_purpose or sheet.unit == "key":
        return f"{name}: {column.why}; {held}."
    return f"{name}: {column.why}; {held}. To use it: {column.flag('FIELD')}. To leave it out: {column.flag('-')}."


def _left(row: SkippedRow, places: RowPlaces) -> str:
    return f"{places.of_row(row.row)} {quoted(row.label)}: {row.why}. {row.remedy}"


def _short(written: str) -> str:
    text = inert(written)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _cells(notes: Iterable[CellNote], places: RowPlaces) -> Iterator[str]:
    """Notes by line, equal ones together, in order of the first row."""

    def same(note: CellNote) -> tuple[str, str, str, str, str]:
        return (note.column, note.text, note.outcome, note.why, note.remedy)

    for (column, text, outcome, why, remedy), rows in _grouped(notes, same):
        yield f"{quoted(column)}, {places.of_rows(rows)}: {quoted(text)} → {_short(outcome)}: {why}. {remedy}".rstrip()


def _readings(readings: Sequence[CellReading], places: RowPlaces) -> Iterator[str]:
    def same(reading: CellReading) -> tuple[str, str, str]:
        return (reading.column, reading.text, reading.written)

    dates = [reading for reading in readings if _DATE.fullmatch(reading.written)]
    for column in dict.fromkeys(reading.column for reading in dates):
        of = [reading for reading in dates if reading.column == column]
        yield f"{quoted(column)}: {len(of)} dates, such as {quoted(of[0].text)} → {of[0].written}"
    others = [reading for reading in readings if not _DATE.fullmatch(reading.written)]
    for (column, text, written), rows in sorted(_grouped(others, same), key=lambda group: group[0][0]):
        yield f"{quoted(column)}: {quoted(text)} → {_short(written)} ({places.of_rows(rows)})"


def _grouped(items: Iterable[ItemT], same: Callable[[ItemT], KeyT]) -> list[tuple[KeyT, list[int]]]:
    groups: dict[KeyT, list[int]] = {}
    for item in items:
        groups.setdefault(same(item), []).append(item.row)
    return list(groups.items())


def _hint(layout: Layout, notes: Iterable[CellNote]) -> Iterator[str]:
    """The option that gives a value to a text that was not recognised, with the first such text."""
    columns = {column.name for column in layout.columns if column.field in _WITH_WORDS}
    left = (note for note in notes if note.column in columns and note.outcome.startswith(LEFT_OUT))
    note = next((note for note in left if "\n" not in note.text and len(note.text) <= _LONGEST), None)
    if note is not None:
        text = shlex.quote(inert(f"{note.column}:{note.text}=VALUE"))
        yield f"  To give such a text a value, here and in the next import: --value {text}"


def role_lines(roles: Sequence[str], register: Register) -> Iterator[str]:
    """Lines about roles that the register has to declare."""
    if not roles:
        return
    origin = register.configuration_origin
    yield ""
    yield f"Roles to declare ({len(roles)})"
    yield "  Until you declare them, each name is read as a GitHub login, which may belong to a stranger."
    yield f"  Add this to {origin.path if origin else CONFIGURATION}; then write logins (without @) for LOGIN and delete the #:"
    yield ""
    yield "# roles:"
    yield from (f"#   {name}: {{users: [LOGIN]}}" for name in roles)


def never_due(imported: ImportedMitigations, file: str | None, after: Register) -> str:
    """How many of the mitigations no interval makes due, as half a sentence; "" if there are none."""
    mitigations = [row.mitigation for row in imported.taken]
    warned = [finding for finding in after.findings if finding.code == "no-interval" and finding.at.path == file]
    # A file outside of the register is not read with it, so no commitment gives it an interval.
    is_read = any(entry.origin.path == file for entry in after.mitigations.values())
    own = [entry for entry in mitigations if entry.interval is None and entry.status is not Status.RETIRED]
    count = len(warned) if is_read else len(own)
    return (
        f"{count} of them never {'becomes' if count == 1 else 'become'} due, because no interval is stated"
        if count
        else ""
    )


def made_lines(imported: ImportedMitigations) -> Iterator[str]:
    """Lines about objects that `--stubs` created with id and title only."""
    lines = [f"threat model {threat_model.id}: {quoted(threat_model.title)}" for threat_model in imported.threat_models]
    lines += [
        f"deployment {deployment.id}: {quoted(deployment.title)}, audience {deployment.audience}"
        for deployment in imported.deployments
    ]
    yield from section("Created because the spreadsheet names them; please complete them", lines)


def history_lines(history: ImportedHistory) -> Iterator[str]:
    """Lines about assessments that were imported before."""
    if history.same_file:
        yield f"  This file was imported before: {history.same_file[0]}. To replace that import, add --force."
    if history.there:
        yield f"  Skipped, because the register already has them: {history.layout.places.of_rows(tuple(history.there))}."
