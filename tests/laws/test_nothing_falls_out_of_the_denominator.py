"""Law: every attempt of a result file is counted once for each metric, as an outcome, unscored or errored, whatever it holds,
and the order of attempts changes no number."""

import json
from collections.abc import Sequence

from hypothesis import example, given
from hypothesis import strategies as st

from reassay.evidence.readers.base import ResultOptions
from reassay.evidence.reading import Reading
from reassay.register.measurement import Columns
from tests.results import totals_of
from tests.unit.evidence.readers.files import FOLDER, Document, packed, read

LOG: Document = json.loads((FOLDER / "inspect/plain-0.3.285.json").read_text(encoding="utf-8"))
DOCUMENT: Document = json.loads(
    next((FOLDER / "lm-eval").glob("samples_placeholder_choices*")).read_text(encoding="utf-8").partition("\n")[0]
)
OPTIONS = ResultOptions(columns=Columns(outcome="o", prompt="p", error="e", unscored=("?",)), slice_by=("s",))
SCALARS = (
    st.none() | st.booleans() | st.integers(-2, 2) | st.floats() | st.sampled_from(["", "C", "I", "N", "?", "a/b"])
)
VALUES = (
    SCALARS
    | st.lists(SCALARS, max_size=2)
    | st.dictionaries(st.sampled_from(["a", "b", "a/b", ""]), SCALARS, max_size=3)
)
SCORES = st.dictionaries(
    st.sampled_from(["x", "x/a", "y", ""]), st.fixed_dictionaries({"value": VALUES}) | SCALARS, max_size=3
)
SAMPLES = st.lists(
    st.fixed_dictionaries(
        {"input": st.sampled_from(["one", "two", "three"])},
        optional={
            "scores": SCORES | SCALARS,
            "error": VALUES,
            "invalidation": VALUES,
            "model_fallbacks": VALUES,
            "metadata": st.dictionaries(st.just("s"), VALUES) | SCALARS,
            "output": VALUES,
            "limit": VALUES,
            "started_at": VALUES,
        },
    ),
    min_size=1,
    max_size=6,
)
ROWS = st.lists(st.dictionaries(st.sampled_from("opes"), VALUES), min_size=1, max_size=8)


def assert_whole(readings: tuple[Reading, ...], attempts: int) -> None:
    for reading in readings:
        assert reading.attempted == attempts
        assert sum(number for _, number in reading.totals) + reading.unscored + reading.errored == attempts
        assert totals_of(reading.prompts) == reading.totals
        assert sum(prompt.unscored for prompt in reading.prompts) == reading.unscored
        assert sum(prompt.errored for prompt in reading.prompts) == reading.errored


def numbers(readings: tuple[Reading, ...]) -> Sequence[object]:
    return sorted((reading.metric, reading.prompts, reading.unscored, reading.errored) for reading in readings)


@given(SAMPLES)
@example([{"input": "one", "scores": {"x": {"value": {"a": 1}}, "x/a": {"value": 0}}}])
def test_samples_of_inspect(changes: list[Document]) -> None:
    samples = [{**LOG["samples"][0], "id": place, **change} for place, change in enumerate(changes)]
    results = {"total_samples": len(samples), "scores": [{"name": "x", "scorer": "x"}]}
    readings = read(json.dumps({**LOG, "samples": samples, "results": results}), OPTIONS)
    assert_whole(readings, len(samples))
    assert numbers(readings) == numbers(read(packed({**LOG, "samples": samples[::-1], "results": results}), OPTIONS))


@given(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=6))
def test_documents_of_lm_eval(values: list[tuple[object, object]]) -> None:
    lines = [
        json.dumps({**DOCUMENT, "doc_id": place, "acc": first, "acc_norm": second}) + "\n"
        for place, (first, second) in enumerate(values)
    ]
    assert_whole(read("".join(lines)), len(lines))
    assert numbers(read("".join(lines))) == numbers(read("".join(lines[::-1])))


@given(ROWS)
def test_rows_of_json(rows: list[Document]) -> None:
    first: Document = {"o": "C", "p": "first"}
    assert_whole(read(json.dumps([first, *rows]), OPTIONS), len(rows) + 1)
    lines = [json.dumps(row) + "\n" for row in (first, *rows)]
    assert numbers(read("".join(lines), OPTIONS)) == numbers(read(json.dumps([first, *rows[::-1]]), OPTIONS))
