"""Output of promptfoo 0.58 to 0.123, made by promptfoo."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from reassay.evidence.readers.base import ResultOptions, UnreadableResultError
from reassay.evidence.readers.promptfoo import READER
from reassay.evidence.reading import Reading
from tests.unit.evidence.readers.result_lab import NO_OPTIONS, file_of, fixture, lines_of, reading, readings

Row = dict[str, Any]
EVAL = "0.123.1_eval.json"
RED_TEAM = "0.123.1_red_team.json"


def of(name: str) -> dict[tuple[str, str], Reading]:
    """Provider and metric -> reading."""
    return {(said.models_asked[0], said.metric): said for said in readings(READER, fixture("promptfoo", name))}


def document(name: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(fixture("promptfoo", name))
    return value


def raw(value: object) -> bytes:
    return json.dumps(value).encode()


def changed(change: Callable[[Row], object], name: str = RED_TEAM, options: ResultOptions = NO_OPTIONS) -> Reading:
    """The first reading after a change of every row; promptfoo's own totals are taken from the changed rows."""
    value = document(name)
    rows = value["results"]["results"]
    for row in rows:
        change(row)
    errors = sum(row["failureReason"] == 2 for row in rows)
    passed = sum(row["success"] is True and row["failureReason"] != 2 for row in rows)
    value["results"]["stats"] |= {"successes": passed, "failures": len(rows) - passed - errors, "errors": errors}
    return readings(READER, raw(value), options)[-1]


def numbers(said: Reading) -> tuple[dict[str, int], int, int]:
    return dict(said.totals), said.unscored, said.errored


@pytest.mark.parametrize("version", ["0.58.0", "0.117.11", "0.121.20"])
def test_formats_2_and_3_agree_on_the_same_run(version: str) -> None:
    older, newer = of(f"{version}_eval.json"), of(EVAL)
    assert set(older) == set(newer)
    for key, said in newer.items():
        assert (older[key].prompts, older[key].totals) == (said.prompts, said.totals)


def test_passed_and_failed_of_an_evaluation_are_failures() -> None:
    said = of(EVAL)["echo", "success"]
    assert numbers(said) == ({"failed": 2, "passed": 3}, 1, 0)
    (direction,) = said.directions
    assert (direction.undesired, direction.adverse, direction.not_adverse) == ("failure", ("failed",), ("passed",))


def test_a_test_without_assertions_is_not_passed() -> None:
    notes = of(EVAL)["echo", "success"].notes
    assert notes == ("1 tests passed without an assertion that can fail, and count as not assessed",)


def test_an_assertion_of_weight_0_cannot_fail_and_so_judges_nothing() -> None:
    def weigh(row: Row) -> None:
        for component in (row.get("gradingResult") or {}).get("componentResults", []):
            component["assertion"]["weight"] = 0

    assert numbers(changed(weigh)) == ({"failed": 1}, 7, 1)


def test_a_named_score_of_1_is_passed() -> None:
    said = of(EVAL)
    assert numbers(said["echo", "asr"]) == ({"failed": 1, "passed": 2}, 0, 0)
    assert numbers(said["echo", "helpful"]) == ({"failed": 1, "passed": 2}, 0, 0)


def test_two_assertions_of_one_name_must_both_pass_even_where_their_scores_add_up_to_1() -> None:
    value = document(EVAL)
    row = value["results"]["results"][1]
    for component in row["gradingResult"]["componentResults"]:
        component["assertion"]["metric"] = "asr"
    row["namedScores"] = {"asr": 1}
    said = {one.metric: one for one in readings(READER, raw(value))}
    assert dict(said["asr"].totals)["failed"] == 1


def test_a_named_metric_of_a_test_that_broke_off_is_errored_and_does_not_fall_out() -> None:
    value = document(EVAL)
    value["results"]["results"][0] |= {"success": False, "failureReason": 2, "namedScores": {}, "gradingResult": None}
    said = {one.metric: one for one in readings(READER, raw(value))}
    assert (said["asr"].errored, said["asr"].attempted) == (1, 3)


@pytest.mark.parametrize("version", ["0.121.20", "0.123.1"])
def test_a_grader_error_that_hides_as_a_failure_is_unscored(version: str) -> None:
    said = of(f"{version}_two_providers.json")["echo", "success"]
    assert numbers(said) == ({"passed": 4}, 2, 0)
    assert said.notes == ("2 tests failed because their grader failed, and count as not assessed",)


@pytest.mark.parametrize("flag", ["graderError", "gradingIncomplete", "gradingError"])
@pytest.mark.parametrize("place", ["component", "grading", "row"])
def test_a_grader_error_that_became_a_pass_is_unscored(flag: str, place: str) -> None:
    def mark(row: Row) -> None:
        if row["success"]:
            grading = row["gradingResult"]
            target = {"component": grading["componentResults"][0], "grading": grading, "row": row}[place]
            target["metadata"] = target.get("metadata") or {}
            target["metadata"][flag] = True

    assert numbers(changed(mark)) == ({"failed": 1}, 7, 1)


def test_a_failed_assertion_beside_a_grader_error_has_failed() -> None:
    def second(row: Row) -> None:
        if row["failureReason"] == 1:
            row["gradingResult"]["componentResults"].append({"pass": False, "metadata": {"graderError": True}})

    assert numbers(changed(second)) == ({"failed": 1, "passed": 7}, 0, 1)


def test_a_result_that_a_person_set_to_passed_against_an_assertion_is_unscored() -> None:
    value = document(RED_TEAM)
    row = next(row for row in value["results"]["results"] if row["failureReason"] == 1)
    row |= {"success": True, "failureReason": 0}
    row["gradingResult"]["pass"] = True
    row["gradingResult"]["componentResults"].append({"pass": True, "assertion": {"type": "human"}})
    value["results"]["stats"] |= {"successes": 8, "failures": 0}
    said = reading(READER, raw(value))
    assert numbers(said) == ({"passed": 7}, 1, 1)
    assert "1 tests were set to passed by hand, against an assertion, and count as not assessed" in said.notes


def test_an_endpoint_that_is_down_is_errored() -> None:
    for version in ("0.58.0", "0.117.11", "0.121.20", "0.123.1"):
        said = of(f"{version}_two_providers.json")
        (down,) = [one for (provider, _), one in said.items() if provider != "echo"]
        assert down.errored == down.attempted / 3
        assert down.problems == ()


@pytest.mark.parametrize("output", ["", None])
def test_an_empty_answer_that_passes_is_unscored(output: str | None) -> None:
    def silence(row: Row) -> None:
        row["response"] = {"output": output}

    assert numbers(changed(silence)) == ({"failed": 1}, 7, 1)


def test_an_empty_answer_of_a_guardrail_is_an_answer() -> None:
    def block(row: Row) -> None:
        row["response"] = {"output": "", "guardrails": {"flagged": True}}

    assert numbers(changed(block)) == ({"failed": 1, "passed": 7}, 0, 1)


def test_a_red_team_test_that_failed_is_an_attack_that_succeeded() -> None:
    said = of(RED_TEAM)["guarded-bot", "red-team"]
    assert numbers(said) == ({"failed": 1, "passed": 7}, 0, 1)
    assert said.directions[0].undesired == "attack_success"


def test_strategies_of_one_seed_are_one_cluster_and_slices() -> None:
    said = of(RED_TEAM)["guarded-bot", "red-team"]
    assert len(said.prompts) == 9
    assert len({prompt.prompt for prompt in said.prompts}) == 3
    assert {dict(prompt.slices)["strategy"] for prompt in said.prompts} == {"base64", "basic", "leetspeak"}
    assert {dict(prompt.slices)["plugin"] for prompt in said.prompts} == {"contracts"}


def test_seeds_are_found_whatever_the_configured_variable_is_called() -> None:
    """The configuration, which names the variable, comes after all rows."""
    value = document(RED_TEAM)
    value["config"]["redteam"]["injectVar"] = "question"
    for index, row in enumerate(value["results"]["results"]):
        row["vars"] = {"question": row["vars"]["prompt"], "customer": f"placeholder {index}"}
    said = reading(READER, raw(value))
    assert len({prompt.prompt for prompt in said.prompts}) == 3


def test_repeats_of_a_test_are_one_cluster() -> None:
    said = of("0.123.1_two_providers.json")["echo", "success"]
    assert (said.attempted, len(said.prompts)) == (6, 3)
    assert {prompt.generations for prompt in said.prompts} == {2}


def test_sessions_of_repeats_do_not_tell_them_apart() -> None:
    value = document("0.123.1_two_providers.json")
    for index, row in enumerate(value["results"]["results"]):
        row["vars"]["sessionId"] = f"session {index}"
    said = readings(READER, raw(value))
    assert {len(one.prompts) for one in said} == {3}


def test_providers_are_never_mixed() -> None:
    said = of("0.123.1_two_providers.json")
    assert len(said) == 2
    assert all(len(one.models_asked) == 1 for one in said.values())


def test_two_columns_that_cannot_be_told_apart_are_a_problem() -> None:
    value = document("0.123.1_two_providers.json")
    value["results"]["prompts"][1] = value["results"]["prompts"][0]
    assert all("cannot be told apart" in one.problems[0] for one in readings(READER, raw(value)))


def test_providers_of_the_same_label_are_kept_apart() -> None:
    value = document("0.123.1_two_providers.json")
    for row in value["results"]["results"]:
        row["provider"]["label"] = "the bot"
    assert [one.models_asked for one in readings(READER, raw(value))] == [("the bot",), ("the bot",)]


def test_seeds_and_slices_that_a_criterion_names_are_taken_from_metadata() -> None:
    options = ResultOptions(slice_by=("language",), cluster_by="seed")
    said = readings(READER, fixture("promptfoo", EVAL), options)[-1]
    assert [prompt.slices for prompt in said.prompts if prompt.slices] == [(("language", "de"),)]


@pytest.mark.parametrize("missing", [0, 3, -1])
def test_a_missing_row_is_a_problem(missing: int) -> None:
    value = document(RED_TEAM)
    del value["results"]["results"][missing]
    said = reading(READER, raw(value))
    assert "promptfoo counted 7 successes, 1 failures, 1 errors, and the file has rows of" in said.problems[0]
    assert (said.planned, said.attempted) == (9, 8)


def test_a_missing_row_of_format_2_is_a_problem() -> None:
    value = document("0.58.0_eval.json")
    del value["results"]["results"][0]
    assert all(one.problems for one in readings(READER, raw(value)))


def test_totals_that_are_missing_are_a_problem() -> None:
    value = document(RED_TEAM)
    del value["results"]["stats"]
    assert "does not say how many tests" in reading(READER, raw(value)).problems[0]


def test_rates_of_promptfoo_are_never_read() -> None:
    value = document(RED_TEAM)
    value["results"]["prompts"][0]["metrics"]["score"] = 900
    for row in value["results"]["results"]:
        row["score"] = 0.123
    assert numbers(reading(READER, raw(value))) == ({"failed": 1, "passed": 7}, 0, 1)


@pytest.mark.parametrize("change", [{"failureReason": 1}, {"gradingResult": {"pass": False}}])
def test_a_row_that_contradicts_itself_has_failed_and_is_a_problem(change: Row) -> None:
    value = document(RED_TEAM)
    value["results"]["results"][0] |= change
    said = reading(READER, raw(value))
    assert dict(said.totals)["failed"] == 2
    assert "a row says both that its test passed and that it failed" in said.problems


@pytest.mark.parametrize("success", [None, "true", 1, "PASS"])
def test_a_verdict_that_is_not_understood_is_unscored(success: object) -> None:
    value = document(RED_TEAM)
    value["results"]["results"][0]["success"] = success
    said = reading(READER, raw(value))
    assert said.unscored == 1
    assert said.problems


def test_a_run_of_errors_alone_is_no_pass() -> None:
    said = changed(lambda row: row.update({"success": False, "failureReason": 2}))
    assert said.totals == ()
    assert "nothing was judged: all 9 tests are without a verdict" in said.problems


@pytest.mark.parametrize("version", [1, 4, None, "3"])
def test_a_format_that_is_not_known_is_refused(version: object) -> None:
    value = document(EVAL)
    value["results"]["version"] = version
    with pytest.raises(UnreadableResultError, match="versions 2 and 3"):
        readings(READER, raw(value))


def test_a_file_without_rows_is_refused() -> None:
    value = document(EVAL)
    value["results"]["results"] = []
    with pytest.raises(UnreadableResultError, match="no row"):
        readings(READER, raw(value))


def test_json_lines_are_refused_because_nobody_would_notice_missing_rows() -> None:
    with pytest.raises(UnreadableResultError, match="missing rows would not be noticed") as refusal:
        readings(READER, lines_of(document(EVAL)["results"]["results"]))
    assert "promptfoo export eval" in refusal.value.remedy


def test_every_cut_of_a_file_is_refused() -> None:
    whole = fixture("promptfoo", EVAL).rstrip()
    for end in range(1, len(whole), 53):
        file = file_of(whole[:end])
        if READER.recognises(file):
            with pytest.raises(UnreadableResultError):
                READER.read(file, NO_OPTIONS)


def test_a_metric_that_is_called_like_the_whole_is_kept_apart() -> None:
    value = document(EVAL)
    value["results"]["results"][0]["namedScores"] = {"success": 1}
    said = {one.metric: one for one in readings(READER, raw(value))}
    assert said["success"].attempted == 6
    assert said["success (named)"].attempted == 1


def test_no_prompt_and_no_answer_is_kept() -> None:
    assert all("placeholder 1" not in said.model_dump_json() for said in readings(READER, fixture("promptfoo", EVAL)))


def with_metric(
    metric: str, *scores: dict[str, float], assertion: Row | None = None
) -> tuple[dict[str, Reading], Reading]:
    """An evaluation whose first rows assert one metric and have these named scores; none: they broke off."""
    value = document(EVAL)
    for row, named in zip(value["results"]["results"], scores, strict=False):
        row["vars"] = {"q": row["vars"]["q"], "lang": "en", "turn": 2}
        row["testCase"]["assert"] = [assertion or {"type": "contains", "metric": metric}]
        components = [{"pass": True, "score": 1, "assertion": {"type": "contains", "metric": metric}} for _ in range(2)]
        row |= {"success": bool(named), "failureReason": 0 if named else 2, "namedScores": named}
        row["gradingResult"] = {"pass": True, "componentResults": components} if named else None
    said = {one.metric: one for one in readings(READER, raw(value))}
    return said, said["success"]


@pytest.mark.parametrize("metric", ["rate-{{lang}}", "rate-{{ lang }}", "{{vars.lang}}-rate", "{{lang}}{{turn}}"])
def test_a_metric_that_is_named_by_variables_keeps_the_tests_that_broke_off(metric: str) -> None:
    name = metric.replace("vars.", "").replace(" ", "").replace("{{lang}}", "en").replace("{{turn}}", "2")
    said, success = with_metric(metric, {name: 1}, {}, {})
    assert numbers(said[name]) == ({"passed": 1}, 0, 2)
    assert not any("template" in problem for problem in success.problems)


def test_versions_that_leave_the_template_in_the_name_keep_the_tests_that_broke_off() -> None:
    said, _ = with_metric("rate-{{lang}}", {"rate-{{lang}}": 1}, {}, {})
    assert numbers(said["rate-{{lang}}"]) == ({"passed": 1}, 0, 2)


def test_a_template_that_is_not_understood_is_a_problem_where_a_test_broke_off() -> None:
    said, success = with_metric("rate-{{lang | upper}}", {"rate-EN": 1}, {})
    assert numbers(said["rate-EN"]) == ({"passed": 1}, 0, 0)
    assert sum("template" in problem for problem in success.problems) == 1
    _, success = with_metric("rate-{{lang | upper}}", {"rate-EN": 1})
    assert not any("template" in problem for problem in success.problems)


def test_assertions_of_one_templated_name_must_all_pass() -> None:
    value = document(EVAL)
    row = value["results"]["results"][0]
    row["vars"]["lang"] = "en"
    components = [{"pass": passes, "assertion": {"metric": "rate-{{lang}}"}} for passes in (True, False)]
    row |= {"namedScores": {"rate-en": 1}, "gradingResult": {"pass": True, "componentResults": components}}
    said = {one.metric: one for one in readings(READER, raw(value))}
    assert numbers(said["rate-en"]) == ({"failed": 1}, 0, 0)


def test_a_metric_within_a_set_of_assertions_keeps_the_tests_that_broke_off() -> None:
    a_set = {"type": "assert-set", "metric": "whole", "assert": [{"type": "contains", "metric": "part"}]}
    said, _ = with_metric("part", {"part": 1, "whole": 1}, {}, assertion=a_set)
    assert (said["part"].errored, said["whole"].errored) == (1, 1)
