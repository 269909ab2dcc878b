"""Logs of Inspect that are broken, of another version, or answered by nobody."""

import json

import pytest

from reassay.evidence.readers import tally
from reassay.evidence.readers.base import UnreadableResultError
from tests.unit.evidence.readers.files import FOLDER, Document, changed, packed, read, read_fixture, without
from tests.unit.evidence.readers.inspect_logs import PLAIN, changed_sample, log, numbers
from tests.unit.evidence.readers.test_inspect_ai import SAME


def test_more_prompts_than_can_be_kept_are_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "MOST_PROMPTS", 3)
    reading = log()
    assert (numbers(reading), reading.prompts) == (({"C": 2, "I": 1, "P": 1}, 1, 0), ())
    assert reading.problems == ("the file has more than 3 prompts, too many to be compared with other runs; split it",)


def test_a_measure_with_many_outcomes_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "MOST_OUTCOMES", 2)
    reading = log()
    assert dict(reading.totals) == {"C": 2, "I": 1, "(other outcomes)": 1}
    assert reading.problems == ("there are more than 2 different outcomes, which are not told apart",)


def test_more_metrics_than_can_be_kept_are_refused() -> None:
    many = {f"metric {number}": {"value": 1} for number in range(tally.MOST_METRICS + 1)}
    with pytest.raises(UnreadableResultError, match="more than 200 metrics"):
        log(changed_sample(0, scores=many))


def test_a_crashed_run_without_its_end_is_a_problem() -> None:
    raw = packed(json.loads((FOLDER / PLAIN).read_text(encoding="utf-8")))
    (reading,) = read(without(raw, "header.json"))
    assert reading.attempted == 5
    assert any("header.json is missing" in problem for problem in reading.problems)
    with pytest.raises(UnreadableResultError, match="no log of Inspect"):
        read(without(raw, "header.json", "_journal/start.json"))


def test_a_run_that_stopped_at_an_error_says_what_is_missing() -> None:
    reading = read_fixture("inspect/stops-0.3.285.eval")["refused"]
    assert (reading.planned, reading.attempted, reading.errored) == (6, 6, 1)
    assert reading.problems == ("the run did not finish: its status is error, and not success",)
    with pytest.raises(UnreadableResultError, match="no samples"):
        read_fixture("inspect/stops-0.3.20.json")


def test_a_header_alone_is_refused() -> None:
    def bare(document: Document) -> None:
        del document["samples"]
        document["eval"]["config"]["log_samples"] = False

    with pytest.raises(UnreadableResultError, match="they were not logged") as caught:
        read(changed(PLAIN, bare))
    assert "--log-samples" in caught.value.remedy


def test_an_unknown_version_of_the_format_is_refused() -> None:
    with pytest.raises(UnreadableResultError, match="version 3, and versions 1 and 2 can be read"):
        log(lambda document: document.update(version=3))


def test_logs_of_version_1_have_one_score_a_sample() -> None:
    def first_version(document: Document) -> None:
        document["version"] = 1
        document["results"]["scorer"] = {"name": "refused"}
        del document["results"]["scores"], document["eval"]["scorers"]
        for sample in document["samples"]:
            sample["score"] = sample.pop("scores")["refused"]

    reading = log(first_version)
    assert reading.metric == "refused"
    assert numbers(reading) == ({"C": 2, "I": 1, "P": 1}, 1, 0)


def test_a_score_of_several_values_is_a_metric_each() -> None:
    by_key = {
        r.metric: dict(r.totals) for r in read(changed(PLAIN, changed_sample(0, scores={"s": {"value": [1, 0]}})))
    }
    assert by_key == {"s/0": {"1": 1}, "s/1": {"0": 1}, "refused": {"C": 1, "I": 1, "P": 1}}


def test_nothing_of_prompts_and_answers_is_kept() -> None:
    text = "".join(reading.model_dump_json() for reading in read_fixture(SAME[2]).values())
    assert not [
        word for word in ("Placeholder", "placeholder reason", "Default output", "placeholder failure") if word in text
    ]


def test_a_truncated_log_is_refused() -> None:
    raw = (FOLDER / PLAIN).read_bytes()
    with pytest.raises(UnreadableResultError, match="cut off"):
        read(raw[: len(raw) // 2])
    raw = (FOLDER / SAME[2]).read_bytes()
    with pytest.raises(UnreadableResultError, match="damaged or cut off"):
        read(raw[: len(raw) // 2])


EMPTY = {"role": "assistant", "source": "generate", "content": " "}
UNANSWERED = (
    {"output": {"model": "mockllm/model", "choices": []}, "messages": [{"role": "user", "source": "input"}]},
    {"output": {"model": "mockllm", "choices": [{"message": EMPTY}]}, "messages": [EMPTY]},
    {"output": {"choices": [{"message": {**EMPTY, "content": [{"type": "text", "text": ""}]}}]}, "messages": []},
    {"output": {"choices": []}, "messages": [{"role": "assistant", "source": "input", "content": "an example"}]},
)


@pytest.mark.parametrize("fields", UNANSWERED)
def test_a_sample_that_no_model_answered_is_unscored_whatever_its_score(fields: Document) -> None:
    reading = log(changed_sample(1, **fields))
    assert numbers(reading) == ({"C": 2, "P": 1}, 2, 0)
    assert "no model gave an answer, and the sample counts as not assessed (sample s1)" in reading.notes


@pytest.mark.parametrize(
    "fields",
    [
        {"output": {"choices": [{"message": {**EMPTY, "tool_calls": [{"function": "submit"}]}}]}, "messages": []},
        {"output": {"choices": [{"message": {**EMPTY, "content": [{"type": "image", "image": "x"}]}}]}},
        {"output": {"choices": []}, "messages": [{"role": "assistant", "source": "generate", "content": "an answer"}]},
        {"output": {"choices": [{"message": EMPTY}]}, "messages": [EMPTY, EMPTY]},
    ],
)
def test_calls_of_tools_and_earlier_turns_are_answers(fields: Document) -> None:
    assert numbers(log(changed_sample(1, **fields))) == ({"C": 2, "I": 1, "P": 1}, 1, 0)


def test_a_run_that_no_model_answered_is_no_zero_percent() -> None:
    def unanswered(document: Document) -> None:
        for item in document["samples"]:
            item.update(UNANSWERED[0])

    reading = log(unanswered)
    assert numbers(reading) == ({}, 5, 0)
    assert reading.problems == ("no sample has a score of this metric, which is not the same as no failure",)


@pytest.mark.parametrize(
    "score",
    [
        {"value": "I", "explanation": "Grade not found in model output: a placeholder"},
        *({"value": "I", "reason": reason} for reason in ("no_response", "grader_failed", "scoring_failed")),
    ],
)
def test_a_judge_without_a_grade_is_unscored_also_before_0_3_245_which_wrote_incorrect(score: Document) -> None:
    reading = log(changed_sample(1, scores={"refused": score}))
    assert numbers(reading) == ({"C": 2, "P": 1}, 2, 0)
    assert any("nothing was judged" in note for note in reading.notes)


@pytest.mark.parametrize("reason", ["refusal", "invalid_response_format", "of its own", None, 7])
def test_a_reason_about_the_answer_leaves_the_score(reason: object) -> None:
    reading = log(changed_sample(1, scores={"refused": {"value": "I", "reason": reason}}))
    assert numbers(reading) == ({"C": 2, "I": 1, "P": 1}, 1, 0)
