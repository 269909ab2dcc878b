"""CSV files with one row for each attempt, by the columns that a criterion declares."""

import csv
import io
from collections.abc import Iterator
from typing import Final, TextIO

from reassay.evidence.readers.base import EvidenceReader, ResultFile, ResultOptions, UnreadableResultError, digest_of
from reassay.evidence.readers.table_rows import RowCounts, declared_columns, listed
from reassay.evidence.reading import Reading

NAME: Final = "csv"
MOST_LINE: Final = 4 * 1024 * 1024
"""Characters of a line."""
MOST_COLUMNS: Final = 2_000
_DELIMITERS: Final = ",;\t"


def _recognises(file: ResultFile) -> bool:
    head = file.head.removeprefix(b"\xef\xbb\xbf")
    if b"\x00" in head or head.lstrip()[:1] in {b"{", b"[", b"<", b""}:
        return False
    return _delimiter(head.lstrip().split(b"\n", 1)[0].decode("utf-8", "replace")) is not None


def _delimiter(line: str) -> str | None:
    """The delimiter of a header: the most frequent outside of quotes; None if there is none."""
    bare = "".join(line.split('"')[::2])
    delimiter = max(_DELIMITERS, key=bare.count)
    return delimiter if delimiter in bare else None


def _read(file: ResultFile, options: ResultOptions) -> tuple[Reading, ...]:
    with file.open() as stream, io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text:
        try:
            counts = _counts(text, options)
        except UnicodeError:
            raise UnreadableResultError("the file has bytes that are not UTF-8", "Save it as UTF-8.") from None
    return counts.readings(NAME, digest_of(file))


def _counts(text: TextIO, options: ResultOptions) -> RowCounts:
    lines = _lines(text)
    first = next((line for line in lines if line.strip()), "")
    rows = _rows(first, lines)
    _, header = next(rows)
    header = [name.strip() for name in header]
    if len(header) > MOST_COLUMNS:
        raise UnreadableResultError(
            f"the file has more than {MOST_COLUMNS:,} columns", "Export the columns that are needed."
        )
    double = sorted({name for name in header if name and header.count(name) > 1})
    if double:
        raise UnreadableResultError(f"the column {listed(double)} stands twice in the header", "Rename one of them.")
    counts = RowCounts(declared_columns(options, NAME, header), options)
    for number, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            counts.add_unreadable(f"a row has not as many cells as the header, {len(header)}", f"line {number}")
            continue
        counts.add({name: cell.strip() for name, cell in zip(header, row, strict=True)}, f"line {number}")
    return counts


def _lines(text: TextIO) -> Iterator[str]:
    while line := text.readline(MOST_LINE):
        if len(line) >= MOST_LINE:
            raise UnreadableResultError(
                f"a line is longer than {MOST_LINE:,} characters",
                "Check that this is a CSV file with one row for each attempt.",
            )
        yield line


def _rows(first: str, lines: Iterator[str]) -> Iterator[tuple[int, list[str]]]:
    """The number of its last line, and the cells of each row; the header first."""

    def whole() -> Iterator[str]:
        yield first
        yield from lines

    reader = csv.reader(whole(), delimiter=_delimiter(first) or ",", strict=True)
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        why = "a cell is too long" if "limit" in str(error) else "its quotes do not match, or the file is cut off"
        raise UnreadableResultError(
            f"line {reader.line_num} is no CSV: {why}", "Export the file again; quote cells that contain the delimiter."
        ) from None


READER = EvidenceReader(name=NAME, title="CSV with declared columns", recognises=_recognises, read=_read)
