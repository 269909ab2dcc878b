"""Dumps of PyRIT 1.1, made by PyRIT."""

import json
from typing import Any

import pytest

from reassay.evidence.readers.base import ResultOptions, UnreadableResultError
from reassay.evidence.readers.pyrit import READER
from reassay.evidence.reading import Reading
from tests.unit.evidence.readers.result_lab import (
    NO_OPTIONS,
    file_of,
    fixture,
    lines_of,
    reading,
    readings,
)

LIST = "1.1.0_attack_results.json"
LINES = "1.1.0_attack_results.jsonl"
SCENARIO = "1.1.0_scenario_result.json"


def attacks() -> list[dict[str, Any]]:
    value: list[dict[str, Any]] = json.loads(fixture("pyrit", LIST))
    return value


def scenario() -> dict[str, Any]:
    value: dict[str, Any] = json.loads(fixture("pyrit", SCENARIO))
    return value


def of(value: object, options: ResultOptions = NO_OPTIONS) -> Reading:
    return reading(READER, json.dumps(value).encode(), options)


def numbers(said: Reading) -> tuple[dict[str, int], int, int]:
    return dict(said.totals), said.unscored, said.errored


def test_a_list_lines_and_a_scenario_of_the_same_attacks_agree() -> None:
    said = [reading(READER, fixture("pyrit", name)) for name in (LIST, LINES, SCENARIO)]
    assert {one.prompts for one in said} == {said[0].prompts}
    assert all(one.problems == () for one in said)


def test_success_failure_error_and_undetermined_are_four_things() -> None:
    said = of(attacks())
    assert numbers(said) == ({"failure": 1, "success": 2}, 1, 1)
    (direction,) = said.directions
    assert (direction.undesired, direction.adverse, direction.not_adverse) == (
        "attack_success",
        ("success",),
        ("failure",),
    )


def test_attacks_with_the_same_objective_are_one_cluster() -> None:
    assert sorted(prompt.generations for prompt in of(attacks()).prompts) == [1, 1, 1, 2]


@pytest.mark.parametrize("error", ["processing", "empty", "unknown", "of a later version"])
def test_a_failure_without_an_answer_is_unscored(error: str) -> None:
    value = attacks()
    value[0]["last_response"]["response_error"] = error
    said = of(value)
    assert numbers(said) == ({"success": 2}, 2, 1)
    assert "1 attacks failed because no answer came back, and count as not assessed" in said.notes


def test_a_failure_that_a_content_filter_caused_is_a_failure() -> None:
    value = attacks()
    value[0]["last_response"]["response_error"] = "blocked"
    assert numbers(of(value)) == ({"failure": 1, "success": 2}, 1, 1)


@pytest.mark.parametrize("score", [None, {"status": "undetermined", "score_value": None}])
def test_a_failure_without_a_score_is_unscored(score: object) -> None:
    """PyRIT: `All attempts were filtered or failed to get a response`, and `No score returned from scorer`."""
    value = attacks()
    value[0]["last_score"] = score
    assert numbers(of(value)) == ({"success": 2}, 2, 1)


@pytest.mark.parametrize("outcome", ["SUCCESS", "partial", None, 1])
def test_an_outcome_that_is_not_known_is_unscored_and_a_problem(outcome: object) -> None:
    value = attacks()
    value[0]["outcome"] = outcome
    said = of(value)
    assert said.unscored == 2
    assert said.problems == ("an attack result has an outcome that is not known here",)


def test_its_own_rate_is_never_read() -> None:
    value = scenario() | {"objective_achieved_rate": 0, "success_rate": 0.0}
    assert numbers(of(value)) == ({"failure": 1, "success": 2}, 1, 1)


def test_targets_are_never_mixed_and_attacks_without_one_count_for_each() -> None:
    value = attacks()
    children = value[0]["atomic_attack_identifier"]["children"]["attack_technique"]["children"]
    children["attack"]["children"]["objective_target"]["model_name"] = "another-bot"
    said = {one.models_asked: one for one in readings(READER, json.dumps(value).encode())}
    assert numbers(said["another-bot",]) == ({"failure": 1}, 0, 1)
    assert numbers(said["stand-in-bot",]) == ({"success": 2}, 1, 1)
    assert all("1 attacks do not say which of the targets" in one.problems[0] for one in said.values())


@pytest.mark.parametrize("state", ["CREATED", "IN_PROGRESS", "FAILED", "CANCELLED", None])
def test_a_scenario_that_did_not_finish_is_a_problem(state: str | None) -> None:
    assert "the scenario did not finish" in of(scenario() | {"scenario_run_state": state}).problems[0]


def test_a_scenario_that_ended_with_an_error_is_a_problem() -> None:
    assert of(scenario() | {"error_type": "ValueError"}).problems == ("the scenario ended with an error",)


def test_results_that_a_scenario_names_and_does_not_have_are_a_problem() -> None:
    value = scenario()
    here = value["attack_results"]["prompt_sending"][3]["attack_result_id"]
    said = of(value | {"error_attack_result_ids": [here, "another"]})
    assert said.problems == ("1 attacks that broke off are named, and are not in the file",)


def test_an_attack_that_is_in_the_file_twice_is_a_problem() -> None:
    value = attacks()
    assert of([*value, value[0]]).problems == ("an attack result is in the file more than once",)


def test_a_run_of_undetermined_attacks_is_no_pass() -> None:
    said = of([attack | {"outcome": "undetermined"} for attack in attacks()])
    assert said.totals == ()
    assert "nothing was judged: all 5 attacks are without a verdict" in said.problems


def test_that_the_planned_number_is_unknown_is_said() -> None:
    said = of(attacks())
    assert said.planned is None
    assert "missing ones would not be noticed" in said.notes[0]


def test_seeds_and_slices_that_a_criterion_names_are_taken_from_labels_and_metadata() -> None:
    value = attacks()
    for index, attack in enumerate(value):
        attack["labels"] = {"seed": str(index % 2)}
        attack["metadata"] = {"language": "de"}
        attack["targeted_harm_categories"] = ["b", "a"]
    said = of(value, ResultOptions(slice_by=("language", "harm_category"), cluster_by="seed"))
    assert len({prompt.prompt for prompt in said.prompts}) == 2
    assert dict(said.prompts[0].slices).items() >= {"language": "de", "harm_category": "a, b"}.items()


def test_a_format_of_the_next_major_version_is_refused() -> None:
    raw = fixture("pyrit", LIST).replace(b'"1.1.0"', b'"2.0.0"')
    with pytest.raises(UnreadableResultError, match=r"PyRIT 2\.0\.0"):
        readings(READER, raw)


@pytest.mark.parametrize("first", [attacks()[0], scenario()])
def test_a_list_of_scenarios_is_refused(first: object) -> None:
    raw = json.dumps([first, scenario()]).encode()
    with pytest.raises(UnreadableResultError, match="several scenario results"):
        readings(READER, raw)


def test_a_scenario_without_attacks_is_refused() -> None:
    with pytest.raises(UnreadableResultError, match="no attack result"):
        of(scenario() | {"attack_results": {}})


def test_items_that_are_no_attack_are_a_problem() -> None:
    said = of([*attacks(), 7, {"note": "x"}])
    assert said.problems == ("an item is no attack result (2 times)",)


@pytest.mark.parametrize("name", [LIST, SCENARIO])
def test_every_cut_of_a_document_is_refused(name: str) -> None:
    whole = fixture("pyrit", name).rstrip()
    for end in range(1, len(whole), 101):
        file = file_of(whole[:end])
        if READER.recognises(file):
            with pytest.raises(UnreadableResultError):
                READER.read(file, NO_OPTIONS)


def test_a_cut_line_is_a_problem() -> None:
    raw = lines_of(attacks())
    assert "not complete" in reading(READER, raw[:-40]).problems[0]


def test_no_objective_and_no_answer_is_kept() -> None:
    said = of(attacks()).model_dump_json()
    assert "placeholder" not in said
    assert "I cannot help" not in said
