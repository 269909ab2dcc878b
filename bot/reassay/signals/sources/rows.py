"""Rows of a file or items of a feed as incidents, information, or counts by day: one mapping of columns for all formats.

A value that cannot be understood is a problem with its place, and counts as the worse case; the other rows are still read.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, TypeVar

from reassay.ledger.signals import DayCount
from reassay.register.incident import Severity
from reassay.register.signal_sources import Gives, RowField
from reassay.signals.source_readings import Signal, SourceReading
from reassay.signals.sources import field_values as values

T = TypeVar("T")
MOST_PROBLEMS: Final = 20
"""Problems of a reading that are listed; the others are a number."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, or an object of a list."""

    place: str
    """Its place in a sentence, for example `Line 7` or `Item 3`."""
    values: Mapping[str, object]
    """By column. Objects in objects are reached with dots."""


def read_rows(rows: Sequence[Row], gives: Gives, columns: Mapping[RowField, str], now: datetime) -> SourceReading:
    """The rows as what their source gives.

    `columns` names a column by field; a field that it leaves out is in the column of its own name, if there is one. Never raises.
    """
    problems = [
        f"No row has the column {values.shown(column)}, which the source names for '{field}'."
        for field, column in columns.items()
        if rows and not any(_value(row.values, column) is not None for row in rows)
    ]
    fields = [_Fields(row, columns, now, problems) for row in rows]
    if gives in {"count", "exposure"}:
        counts = _counts(fields, problems)
        return SourceReading(counts=counts, newest=newest_count(counts), problems=listed_problems(problems))
    read = _incident if gives == "incidents" else _information
    signals = distinct([signal for signal in map(read, fields) if signal], problems)
    newest = max((signal.first_seen_at for signal in signals if signal.first_seen_at), default=None)
    return SourceReading(signals=signals, newest=newest, problems=listed_problems(problems))


def newest_count(counts: Sequence[DayCount]) -> datetime | None:
    """The end of the newest day that has a count; None if none has."""
    newest = max((count.day for count in counts), default=None)
    return datetime.combine(newest + timedelta(days=1), time.min, UTC) if newest else None


def listed_problems(problems: Sequence[str]) -> tuple[str, ...]:
    """The problems, the later ones as their number."""
    more = len(problems) - MOST_PROBLEMS
    return (*problems[:MOST_PROBLEMS], f"There are {more:,} more problems.") if more > 0 else tuple(problems)


def distinct(signals: Sequence[Signal], problems: list[str]) -> tuple[Signal, ...]:
    """The signals by key. Of two that differ the more severe one is kept, and it is a problem."""
    by_key: dict[str, Signal] = {}
    for signal in signals:
        other = by_key.setdefault(signal.key, signal)
        if other != signal:
            problems.append(
                f"The key {values.shown(signal.key)} stands twice, with different values; use one key for one item."
            )
            by_key[signal.key] = max(other, signal, key=_weight)
    return tuple(by_key.values())


def _weight(signal: Signal) -> int:
    return list(Severity).index(signal.severity) if signal.severity else -1


class _Fields:
    """The fields of a row, read one by one; what is odd is added to the problems."""

    def __init__(self, row: Row, columns: Mapping[RowField, str], now: datetime, problems: list[str]) -> None:
        self.row, self.columns, self.now, self.problems = row, columns, now, problems

    def odd(self, field: RowField, words: str) -> None:
        column = self.columns.get(field, field)
        self.problems.append(f"{self.row.place}: {values.shown(column)} {words}.")

    def value(self, field: RowField) -> object:
        return _value(self.row.values, self.columns.get(field, field))

    def optional(
        self, field: RowField, read: Callable[[object], T], worst: T | None = None, remark: str = ""
    ) -> T | None:
        """The value of a field; None if it has none, and `worst` if it cannot be understood."""
        value = self.value(field)
        if values.is_empty(value):
            return None
        try:
            return read(value)
        except values.OddValueError as error:
            self.odd(field, f"{error}{remark}")
            return worst

    def required(self, field: RowField, read: Callable[[object], T], remark: str) -> T | None:
        """The value of a field; None if it has none or cannot be understood, which is a problem."""
        if values.is_empty(self.value(field)):
            self.odd(field, f"is missing; {remark}")
            return None
        return self.optional(field, read, remark=f"; {remark}")

    def instant(self, field: RowField, remark: str = "") -> datetime | None:
        return self.optional(field, lambda value: values.instant_of(value, self.now), remark=remark)

    def mitigations(self) -> tuple[str, ...]:
        ids: dict[str, None] = {}
        value = self.value("mitigations")
        for item in () if values.is_empty(value) else values.texts_of(value):
            try:
                ids[values.id_of(item)] = None
            except values.OddValueError as error:
                self.odd("mitigations", str(error))
        return tuple(ids)


def _value(row: Mapping[str, object], column: str) -> object:
    if column in row:
        return row[column]
    inner: object = row
    for key in column.split("."):
        if not isinstance(inner, Mapping) or key not in inner:
            return None
        inner = inner[key]
    return inner


def _incident(fields: _Fields) -> Signal | None:
    key = fields.required("key", values.key_of, "this incident is not counted until it has a key")
    if key is None:
        return None
    return Signal(
        key=key,
        title=fields.optional("title", values.line_of) or key[: values.LONGEST_LINE],
        first_seen_at=fields.instant("first_seen_at", "; it counts from when it was read"),
        occurred_at=fields.instant("occurred_at"),
        resolved_at=fields.instant("resolved_at", "; it counts as not resolved"),
        severity=fields.optional("severity", values.severity_of, Severity.CRITICAL, "; it counts as critical"),
        incident_kind=fields.optional("kind", values.incident_kind_of, "incident", "; it counts as an incident"),
        mitigations=fields.mitigations(),
        deployment=fields.optional("deployment", values.id_of),
        root_cause=fields.optional("root_cause", values.line_of, remark="; it counts on its own"),
        url=fields.optional("url", values.url_of),
    )


def _information(fields: _Fields) -> Signal | None:
    key = fields.required("key", values.key_of, "this item is not taken until it has a key")
    if key is None:
        return None
    return Signal(
        key=key,
        title=fields.optional("title", values.line_of) or key[: values.LONGEST_LINE],
        first_seen_at=fields.instant("first_seen_at", "; it counts from when it was read"),
        information_kind=fields.optional("kind", values.information_kind_of, remark="; the kind of the source counts"),
        mitigations=fields.mitigations(),
        deployment=fields.optional("deployment", values.id_of),
        url=fields.optional("url", values.url_of),
    )


def _counts(rows: Sequence[_Fields], problems: list[str]) -> tuple[DayCount, ...]:
    """Counts of complete days, in order. A day that is given twice is unknown: which of its counts is true is not."""
    counts: dict[tuple[date, str], DayCount] = {}
    twice: set[tuple[date, str]] = set()
    for row in rows:
        count = _count(row)
        if count is None or count.day >= row.now.astimezone(UTC).date():
            continue
        place = (count.day, count.deployment or "")
        if place in counts and place not in twice:
            twice.add(place)
            problems.append(f"{row.row.place}: {count.day} has another count in another row; the day is unknown.")
        counts[place] = count
    return tuple(counts[place] for place in sorted(counts) if place not in twice)


def _count(row: _Fields) -> DayCount | None:
    day = row.required("day", lambda value: values.day_of(value, row.now), "its count is not taken")
    number = row.required("count", values.count_of, "the day is unknown")
    if values.is_empty(row.value("deployment")):
        deployment = None
    else:
        deployment = row.optional("deployment", values.id_of, remark="; its count is not taken")
        if deployment is None:
            return None
    return None if day is None or number is None else DayCount(day=day, count=number, deployment=deployment)
