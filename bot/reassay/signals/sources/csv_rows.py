"""Rows of a CSV file with a header, in strict form: quotes match, and each row has as many cells as the header."""

import csv
import io
from collections.abc import Iterator
from typing import Final

from reassay.common.csv_cells import as_written
from reassay.signals.source_readings import SourceUnreadError
from reassay.signals.sources.field_values import shown
from reassay.signals.sources.rows import Row

MOST_COLUMNS: Final = 2_000
_DELIMITERS: Final = ",;\t"


def csv_rows(text: str, path: str, problems: list[str]) -> list[Row]:
    """The rows after the header. A row of another length is a problem. Raises SourceUnreadError."""
    lines = _lines(text, path)
    _, header = next(lines, (1, []))
    names = [name.strip() for name in header]
    if not any(names):
        raise SourceUnreadError(f"{path} has no header. Write the names of its columns into the first line.")
    if len(names) > MOST_COLUMNS:
        raise SourceUnreadError(f"{path} has more than {MOST_COLUMNS:,} columns. Leave out those that are not needed.")
    twice = next((name for name in names if name and names.count(name) > 1), None)
    if twice is not None:
        raise SourceUnreadError(f"{path}:1: the column {shown(twice)} stands twice. Rename one of them.")
    rows: list[Row] = []
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(names):
            problems.append(
                f"{path}:{number}: this row has {len(cells)} cells and the header {len(names)}; it is not counted."
            )
            continue
        values = {name: as_written(cell.strip()) for name, cell in zip(names, cells, strict=True) if name}
        rows.append(Row(f"{path}:{number}", values))
    return rows


def _lines(text: str, path: str) -> Iterator[tuple[int, list[str]]]:
    """Cells with the number of their last line. Raises SourceUnreadError."""
    first = text.lstrip("\r\n").split("\n", 1)[0]
    bare = "".join(first.split('"')[::2])
    delimiter = max(_DELIMITERS, key=bare.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        why = "a cell is too long" if "limit" in str(error) else "its quotes do not match, or the file is cut off"
        raise SourceUnreadError(f"{path}:{reader.line_num}: this is not CSV: {why}. Export it again.") from None
