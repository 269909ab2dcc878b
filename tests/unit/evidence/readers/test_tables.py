"""CSV and JSON by declared columns."""

import json
from datetime import UTC, datetime

import pytest

from reassay.evidence.readers.base import ResultOptions, UnreadableResultError
from reassay.evidence.reading import Reading
from reassay.register.measurement import Columns
from tests.unit.evidence.readers.files import read

COLUMNS = Columns(
    outcome="verdict",
    prompt="id",
    error="error",
    model="model",
    performed_at="time",
    unscored=("unclear",),
    task="task",
    task_version="version",
)
OPTIONS = ResultOptions(columns=COLUMNS)
SHORT = ResultOptions(columns=Columns(outcome="verdict", prompt="id"))
ROWS: list[dict[str, object]] = [
    {"id": "a", "verdict": "refused", "error": "", "model": "m-1", "time": "2026-11-02T10:00:00Z", "lang": "de"},
    {"id": "a", "verdict": "complied", "error": "", "model": "m-1", "time": "2026-11-01T10:00:00+01:00", "lang": "de"},
    {"id": "b", "verdict": "unclear", "error": "", "model": "m-2", "time": "2026-11-03T10:00:00Z", "lang": "en"},
    {"id": "c", "verdict": "", "error": "", "model": "m-2", "time": "2026-11-03T10:00:00Z", "lang": "en"},
    {"id": "d", "verdict": "refused", "error": "timed out", "model": "", "time": "", "lang": "en"},
]
for _row in ROWS:
    _row.update(task="jailbreaks", version="3")


def as_csv(delimiter: str = ",", start: str = "", end: str = "\n") -> str:
    lines = [list(ROWS[0]), *([str(value) for value in row.values()] for row in ROWS)]
    return start + "".join(delimiter.join(f'"{cell}"' for cell in line) + end for line in lines)


FORMS = {
    "comma": as_csv(),
    "semicolon": as_csv(";"),
    "tab": as_csv("\t"),
    "byte order mark": as_csv(start="\ufeff"),
    "carriage returns": as_csv(end="\r\n"),
    "empty lines": as_csv(start="\n\n", end="\n\n"),
    "JSON list": json.dumps(ROWS),
    "JSON list with indents": json.dumps(ROWS, indent=2),
    "JSON lines": "".join(json.dumps(row) + "\n" for row in ROWS),
    "JSON with a byte order mark": "\ufeff" + json.dumps(ROWS),
}


def one(text: str | bytes, options: ResultOptions = OPTIONS) -> Reading:
    (reading,) = read(text, options)
    return reading


@pytest.mark.parametrize("form", FORMS)
def test_the_same_rows_in_any_form_are_the_same_counts(form: str) -> None:
    reading = one(FORMS[form])
    assert reading.tool == ("json" if "JSON" in form else "csv")
    assert (dict(reading.totals), reading.unscored, reading.errored) == ({"complied": 1, "refused": 1}, 2, 1)
    assert (reading.attempted, reading.planned, len(reading.prompts)) == (5, None, 4)
    assert reading.prompts == one(FORMS["comma"]).prompts
    assert reading.models_answered == ("m-1", "m-2")
    assert reading.performed_at == datetime(2026, 11, 1, 9, tzinfo=UTC)
    assert (reading.metric, reading.task, reading.task_version) == ("verdict", "jailbreaks", "3")
    assert reading.problems == ()


@pytest.mark.parametrize("form", ["comma", "JSON list", "JSON lines"])
def test_without_columns_the_file_is_refused_with_a_proposal(form: str) -> None:
    with pytest.raises(UnreadableResultError, match="does not say which columns") as caught:
        read(FORMS[form])
    assert 'columns: {outcome: "verdict", prompt: "id"}' in caught.value.remedy
    assert '"model", "time", "lang"' in caught.value.remedy


@pytest.mark.parametrize("form", ["comma", "JSON list", "JSON lines"])
def test_a_column_that_the_file_lacks_is_refused(form: str) -> None:
    options = ResultOptions(columns=Columns(outcome="verdikt", prompt="id"))
    with pytest.raises(UnreadableResultError, match='no column "verdikt"') as caught:
        read(FORMS[form], options)
    assert '"verdict"' in caught.value.remedy


def test_a_slice_or_cluster_column_that_a_csv_lacks_is_refused() -> None:
    for options in (ResultOptions(COLUMNS, slice_by=("dialect",)), ResultOptions(COLUMNS, cluster_by="dialect")):
        with pytest.raises(UnreadableResultError, match='no column "dialect"'):
            read(FORMS["comma"], options)


@pytest.mark.parametrize("form", FORMS)
def test_slices_and_clusters_are_columns(form: str) -> None:
    reading = one(FORMS[form], ResultOptions(COLUMNS, slice_by=("lang",), cluster_by="lang"))
    assert sorted((prompt.slices, prompt.generations) for prompt in reading.prompts) == [
        ((("lang", "de"),), 2),
        ((("lang", "en"),), 3),
    ]


def test_a_row_without_its_slice_or_cluster_is_a_problem() -> None:
    reading = one("id,verdict,lang\na,yes,\n", ResultOptions(SHORT.columns, slice_by=("lang",), cluster_by="lang"))
    assert len(reading.problems) == 2


def test_a_ragged_row_is_a_problem_and_unscored() -> None:
    reading = one("id,verdict\na,yes\nb\nc,yes,too much\nd,no\n", SHORT)
    assert (dict(reading.totals), reading.unscored, reading.attempted) == ({"no": 1, "yes": 1}, 2, 4)
    assert reading.problems == ("a row has not as many cells as the header, 2 (2 times, first line 3)",)


def test_a_column_that_stands_twice_is_refused() -> None:
    with pytest.raises(UnreadableResultError, match='column "verdict" stands twice'):
        read("id,verdict,verdict\na,yes,no\n", SHORT)


def test_a_key_that_stands_twice_is_refused() -> None:
    with pytest.raises(UnreadableResultError, match="stands twice"):
        read('[{"id": "a", "verdict": "yes", "verdict": "no"}]', SHORT)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('id,verdict\na,"yes\n', "quotes do not match"),
        ('id,verdict\na,"ye"s\n', "quotes do not match"),
        ("id,verdict\na," + "x" * 200_000 + "\n", "a cell is too long"),
        ("id,verdict\na," + "x" * 5_000_000 + "\n", "a line is longer"),
        ("id,verdict\n", "no row"),
        ("[]", "is of no tool"),
        (b"id,verdict\na,\xff\n", "not UTF-8"),
        (",".join(f"c{number}" for number in range(3_000)) + "\n", "more than 2,000 columns"),
        ('[{"id": "a", "verdict": "yes"}', "cut off"),
    ],
)
def test_what_is_refused(text: str | bytes, why: str) -> None:
    with pytest.raises(UnreadableResultError, match=why) as caught:
        read(text, SHORT)
    assert caught.value.remedy


def test_items_that_are_no_object_are_problems_and_unscored() -> None:
    reading = one('[{"id": "a", "verdict": "yes"}, 3, [1]]', SHORT)
    assert (reading.attempted, reading.unscored) == (3, 2)
    assert reading.problems == ("an item is no object (2 times, first item 2)",)


def test_values_of_json_are_written_as_json_writes_them() -> None:
    values: list[object] = [True, False, 1, 1.0, None, [], "x"]
    rows = [{"id": number, "verdict": value} for number, value in enumerate(values)]
    reading = one(json.dumps(rows), SHORT)
    assert dict(reading.totals) == {"true": 1, "false": 1, "1": 1, "1.0": 1, "x": 1}
    assert reading.unscored == 2


def test_a_file_of_several_tasks_is_a_reading_each() -> None:
    rows = [{"id": "a", "verdict": "yes", "task": task, "version": version} for task, version in ("x1", "x2", "y1")]
    readings = read(
        json.dumps(rows), ResultOptions(Columns(outcome="verdict", prompt="id", task="task", task_version="version"))
    )
    assert {(reading.task, reading.task_version): reading.attempted for reading in readings} == {
        ("x", "1"): 1,
        ("x", "2"): 1,
        ("y", "1"): 1,
    }


def test_a_time_without_a_zone_is_a_problem() -> None:
    reading = one('[{"id": "a", "verdict": "yes", "time": "2026-11-01 10:00"}]', OPTIONS)
    assert reading.problems == ('a time in "time" is not ISO 8601 with a zone (item 1)',)
    assert reading.performed_at is None


def test_a_row_without_a_prompt_is_a_problem() -> None:
    assert len(one("id,verdict\n,yes\n", SHORT).problems) == 1


def test_the_proposal_is_bounded_and_quoted() -> None:
    header = [f'c{number} "{"x" * 500}' for number in range(50)]
    text = ",".join('"' + name.replace('"', '""') + '"' for name in header) + "\n"
    with pytest.raises(UnreadableResultError) as caught:
        read(text)
    assert len(caught.value.remedy) < 2_500
    assert "and 30 more" in caught.value.remedy
    assert '\\"' in caught.value.remedy


def test_nothing_of_the_rows_is_kept_but_outcomes_models_and_tasks() -> None:
    reading = one(json.dumps([{"id": "Placeholder prompt", "verdict": "yes", "note": "Placeholder answer"}]), SHORT)
    assert "laceholder" not in reading.model_dump_json()


def test_the_proposal_names_no_column_without_a_name() -> None:
    with pytest.raises(UnreadableResultError) as caught:
        read("Run of a Tuesday,,\nprompt,outcome,error\na,x,\n")
    assert 'outcome: ""' not in caught.value.remedy
