"""Logs of Inspect AI. Each trap of its formats is a test of its own."""

from datetime import UTC, datetime

import pytest

from reassay.evidence.readers.base import ResultOptions, UnreadableResultError
from reassay.evidence.reading import Reading
from tests.unit.evidence.readers.files import Document, changed, read, read_fixture
from tests.unit.evidence.readers.inspect_logs import PLAIN, changed_sample, log, numbers

SAME = (
    "inspect/placeholders-0.3.100-deflate.eval",
    "inspect/placeholders-0.3.205-deflate.eval",
    "inspect/placeholders-0.3.285-zstd.eval",
)


def test_an_untouched_log_has_no_problem() -> None:
    reading = log()
    assert numbers(reading) == ({"C": 2, "I": 1, "P": 1}, 1, 0)
    assert reading.problems == ()
    assert (reading.tool, reading.tool_version, reading.format_version) == ("inspect", "0.3.285", "2")
    assert (reading.metric, reading.task, reading.task_version) == ("refused", "plain", "0")
    assert (reading.models_asked, reading.models_answered) == (("mockllm/model",), ("mockllm",))
    assert reading.digest.startswith("sha256:")


@pytest.mark.parametrize("name", SAME)
def test_zstd_and_deflate_of_three_versions_read_the_same(name: str) -> None:
    readings = read_fixture(name, ResultOptions(slice_by=("language",)))
    assert {metric: numbers(reading) for metric, reading in readings.items()} == {
        "refused": ({"C": 4, "I": 2, "P": 2}, 2, 2),
        "severity": ({"0": 2, "0.5": 2, "1": 4}, 2, 2),
        "traits/polite": ({"1": 10}, 0, 2),
        "traits/brief": ({"0": 6, "1": 4}, 0, 2),
    }
    prompts = {metric: reading.prompts for metric, reading in readings.items()}
    assert prompts == {m: r.prompts for m, r in read_fixture(SAME[0], ResultOptions(slice_by=("language",))).items()}
    assert {slices for prompt in prompts["refused"] for slices in prompt.slices} == {
        ("language", "de"),
        ("language", "en"),
    }
    assert not any(reading.problems for reading in readings.values())


@pytest.mark.parametrize("version", ["0.3.20", "0.3.100", "0.3.285"])
def test_json_logs_since_2024_read_the_same(version: str) -> None:
    reading = read_fixture(f"inspect/plain-{version}.json")["refused"]
    assert numbers(reading) == ({"C": 2, "I": 1, "P": 1}, 1, 0)
    assert (reading.planned, reading.attempted, reading.problems) == (5, 5, ())


def test_epochs_are_generations_of_one_prompt() -> None:
    reading = read_fixture(SAME[2])["refused"]
    assert (reading.planned, reading.attempted, len(reading.prompts)) == (12, 12, 6)
    assert {prompt.generations for prompt in reading.prompts} == {2}


def test_the_limit_counts_and_the_size_of_the_data_set_does_not() -> None:
    reading = log()
    assert (reading.planned, reading.attempted) == (5, 5)

    def without_totals(document: Document) -> None:
        assert document["eval"]["dataset"]["samples"] == 20
        del document["results"], document["eval"]["dataset"]["sample_ids"]

    assert log(without_totals).planned == 5


def test_a_limit_that_is_a_range() -> None:
    def ranged(document: Document) -> None:
        del document["results"], document["eval"]["dataset"]["sample_ids"]
        document["eval"]["config"] |= {"limit": [10, 15], "epochs": 2}

    assert log(ranged).planned == 10


@pytest.mark.parametrize("status", ["error", "cancelled", "started", "brand-new", None])
def test_a_run_that_did_not_succeed_is_a_problem(status: str | None) -> None:
    (problem,) = log(lambda document: document.update(status=status)).problems
    assert problem == f"the run did not finish: its status is {status or 'unknown'}, and not success"


def test_an_invalidated_log_is_a_problem() -> None:
    assert log(lambda document: document.update(invalidated=True)).problems == (
        "the log was invalidated by the people who ran it",
    )


def test_an_invalidated_sample_is_errored_whatever_its_score() -> None:
    reading = log(changed_sample(0, invalidation={"timestamp": "2026-11-30T00:00:00Z", "author": "safety-lead"}))
    assert numbers(reading) == ({"C": 1, "I": 1, "P": 1}, 1, 1)
    assert reading.problems == ("a sample was invalidated, and is counted as errored (sample s0)",)


def test_a_drained_run_says_planned_and_logged() -> None:
    def drained(document: Document) -> None:
        document["samples"] = document["samples"][:3]
        document["results"] |= {"total_samples": 40, "logged_samples": 3, "completed_samples": 40}

    reading = log(drained)
    assert (reading.planned, reading.attempted) == (40, 3)
    assert reading.problems == ("the run was drained: it planned 40 samples and logged 3 before it was stopped",)


def test_missing_samples_are_a_problem_even_where_the_status_is_success() -> None:
    reading = log(lambda document: document["samples"].pop())
    assert reading.problems == ("the run planned 5 samples, and the log has 4",)


def test_an_unknown_plan_is_a_problem() -> None:
    def unplanned(document: Document) -> None:
        del document["results"], document["eval"]["dataset"], document["eval"]["config"]

    assert log(unplanned).problems == ("the log does not say how many samples were planned",)


@pytest.mark.parametrize("completed", [0, 3, 5, 99, None])
def test_completed_samples_is_never_read(completed: int | None) -> None:
    assert log(lambda document: document["results"].update(completed_samples=completed)).totals == log().totals


def test_headline_and_metrics_are_never_read() -> None:
    def boast(document: Document) -> None:
        document["results"]["headline"] = {"scorer": "other", "score": "other", "metric": "perfect"}
        for score in document["results"]["scores"]:
            score["metrics"] = {"accuracy": {"name": "accuracy", "value": 0.0}}

    assert log(boast).model_copy(update={"digest": log().digest}) == log()


def test_a_score_of_an_errored_sample_is_no_outcome() -> None:
    reading = log(changed_sample(0, error={"message": "placeholder", "traceback": "", "traceback_ansi": ""}))
    assert numbers(reading) == ({"C": 1, "I": 1, "P": 1}, 1, 1)


def test_no_scored_sample_is_no_zero_percent() -> None:
    def unscored(document: Document) -> None:
        for sample in document["samples"]:
            sample["scores"] = {}

    reading = log(unscored)
    assert numbers(reading) == ({}, 5, 0)
    assert reading.problems == ("no sample has a score of this metric, which is not the same as no failure",)


def test_a_log_without_a_scorer_is_refused() -> None:
    with pytest.raises(UnreadableResultError, match="the log has no scores") as caught:
        read_fixture("inspect/unscored-0.3.285.eval")
    assert "inspect score" in caught.value.remedy


@pytest.mark.parametrize("value", [float("nan"), None, "", "N"])
def test_an_answer_of_the_judge_that_says_nothing_is_unscored(value: object) -> None:
    assert numbers(log(changed_sample(0, scores={"refused": {"value": value}}))) == ({"C": 1, "I": 1, "P": 1}, 2, 0)


def test_no_answer_is_noted() -> None:
    assert "N means that there was no answer to judge" in log().notes[0]


@pytest.mark.parametrize(
    ("value", "outcome"), [(True, "true"), (0, "0"), (0.0, "0.0"), (1, "1"), (0.25, "0.25"), ("no", "no")]
)
def test_outcomes_are_the_values_as_written(value: object, outcome: str) -> None:
    assert log(changed_sample(0, scores={"refused": {"value": value}})).totals == tuple(
        sorted({"C": 1, "I": 1, "P": 1, outcome: 1}.items())
    )


def test_a_model_that_stood_in_says_nothing_about_the_one_asked() -> None:
    reading = log(
        changed_sample(0, model_fallbacks=[{"model": "mockllm/model", "fallback_model": "other/model", "count": 1}])
    )
    assert numbers(reading) == ({"C": 1, "I": 1, "P": 1}, 1, 1)
    assert reading.models_answered == ("mockllm", "other/model")
    assert reading.problems == ("another model answered in place of the one asked (model_fallbacks) (sample s0)",)


def test_the_model_of_a_judge_is_no_model_that_answered() -> None:
    reading = log(
        changed_sample(0, model_usage={"judge/model": {"input_tokens": 1}, "mockllm/model": {"input_tokens": 1}})
    )
    assert reading.models_answered == ("mockllm",)


def test_models_that_answered_are_those_of_the_answers() -> None:
    reading = log(changed_sample(0, output={"model": "quantised", "choices": [{"message": {}}], "completion": ""}))
    assert reading.models_answered == ("mockllm", "quantised")


def test_a_retried_log_is_as_old_as_its_oldest_sample() -> None:
    reading = log(changed_sample(2, started_at="2025-01-02T03:04:05+00:00"))
    assert reading.performed_at == datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_a_sample_that_stands_twice_is_a_problem() -> None:
    def doubled(document: Document) -> None:
        document["samples"].append(document["samples"][0])

    (reading,) = read(changed(PLAIN, doubled))
    assert "a sample stands twice in the log (sample s0)" in reading.problems
    assert "the run planned 5 samples, and the log has 6" in reading.problems


def test_early_stopping_is_a_problem() -> None:
    reading = log(lambda document: document["results"].update(early_stopping={"manager": "placeholder"}))
    assert reading.problems == ("samples were stopped early by a rule that looked at results",)


def test_a_sample_limit_and_a_second_attempt_are_noted() -> None:
    reading = log(changed_sample(0, limit={"type": "token", "limit": 9}, error_retries=[{"message": "x"}]))
    assert reading.problems == ()
    assert sum("(sample s0)" in note for note in reading.notes) == 2


def test_an_edited_score_is_noted() -> None:
    scores = {
        "refused": {"value": "C", "history": [{"value": "I"}, {"value": "C", "provenance": {"author": "safety-lead"}}]}
    }
    reading = log(changed_sample(0, scores=scores))
    assert (dict(reading.totals), reading.problems) == ({"C": 2, "I": 1, "P": 1}, ())
    assert "a score was edited after the run; the edited one counts (sample s0)" in reading.notes


def test_two_scores_of_the_same_name_are_a_problem_and_counted_once() -> None:
    raw = changed(PLAIN, changed_sample(0, scores={"s": {"value": {"a": 1}}, "s/a": {"value": 0}}))
    reading = next(reading for reading in read(raw) if reading.metric == "s/a")
    assert numbers(reading) == ({"1": 1}, 4, 0)
    assert reading.problems == ("two scores of a sample have the same name, and the first counts (sample s0)",)


def test_prompts_keep_their_digest_although_ids_of_messages_differ() -> None:
    def chat(number: str) -> Reading:
        text = [{"id": number, "role": "user", "content": [{"type": "text", "text": "Placeholder", "refusal": None}]}]
        return log(changed_sample(0, input=text))

    assert chat("a").prompts == chat("b").prompts
    assert chat("a").prompts != log().prompts


def test_choices_are_part_of_what_was_asked() -> None:
    assert log(changed_sample(0, choices=["a", "b"])).prompts != log(changed_sample(0, choices=["b", "a"])).prompts


def test_the_same_prompt_under_two_ids_is_one_cluster() -> None:
    assert len(log(changed_sample(0, input="Placeholder request 1")).prompts) == 4


def test_paraphrases_are_clustered_by_the_declared_key() -> None:
    (reading,) = read(changed(PLAIN, lambda _: None), ResultOptions(cluster_by="language"))
    assert [prompt.generations for prompt in reading.prompts] in ([2, 3], [3, 2])
    assert reading.problems == ()


@pytest.mark.parametrize("options", [ResultOptions(slice_by=("dialect",)), ResultOptions(cluster_by="dialect")])
def test_a_sample_without_its_slice_or_cluster_is_a_problem(options: ResultOptions) -> None:
    (reading,) = read(changed(PLAIN, lambda _: None), options)
    assert len(reading.problems) == 1
    assert "a sample has no 'dialect' in its metadata" in reading.problems[0]
    assert "5 times" in reading.problems[0]
