"""Reads a historical series from CSV: one row an incident, or one row a day with its number."""

import csv
import io
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final

from reassay.register.finding import did_you_mean, quoted
from reassay.signals.replay.series import SeriesIncident

MOST_ROWS: Final = 200_000
_COARSE = re.compile(r"\d{4}(-\d{1,2})?|\d{4}-?Q[1-4]|[A-Za-z]{3,9}\.? \d{4}|\d{1,2}/\d{4}")
"""A year, a quarter or a month without its day."""
_LISTED: Final = 5


class UnreadableSeriesError(ValueError):
    """A file that is not a series. The message is a sentence without its full stop."""

    def __init__(self, why: str, remedy: str, line: int | None = None) -> None:
        super().__init__(why)
        self.remedy = remedy
        self.line = line
        """The first line that it is about; None for the whole file."""


@dataclass(frozen=True, slots=True)
class SeriesColumns:
    """Names of the columns; None for those that the file does not have."""

    first_seen: str
    occurred: str | None = None
    cause: str | None = None
    count: str | None = None
    """How many incidents a row stands for, 0 included; without it each row is one."""
    exposure: str | None = None
    """The exposure of the row's day, the same in each row of a day."""

    @property
    def named(self) -> tuple[str, ...]:
        """Columns that the file must have."""
        names = (self.first_seen, self.occurred, self.cause, self.count, self.exposure)
        return tuple(name for name in names if name is not None)


@dataclass(frozen=True, slots=True)
class SeriesTable:
    """What a file says."""

    incidents: tuple[SeriesIncident, ...]
    exposure: Mapping[date, float] = field(default_factory=dict)
    no_occurrence: int = 0
    """Incidents without a day on which they happened: the rule counts them, and the picture's second line leaves them out."""


def read_series(text: str, columns: SeriesColumns) -> SeriesTable:
    """The incidents and the exposure of a file. Raises UnreadableSeriesError: a row that is not understood is never left out."""
    rows = _rows(text, columns)
    _refuse(rows, columns, _is_coarse, "without a day", "dates of months or years are not counted as a rate")
    _refuse(rows, columns, _is_no_day, "not a date", "nothing is counted")
    incidents: list[SeriesIncident] = []
    exposure: dict[date, float] = {}
    unknown = 0
    for line, row in rows:
        day = _day(row[columns.first_seen])
        assert day is not None  # noqa: S101 -- refused above
        if columns.exposure is not None:
            _expose(exposure, day, row[columns.exposure], line)
        number = 1.0 if columns.count is None else _number(row[columns.count], line, columns.count)
        if number:
            occurred = _day(row[columns.occurred]) if columns.occurred else None
            occurred = occurred if occurred is None or occurred <= day else None
            unknown += occurred is None
            cause = row[columns.cause].strip() if columns.cause else ""
            incidents.append(SeriesIncident(day, cause or f"line {line}", occurred, number))
    return SeriesTable(tuple(incidents), exposure, unknown if columns.occurred else 0)


def _rows(text: str, columns: SeriesColumns) -> list[tuple[int, Mapping[str, str]]]:
    """The rows that are not blank, each with the number of its last line."""
    lines = io.StringIO(text.removeprefix("\ufeff"), newline="")
    first = next((line for line in lines if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    lines.seek(0)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        header = next(([cell.strip() for cell in row] for row in reader if any(row)), [])
        _need(columns, header)
        return list(_dicts(header, reader))
    except csv.Error as error:
        why = f"line {reader.line_num} is not CSV: its quotes do not match, or a cell is too long"
        raise UnreadableSeriesError(why, "Export the file again.", reader.line_num) from error


def _need(columns: SeriesColumns, header: list[str]) -> None:
    for name in columns.named:
        if header.count(name) != 1:
            wrong = (
                f"the column {quoted(name)} is in the header twice"
                if name in header
                else f"there is no column {quoted(name)}"
            )
            listed = ", ".join(quoted(own) for own in header[:20] if own) or "none"
            remedy = did_you_mean(name, header) or f"The columns are: {listed}."
            raise UnreadableSeriesError(wrong, remedy, 1)


def _dicts(header: list[str], reader: "Iterator[list[str]]") -> Iterator[tuple[int, Mapping[str, str]]]:
    for number, row in enumerate(reader, 2):
        line = getattr(reader, "line_num", number)
        if number > MOST_ROWS:
            raise UnreadableSeriesError(f"it has more than {MOST_ROWS:,} rows", "Split the file by year.", line)
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            why = f"line {line} has {len(row)} cells and the header {len(header)}"
            raise UnreadableSeriesError(why, "Quote cells that contain the delimiter.", line)
        yield line, dict(zip(header, row, strict=True))


def _refuse(
    rows: list[tuple[int, Mapping[str, str]]],
    columns: SeriesColumns,
    is_wrong: Callable[[str], bool],
    what: str,
    therefore: str,
) -> None:
    """Raises UnreadableSeriesError with the lines of all dates that are wrong in a way."""
    wrong = [(line, row[columns.first_seen]) for line, row in rows if is_wrong(row[columns.first_seen])]
    if not wrong:
        return
    shown = ", ".join(
        f"line {line} ({quoted(text.strip()[:20]) if text.strip() else 'empty'})" for line, text in wrong[:_LISTED]
    )
    more = f" and {len(wrong) - _LISTED:,} more" if len(wrong) > _LISTED else ""
    are = "is" if len(wrong) == 1 else "are"
    why = f"{shown}{more} {are} {what} in column {quoted(columns.first_seen)}; {therefore}"
    raise UnreadableSeriesError(why, "Give each row the day on which it was first seen, as 2026-12-01.", wrong[0][0])


def _is_coarse(text: str) -> bool:
    return _COARSE.fullmatch(text.strip()) is not None


def _is_no_day(text: str) -> bool:
    return _day(text) is None


def _day(text: str) -> date | None:
    """The day (UTC) of an ISO date or instant; None for anything else."""
    stripped = text.strip()
    if not re.match(r"\d{4}-\d{2}-\d{2}", stripped):
        return None
    try:
        instant = datetime.fromisoformat(stripped)
    except ValueError:
        return None
    return (instant if instant.tzinfo is None else instant.astimezone(UTC)).date()


def _number(text: str, line: int, column: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not (0 <= number < math.inf):
        why = f"line {line} has {quoted(text[:20])} in column {quoted(column)}, which is not a number of at least 0"
        raise UnreadableSeriesError(why, "Write the number, or delete the row where it is not known.", line)
    return number


def _expose(exposure: dict[date, float], day: date, text: str, line: int) -> None:
    """Notes the exposure of a day; an empty cell is unknown."""
    if not text.strip():
        return
    number = _number(text, line, "exposure")
    if exposure.setdefault(day, number) != number:
        why = f"line {line} gives another exposure of {day} than a row before"
        raise UnreadableSeriesError(why, "Write the exposure of the whole day in each of its rows.", line)
