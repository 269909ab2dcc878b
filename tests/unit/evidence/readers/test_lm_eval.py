"""Files of lm-evaluation-harness. Each trap of its formats is a test of its own."""

import json
from datetime import UTC, datetime

import pytest

from reassay.evidence.readers.base import ResultOptions, UnreadableResultError
from reassay.evidence.reading import Reading
from tests.unit.evidence.readers.files import FOLDER, Document, changed, read, read_fixture

TIME = "2026-11-30T03-18-35.498107"
RESULTS = f"lm-eval/results_{TIME}.json"
CHOICES = f"lm-eval/samples_placeholder_choices_{TIME}.jsonl"
TEXTS = f"lm-eval/samples_placeholder_text_{TIME}.jsonl"


def lines(name: str = CHOICES) -> list[Document]:
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


def samples(rows: list[Document], options: ResultOptions | None = None) -> Reading:
    """The reading of `acc` of rows."""
    text = "".join(json.dumps(row) + "\n" for row in rows)
    return next(reading for reading in read(text, options or ResultOptions()) if reading.metric == "acc,none")


def results(change: object = None) -> dict[tuple[str | None, str], Reading]:
    def apply(document: Document) -> None:
        if callable(change):
            change(document)

    return {(reading.task, reading.metric): reading for reading in read(changed(RESULTS, apply))}


def acc(change: object = None) -> Reading:
    return results(change)["placeholder_choices", "acc,none"]


def test_documents_are_counted_by_metric_and_filter() -> None:
    assert {metric: dict(reading.totals) for metric, reading in read_fixture(CHOICES).items()} == {
        "acc,none": {"0.0": 4, "1.0": 2},
        "acc_norm,none": {"0.0": 4, "1.0": 2},
    }
    texts = read_fixture(TEXTS)
    assert {metric: (reading.attempted, len(reading.prompts)) for metric, reading in texts.items()} == {
        "exact_match,loose": (6, 6),
        "exact_match,strict": (6, 6),
    }
    assert [prompt.prompt for prompt in texts["exact_match,loose"].prompts] == [
        prompt.prompt for prompt in read_fixture(CHOICES)["acc,none"].prompts
    ]


def test_samples_of_a_complete_run_have_no_problem_and_say_what_the_file_leaves_open() -> None:
    reading = read_fixture(CHOICES)["acc,none"]
    assert (reading.problems, reading.planned, reading.performed_at, reading.models_asked) == ((), None, None, ())
    assert reading.task == "placeholder_choices"
    assert reading.notes == (
        "a file of samples says neither how many were planned, nor the model, nor the time of the run",
        "the task is taken from the file's name",
    )


def test_a_results_file_has_only_means_and_cannot_close() -> None:
    reading = acc()
    assert (dict(reading.totals), reading.attempted, reading.prompts) == ({"0.0": 4, "1.0": 2}, 6, ())
    assert len(reading.problems) == 1
    assert "the file has only means" in reading.problems[0]
    assert "samples_*.jsonl" in reading.problems[0]
    assert (reading.tool_version, reading.task_version) == ("0.4.13", "1.5")


def test_results_and_samples_of_a_run_count_the_same() -> None:
    by_task = {key: (reading.totals, reading.attempted) for key, reading in results().items()}
    for name in (CHOICES, TEXTS):
        for metric, reading in read_fixture(name).items():
            assert by_task[reading.task, metric] == (reading.totals, reading.attempted)


def test_the_date_is_seconds_since_1970_with_fractions() -> None:
    assert acc().performed_at == datetime(2026, 11, 30, 3, 18, 20, 917626, tzinfo=UTC)


@pytest.mark.parametrize(("limit", "planned"), [(6.0, 6), (None, 9), (0.5, 5), (100.0, 9)])
def test_the_limit_counts_and_not_the_data_set(limit: float | None, planned: int) -> None:
    reading = acc(lambda document: document["config"].update(limit=limit))
    assert reading.planned == planned
    assert len(reading.problems) == (1 if planned == 6 else 2)
    assert bool(reading.notes) == (limit is not None)


def test_a_limit_takes_the_first_documents() -> None:
    assert acc().notes == ("the run had a limit, which takes the first documents and not a random sample of them",)


def test_standard_errors_are_never_read() -> None:
    def no_error(document: Document) -> None:
        document["results"]["placeholder_choices"]["acc_stderr,none"] = "N/A"

    assert acc(no_error).totals == acc().totals
    assert ("placeholder_choices", "acc_stderr,none") not in results(no_error)


@pytest.mark.parametrize("mean", [0.123, "N/A", float("nan"), -0.5, 7, None, True])
def test_a_mean_that_gives_no_whole_number_is_not_guessed(mean: object) -> None:
    reading = acc(lambda document: document["results"]["placeholder_choices"].update({"acc,none": mean}))
    assert (reading.totals, reading.unscored, reading.attempted) == ((), 6, 6)
    assert any("nothing can be counted" in problem for problem in reading.problems)


def test_groups_are_not_tasks() -> None:
    def grouped(document: Document) -> None:
        document["group_subtasks"] = {"all": ["placeholder_choices"]}
        document["results"]["all"] = {"alias": "all", "acc,none": 0.5}

    assert {task for task, _ in results(grouped)} == {"placeholder_choices", "placeholder_text"}


def test_a_metric_that_is_no_single_value_is_unscored() -> None:
    rows = lines()
    rows[0]["acc"] = [1, 2]
    rows[1]["acc"] = float("nan")
    del rows[2]["acc"]
    reading = samples(rows)
    assert (reading.unscored, reading.attempted) == (3, 6)


def test_a_missing_document_is_a_problem() -> None:
    assert samples(lines()[:2] + lines()[3:]).problems == (
        "documents are missing: they are counted up to 6, and the file has 5 of them",
    )


def test_a_document_that_stands_twice_is_a_problem() -> None:
    rows = lines()
    assert samples([*rows, rows[0]]).problems == ("a document stands twice in the file (line 7)",)


def test_a_cut_off_file_is_a_problem() -> None:
    reading = read((FOLDER / CHOICES).read_bytes()[:-40])[0]
    assert reading.problems == ("the last line is cut off: the file is not complete (line 6)",)


def test_versions_that_do_not_list_their_metrics() -> None:
    rows = lines()
    for row in rows:
        del row["metrics"], row["filter"]
    assert dict(samples(rows).totals) == {"0.0": 4, "1.0": 2}


def test_slices_and_clusters_are_keys_of_the_document() -> None:
    reading = samples(lines(), ResultOptions(slice_by=("answer",), cluster_by="answer"))
    assert [prompt.generations for prompt in reading.prompts] == [2, 2, 2]
    assert {prompt.slices for prompt in reading.prompts} == {(("answer", f"{number}"),) for number in range(3)}
    missing = samples(lines(), ResultOptions(slice_by=("dialect",), cluster_by="dialect"))
    assert len(missing.problems) == 2


def test_a_file_without_metrics_is_refused() -> None:
    with pytest.raises(UnreadableResultError, match="no metric of any document"):
        read(json.dumps({"doc_id": 0, "doc": {}, "metrics": []}))


def test_nothing_of_prompts_and_answers_is_kept() -> None:
    text = "".join(
        reading.model_dump_json() for name in (RESULTS, CHOICES, TEXTS) for reading in read_fixture(name).values()
    )
    assert not [word for word in ("Placeholder question", "lol", "maybe") if word in text]
