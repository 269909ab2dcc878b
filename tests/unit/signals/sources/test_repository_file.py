"""Files of the framework repository: CSV, JSON and YAML say the same, and what is odd is said with its place."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from reassay.ledger.signals import DayCount
from reassay.register.incident import Severity
from reassay.signals.source_readings import SourceReading, SourceUnreadError
from reassay.signals.sources import repository_file
from tests.unit.signals.sources.feeds_lab import context, source

SHARED = Path(__file__).resolve().parents[5] / "shared" / "data"  # beside the checkout
CSV = """\
key,title,first_seen_at,severity,mitigations,deployment
INC-1,"A leak, at last",2026-11-01T10:00Z,high,jailbreak-filter output-filter,public-api
INC-2,=cmd,2026-11-02,,,
"""
YAML = """\
- {key: INC-1, title: "A leak, at last", first_seen_at: 2026-11-01T10:00Z, severity: high,
   mitigations: [jailbreak-filter, output-filter], deployment: public-api}
- {key: INC-2, title: "=cmd", first_seen_at: 2026-11-02}
"""
ITEMS = [
    {
        "key": "INC-1", "title": "A leak, at last", "first_seen_at": "2026-11-01T10:00Z", "severity": "high",
        "mitigations": ["jailbreak-filter", "output-filter"], "deployment": "public-api",
    },
    {"key": "INC-2", "title": "=cmd", "first_seen_at": "2026-11-02"},
]  # fmt: skip


def read(path: str, raw: str | bytes, **fields: object) -> SourceReading:
    content = raw.encode() if isinstance(raw, str) else raw
    return repository_file.READER.read(source("file", path=path, **fields), context(files={path: content}))


def test_csv_json_and_yaml_say_the_same() -> None:
    readings = [
        read("a.csv", CSV),
        read("a.CSV", CSV.replace("\n", "\r\n").encode("utf-8-sig")),
        read("a.tsv", CSV.replace(",", "\t").replace("leak\t", "leak,")),
        read("a.json", json.dumps(ITEMS)),
        read("a.json", json.dumps({"items": ITEMS})),
        read("a.yaml", YAML),
    ]
    assert all(reading == readings[0] for reading in readings)
    first, second = readings[0].signals
    assert (first.key, first.severity, first.mitigations) == (
        "INC-1", Severity.HIGH, ("jailbreak-filter", "output-filter")
    )  # fmt: skip
    assert (second.title, second.severity, second.first_seen_at) == ("=cmd", None, datetime(2026, 11, 2, tzinfo=UTC))
    assert readings[0].problems == ()
    assert readings[0].newest == datetime(2026, 11, 2, tzinfo=UTC)


def test_columns_have_the_names_that_the_source_states() -> None:
    raw = "day,blocked\n2026-11-01,12\n2026-11-02,0\n2026-12-01,3\n"
    reading = read("ops/blocked.csv", raw, gives="count", columns={"count": "blocked"})
    assert reading.counts == (DayCount(day=date(2026, 11, 1), count=12), DayCount(day=date(2026, 11, 2), count=0))
    assert reading.problems == ()


def test_an_empty_list_is_a_statement_and_an_empty_file_is_none() -> None:
    for path, raw in (("a.json", "[]"), ("a.yml", "[]"), ("a.csv", "key,title\n")):
        assert read(path, raw) == SourceReading()
    for path, raw in (("a.json", ""), ("a.yml", "# later\n"), ("a.csv", ""), ("a.csv", "\n,,\n")):
        with pytest.raises(SourceUnreadError):
            read(path, raw)


@pytest.mark.parametrize(
    ("path", "raw", "words"),
    [
        ("a.txt", "x", "a.txt ends in none of .csv"),
        ("a.json", '{"items": [], "next": 2}', "not a list of objects"),
        ("a.json", '[{"key": 1, "key": 2}]', "the key 'key' stands twice"),
        ("a.json", '[{"count": NaN}]', "NaN is not a number"),
        ("a.json", '[{"key": "a"},\n {"key": ', "a.json:2:"),
        ("a.json", "[" * 100_000, "too many levels"),
        ("a.yml", "- key: a\n  key: b\n", "a.yml:2:3: the key 'key' is given twice"),
        ("a.yml", "- !!python/object:os.system x\n", "tag"),
        ("a.yml", "a: &x [*x]\n", "a.yml:1:"),
        ("a.csv", "key,key\n1,2\n", "a.csv:1: the column 'key' stands twice"),
        ("a.csv", 'key,title\n1,"open\n', "its quotes do not match"),
        ("a.csv", b"\xff\xfea", "is not UTF-8"),
    ],
)
def test_what_is_no_document_is_refused_with_its_place(path: str, raw: str | bytes, words: str) -> None:
    with pytest.raises(SourceUnreadError) as refused:
        read(path, raw)
    assert words in str(refused.value)
    assert str(refused.value).endswith(".")


def test_a_file_that_does_not_exist_is_blind_and_not_empty() -> None:
    with pytest.raises(SourceUnreadError, match=r"There is no file ops/x\.csv on the default branch"):
        repository_file.READER.read(source("file", path="ops/x.csv"), context())


def test_rows_that_are_odd_are_said_and_the_others_count() -> None:
    reading = read("a.csv", "key,severity\nINC-1,low\nINC-2\n,high\nINC-3,sev1\n")
    assert [(signal.key, signal.severity) for signal in reading.signals] == [
        ("INC-1", Severity.LOW), ("INC-3", Severity.CRITICAL)
    ]  # fmt: skip
    assert reading.problems[0] == "a.csv:3: this row has 1 cells and the header 2; it is not counted."
    assert reading.problems[1].startswith("a.csv:4: 'key' is missing")
    assert reading.problems[2].startswith("a.csv:5: 'severity' is 'sev1'")
    assert read("a.json", '[{"key": "a"}, 3]').problems == ("a.json, item 2 is '3', not an object; it is not counted.",)


def test_counts_of_an_unknown_deployment_are_not_taken_and_said() -> None:
    reading = read("a.csv", "day,count,deployment\n2026-11-01,3,no-such\n2026-11-01,4,public-api\n", gives="exposure")
    assert [count.deployment for count in reading.counts] == ["public-api"]
    assert reading.problems == ("There is no deployment 'no-such' in the register; its counts are not taken.",)


@pytest.mark.skipif(not SHARED.exists(), reason="the real series are not here")
@pytest.mark.parametrize(
    ("name", "columns", "gives", "rows"),
    [
        (
            "aiid_dates.csv",
            {"key": "incident_id", "occurred_at": "incident_date", "first_seen_at": "record_created"},
            "incidents",
            989,
        ),
        (
            "avid_reports.csv",
            {"key": "report_id", "first_seen_at": "reported_date", "title": "artifact"},
            "information",
            1745,
        ),
    ],
)
def test_real_series_are_read_without_a_problem(name: str, columns: dict[str, str], gives: str, rows: int) -> None:
    reading = read(name, (SHARED / name).read_bytes(), gives=gives, columns=columns)
    assert (len(reading.signals), reading.problems) == (rows, ())
