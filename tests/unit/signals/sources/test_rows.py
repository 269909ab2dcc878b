"""Rows of files and feeds: what each field may hold, and what is said of what it may not."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassay.ledger.signals import DayCount
from reassay.register.incident import Severity
from reassay.register.signal_sources import Gives, RowField
from reassay.signals.source_readings import SourceReading
from reassay.signals.sources.rows import MOST_PROBLEMS, Row, read_rows
from tests.unit.signals.sources.source_lab import NOW


def read(
    *rows: Mapping[str, object], gives: Gives = "incidents", columns: dict[RowField, str] | None = None
) -> SourceReading:
    return read_rows([Row(f"Item {place}", row) for place, row in enumerate(rows, 1)], gives, columns or {}, NOW)


def test_an_incident_has_its_fields() -> None:
    reading = read(
        {
            "key": 7,
            "title": "Filter\nbypassed",
            "first_seen_at": "2026-11-30T10:00:00+01:00",
            "occurred_at": "2026-11-29",
            "resolved_at": "2026-11-30 12:00",
            "severity": "Moderate",
            "kind": "Near miss",
            "root_cause": "prompt-leak",
            "mitigations": "jailbreak-filter; output-filter",
            "deployment": "public-api",
            "url": "https://tickets.example.org/7",
        }
    )
    (signal,) = reading.signals
    assert reading.problems == ()
    assert (signal.key, signal.title) == ("7", "Filter bypassed")
    assert signal.first_seen_at == reading.newest == datetime(2026, 11, 30, 9, tzinfo=UTC)
    assert signal.occurred_at == datetime(2026, 11, 29, tzinfo=UTC)
    assert signal.resolved_at == datetime(2026, 11, 30, 12, tzinfo=UTC)
    assert (signal.severity, signal.incident_kind, signal.root_cause) == (Severity.MEDIUM, "near-miss", "prompt-leak")
    assert (signal.mitigations, signal.deployment) == (("jailbreak-filter", "output-filter"), "public-api")
    assert signal.url == "https://tickets.example.org/7"


def test_columns_name_fields_also_inside_of_objects() -> None:
    row = {"fields": {"severity": {"name": "high"}}, "id": "T-1", "a.b": "dotted"}
    columns: dict[RowField, str] = {"key": "id", "severity": "fields.severity.name", "title": "a.b"}
    reading = read(row, columns=columns)
    assert reading.problems == ()
    assert [(signal.key, signal.severity, signal.title) for signal in reading.signals] == [
        ("T-1", Severity.HIGH, "dotted")
    ]


@pytest.mark.parametrize(
    ("field", "value", "words", "read_as"),
    [
        ("severity", "sev0", "Item 1: 'severity' is 'sev0', none of low, medium, high and critical; it counts as critical.", Severity.CRITICAL),
        ("severity", 3, "Item 1: 'severity' is '3', none of low, medium, high and critical; it counts as critical.", Severity.CRITICAL),
        ("severity", None, None, None),
        ("severity", " ", None, None),
        ("first_seen_at", "last week", "Item 1: 'first_seen_at' is 'last week', not a date; write it as 2026-06-01 or 2026-06-01T14:30Z; it counts from when it was read.", None),
        ("first_seen_at", "2026-02-30", "Item 1: 'first_seen_at' is '2026-02-30', not a date; write it as 2026-06-01 or 2026-06-01T14:30Z; it counts from when it was read.", None),
        ("first_seen_at", "2027-01-01", "Item 1: 'first_seen_at' is '2027-01-01', which lies in the future; it counts from when it was read.", None),
        ("first_seen_at", "2026-11", None, None),
        ("occurred_at", "2026", None, None),
        ("occurred_at", 1795305600, "Item 1: 'occurred_at' is '1795305600', not a date; write it as 2026-06-01 or 2026-06-01T14:30Z.", None),
        ("incident_kind", "oops", "Item 1: 'kind' is 'oops', none of incident, near-miss, hazard; it counts as an incident.", "incident"),
        ("mitigations", ["jailbreak-filter", "Not an id", 4], "Item 1: 'mitigations' is 'Not an id', not an id; write it as in the register, for example jailbreak-filter.", ("jailbreak-filter",)),
        ("deployment", "Public API", "Item 1: 'deployment' is 'Public API', not an id; write it as in the register, for example jailbreak-filter.", None),
        ("root_cause", ["a"], "Item 1: 'root_cause' is '['a']', not a text; it counts on its own.", None),
        ("url", "javascript:alert(1)", None, None),
    ],
)  # fmt: skip
def test_an_odd_field_is_a_problem_and_counts_as_the_worse_case(
    field: str, value: object, words: str | None, read_as: object
) -> None:
    reading = read({"key": "a", {"incident_kind": "kind"}.get(field, field): value})
    (signal,) = reading.signals
    assert getattr(signal, field) == read_as
    assert reading.problems[:1] == ((words,) if words else ())


@pytest.mark.parametrize("key", [None, "", "  ", True, 1.5, [], {}, 10**30, "x" * 2000])
def test_an_item_without_a_key_is_a_problem_and_the_others_are_taken(key: object) -> None:
    reading = read({"key": key, "severity": "high"}, {"key": "b"})
    assert [signal.key for signal in reading.signals] == ["b"]
    assert len(reading.problems) == 1
    assert reading.problems[0].startswith("Item 1: 'key' ")
    assert reading.problems[0].endswith("this incident is not counted until it has a key.")


def test_the_same_item_twice_is_one_and_a_contradiction_keeps_the_more_severe() -> None:
    assert len(read({"key": "a"}, {"key": "a"}).signals) == 1
    assert read({"key": 1}, {"key": "1"}).problems == ()
    reading = read({"key": "a", "severity": "critical"}, {"key": "a", "severity": "low"})
    assert [signal.severity for signal in reading.signals] == [Severity.CRITICAL]
    assert reading.problems == ("The key 'a' stands twice, with different values; use one key for one item.",)


def test_a_named_column_that_no_row_has_is_a_problem() -> None:
    reading = read({"key": "a", "sev": "high"}, columns={"severity": "serverity"})
    assert reading.problems == ("No row has the column 'serverity', which the source names for 'severity'.",)
    assert read(columns={"severity": "serverity"}).problems == ()


def test_a_date_in_the_future_does_not_hide_that_a_source_is_silent() -> None:
    reading = read({"key": "a", "first_seen_at": "2036-01-01"}, {"key": "b", "first_seen_at": "2026-11-01"})
    assert reading.newest == datetime(2026, 11, 1, tzinfo=UTC)


def test_information_has_a_kind_of_its_own() -> None:
    reading = read({"key": "a", "kind": "Jailbreak"}, {"key": "b", "kind": "incident"}, gives="information")
    assert [signal.information_kind for signal in reading.signals] == ["jailbreak", None]
    assert len(reading.problems) == 1


def test_counts_are_of_complete_days() -> None:
    reading = read(
        {"day": "2026-11-29", "count": "12"},
        {"day": "2026-11-30", "count": 3.5, "deployment": "public-api"},
        {"day": "2026-12-01", "count": 9},
        gives="count",
    )
    assert reading.counts == (
        DayCount(day=date(2026, 11, 29), count=12),
        DayCount(day=date(2026, 11, 30), count=3.5, deployment="public-api"),
    )
    assert reading.problems == ()
    assert reading.newest == datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"day": "2026-11", "count": 900}, "Item 1: 'day' is '2026-11', which names no day; counts are stated by day; its count is not taken."),
        ({"day": "2026-11-29"}, "Item 1: 'count' is missing; the day is unknown."),
        ({"day": "2026-11-29", "count": ""}, "Item 1: 'count' is missing; the day is unknown."),
        ({"day": "2026-11-29", "count": -1}, "Item 1: 'count' is '-1', which is no count; the day is unknown."),
        ({"day": "2026-11-29", "count": "NaN"}, "Item 1: 'count' is 'NaN', not a number; the day is unknown."),
        ({"day": "2026-11-29", "count": "1,234"}, "Item 1: 'count' is '1,234', not a number; the day is unknown."),
        ({"day": "2026-11-29", "count": True}, "Item 1: 'count' is 'True', not a number; the day is unknown."),
        ({"day": "2026-11-29", "count": 1e300}, "Item 1: 'count' is '1e+300', which is no count; the day is unknown."),
        ({"day": "2026-11-29", "count": 1, "deployment": "A B"}, "Item 1: 'deployment' is 'A B', not an id; write it as in the register, for example jailbreak-filter; its count is not taken."),
        ({"count": 1}, "Item 1: 'day' is missing; its count is not taken."),
    ],
)  # fmt: skip
def test_an_odd_count_leaves_its_day_unknown_and_never_zero(row: dict[str, object], words: str) -> None:
    reading = read(row, gives="exposure")
    assert reading.counts == ()
    assert reading.problems == (words,)


def test_a_day_that_stands_twice_is_unknown() -> None:
    rows = [{"day": "2026-11-29", "count": number} for number in (1, 2, 3)]
    reading = read(*rows, gives="count")
    assert reading.counts == ()
    assert reading.problems == ("Item 2: 2026-11-29 has another count in another row; the day is unknown.",)


def test_many_problems_are_a_number() -> None:
    reading = read(*({"key": None} for _ in range(MOST_PROBLEMS + 5)))
    assert len(reading.problems) == MOST_PROBLEMS + 1
    assert reading.problems[-1] == "There are 5 more problems."


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=4,
)
FIELDS = (
    "key",
    "title",
    "first_seen_at",
    "severity",
    "kind",
    "mitigations",
    "deployment",
    "url",
    "day",
    "count",
    "root_cause",
)


@pytest.mark.slow
@given(
    st.lists(st.dictionaries(st.sampled_from(FIELDS), ANY), max_size=4),
    st.sampled_from(["incidents", "information", "count"]),
)
def test_rows_of_any_values_are_read(rows: list[dict[str, object]], gives: Gives) -> None:
    reading = read(*rows, gives=gives)
    assert all(signal.first_seen_at is None or signal.first_seen_at <= NOW for signal in reading.signals)
    for signal in reading.signals:
        f"{signal.key}{signal.title}{signal.url}{signal.root_cause}".encode()
