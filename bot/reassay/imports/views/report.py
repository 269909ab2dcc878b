"""What an import says: columns, rows and cells that were not taken as they stand, and how the others were read."""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

from reassay.imports.cells import row_list
from reassay.imports.columns import Column, Layout
from reassay.imports.history import History
from reassay.imports.mitigations import Imported
from reassay.imports.table import CellNote, Reading, RowLeft, Said, Sheet
from reassay.register.finding import inert, quoted
from reassay.register.register import Register

CONFIGURATION = ".github/reassay.yml"
_LONGEST = 100
_DATE = re.compile(r"[a-z_]+: \d{4}-\d{2}-\d{2}")
ItemT = TypeVar("ItemT", CellNote, Reading)
KeyT = TypeVar("KeyT", bound=Hashable)


def import_lines(sheet: Sheet, layout: Layout, unused: Sequence[Column], said: Said, *, quiet: bool) -> Iterator[str]:
    """Everything but the first line; `quiet` leaves out how the fine cells were read."""
    yield from _remarks(sheet, layout, said)
    yield from _columns(layout, unused)
    yield from _section("Columns not used", [_unused(column, layout) for column in unused])
    yield from _section("Rows not taken", [_left(each) for each in said.left])
    yield from _section("Cells not taken as they stand", list(_cells(said.cells)))
    if not quiet:
        yield from _section("How other cells were read", list(_readings(said.readings)))


def _section(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield f"{title} ({len(lines)})"
        yield from (f"  {line}" for line in lines)


def _remarks(sheet: Sheet, layout: Layout, said: Said) -> Iterator[str]:
    yield from (f"  {note}" for note in sheet.notes)
    if layout.above:
        shown = " / ".join(cell.strip() for row in layout.above for cell in row.cells if cell.strip())
        yield f"  The header is row {layout.header.number}; above it stands {quoted(shown)}, which is no data."
    yield from (f"  {remark}" for remark in said.remarks)


def _columns(layout: Layout, unused: Sequence[Column]) -> Iterator[str]:
    aside = {column.index for column in unused}
    used = [column for column in layout.columns if column.field and column.index not in aside]
    width = min(40, max((len(quoted(column.name)) for column in used), default=0))
    yield ""
    yield f"Columns ({len(used)} of {len(layout.columns)})"
    for column in used:
        of = f" of {column.catalogue}" if column.catalogue else ""
        yield f"  {quoted(column.name):<{width}}  {column.field}{of}"


def _unused(column: Column, layout: Layout) -> str:
    name, example = quoted(column.name), layout.example(column)
    held = f"for example {quoted(example)}" if example else "no row has a value in it"
    if column.on_purpose:
        return f"{name}: {column.why}; {held}."
    return f"{name}: {column.why}; {held}. To use it: {column.flag('FIELD')}. To leave it out: {column.flag('-')}."


def _left(each: RowLeft) -> str:
    return f"row {each.row} {quoted(each.label)}: {each.why}. {each.remedy}"


def _short(written: str) -> str:
    text = inert(written)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _cells(notes: Iterable[CellNote]) -> Iterator[str]:
    """Equal ones in one line, in order of the first row."""

    def same(note: CellNote) -> tuple[str, str, str, str, str]:
        return (note.column, note.text, note.outcome, note.why, note.remedy)

    for (column, text, outcome, why, remedy), rows in _grouped(notes, same):
        yield f"{quoted(column)}, {row_list(rows)}: {quoted(text)} → {_short(outcome)}: {why}. {remedy}".rstrip()


def _readings(readings: Sequence[Reading]) -> Iterator[str]:
    def same(each: Reading) -> tuple[str, str, str]:
        return (each.column, each.text, each.written)

    dates = [each for each in readings if _DATE.fullmatch(each.written)]
    for column in dict.fromkeys(each.column for each in dates):
        of = [each for each in dates if each.column == column]
        yield f"{quoted(column)}: {len(of)} dates, such as {quoted(of[0].text)} → {of[0].written}"
    others = [each for each in readings if not _DATE.fullmatch(each.written)]
    for (column, text, written), rows in sorted(_grouped(others, same), key=lambda each: each[0][0]):
        yield f"{quoted(column)}: {quoted(text)} → {_short(written)} ({row_list(rows)})"


def _grouped(items: Iterable[ItemT], same: Callable[[ItemT], KeyT]) -> list[tuple[KeyT, list[int]]]:
    found: dict[KeyT, list[int]] = {}
    for each in items:
        found.setdefault(same(each), []).append(each.row)
    return list(found.items())


def role_lines(roles: Sequence[str], register: Register) -> Iterator[str]:
    """What has to be declared before names of teams lead to people."""
    if not roles:
        return
    origin = register.configuration_origin
    yield ""
    yield f"Roles to declare ({len(roles)})"
    yield "  Until they are, each name is taken for the GitHub account of that very name, which may be a stranger's."
    yield f"  Put this into {origin.path if origin else CONFIGURATION}, with the logins behind each name (without the @):"
    yield ""
    yield "roles:"
    yield from (f"  {name}: {{users: []}}" for name in roles)


def made_lines(imported: Imported) -> Iterator[str]:
    """What `--stubs` made: an id and a title, and nothing else is known of it."""
    made = [f"threat model {each.id}: {quoted(each.title)}" for each in imported.threat_models]
    made += [f"deployment {each.id}: {quoted(each.title)}, audience {each.audience}" for each in imported.deployments]
    yield from _section("Made because the spreadsheet names them; add what you know", made)


def history_lines(history: History) -> Iterator[str]:
    """What was there before."""
    if history.same_file:
        yield f"  This very file was imported before: {history.same_file[0]}. --force replaces that import."
    if history.there:
        yield f"  The register has {row_list(tuple(history.there))} already: skipped."
