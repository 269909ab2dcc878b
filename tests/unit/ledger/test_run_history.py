"""Runs and results as they follow from the ledger: nothing that was recorded is hidden by a later entry."""

from collections.abc import Mapping
from datetime import date

import pytest
from pydantic import ValidationError

from reassay.ledger.answers import Attached, AttachedResult
from reassay.ledger.history import History
from reassay.ledger.run_history import (
    artifacts_recorded,
    open_runs,
    results_of,
    results_since,
    runs_of,
    runs_since,
    unsettled_runs,
)
from reassay.ledger.runs import RunEnded, RunRefused, RunRegistered
from tests.make import TODAY, Story, at, deployment, mitigation, register

FIRST, SECOND = "4711-1-harmful-answers", "4711-2-harmful-answers"
DIGEST = "sha256:" + "a" * 64


def registered(run: str = FIRST, **fields: object) -> RunRegistered:
    values: Mapping[str, object] = {
        "run": run, "subject": "filter", "workflow": ".github/workflows/evaluate.yml", "branch": "main", "commit": "b" * 40,
        "event": "schedule", "provenance": "workflow-run", "artifact": 1, "started_at": at(TODAY),
    }  # fmt: skip
    return RunRegistered.model_validate({**values, **fields})


def ended(run: str = FIRST, how: str = "result", **fields: object) -> RunEnded:
    results = (AttachedResult(readings=DIGEST, run=run),) if how == "result" else ()
    values: Mapping[str, object] = {
        "run": run, "subject": "filter", "how": how, "results": results, "provenance": "workflow-run", "artifact": 2,
        "ended_at": at(TODAY),
    }  # fmt: skip
    return RunEnded.model_validate({**values, **fields})


def story() -> Story:
    return Story(register(mitigation(deployments=["public-api", "app"]), deployment(), deployment("app")))


def history(told: Story) -> History:
    return History.of(told.entries)


def test_a_run_is_open_until_its_end_is_recorded() -> None:
    told = story()
    told.add(registered())
    (run,) = open_runs(history(told))
    assert (run.run, run.state, run.registered_at) == (FIRST, "open", told.now)
    told.add(ended())
    assert open_runs(history(told)) == ()
    (run,) = runs_of(history(told), "filter")
    assert (run.state, run.provenance, run.is_without_result) == ("result", "workflow-run", False)
    assert runs_of(history(told), "other") == ()


@pytest.mark.parametrize("how", ["failed", "cancelled", "abandoned"])
def test_a_run_without_a_result_stays_in_the_history(how: str) -> None:
    told = story()
    told.add(registered())
    told.add(ended(how=how, why="the job ended without one"))
    (run,) = runs_since(history(told), "filter", "app")
    assert (run.state, run.is_without_result) == (how, True)
    assert results_since(history(told), "filter", "app") == ()


def test_a_run_that_a_person_gave_up_is_waited_for_until_its_workflow_is_over() -> None:
    told = story()
    told.add(registered())
    assert [run.run for run in unsettled_runs(history(told))] == [FIRST]
    told.add(ended(how="abandoned", artifact=None))
    assert [run.run for run in unsettled_runs(history(told))] == [FIRST]
    assert open_runs(history(told)) == ()
    told.add(ended(how="failed", artifact=None))
    assert unsettled_runs(history(told)) == ()
    assert [run.state for run in runs_of(history(told))] == ["abandoned"]


def test_trying_again_until_it_is_green_hides_no_run() -> None:
    told = story()
    for body in (registered(), ended(how="failed"), registered(SECOND, artifact=3), ended(SECOND, artifact=4)):
        told.add(body)
    assert [(run.run, run.state) for run in runs_of(history(told))] == [(FIRST, "failed"), (SECOND, "result")]


@pytest.mark.parametrize("how", ["failed", "cancelled", "abandoned"])
def test_who_gives_up_a_run_does_not_keep_its_result_from_counting(how: str) -> None:
    told = story()
    for body in (registered(), ended(how=how, artifact=None), ended(artifact=3), ended(how="failed", artifact=4)):
        told.add(body)
    assert [run.state for run in runs_of(history(told))] == ["result"]
    assert [result.run for result in results_of(history(told), "filter")] == [FIRST]


def test_a_second_result_of_a_run_hides_none_of_the_first() -> None:
    told = story()
    other = AttachedResult(readings="sha256:" + "c" * 64, run=FIRST)
    for body in (registered(), ended(), ended(artifact=3, results=(other,), provenance="uploaded")):
        told.add(body)
    recorded = results_of(history(told), "filter")
    assert [result.result.readings for result in recorded] == [DIGEST, other.readings]
    assert [result.provenance for result in recorded] == ["workflow-run", "uploaded"]


def test_a_result_is_as_good_as_the_weaker_of_its_registration_and_its_end() -> None:
    told = story()
    told.add(registered(provenance="uploaded", why="the workflow ran on another branch"))
    told.add(ended())
    assert [result.provenance for result in results_of(history(told), "filter")] == ["uploaded"]
    told.add(ended(SECOND, artifact=3, provenance="uploaded", why="it never registered itself"))
    assert [result.provenance for result in results_of(history(told), "filter")] == ["uploaded", "uploaded"]
    assert runs_of(history(told))[1].registered is None


def test_results_of_an_episode_are_those_since_the_last_decision_that_moved_the_cells_clock() -> None:
    told = story()
    told.sweep()
    told.add(registered())
    told.add(ended())
    told.conclude("filter", "inconclusive")
    assert [result.run for result in results_since(history(told), "filter", "app")] == [FIRST]
    told.sweep()
    told.conclude("filter")
    assert results_since(history(told), "filter", "app") == ()
    assert [result.run for result in results_of(history(told), "filter")] == [FIRST]
    told.add(registered(SECOND))
    told.add(ended(SECOND))
    assert [result.run for result in results_since(history(told), "filter", "app")] == [SECOND]


def test_files_of_people_and_results_of_runs_are_one_list_in_order_of_the_ledger() -> None:
    told = story()
    told.add(ended())
    told.sweep()
    name = told.assessment_input.history.open_for("filter")
    assert name is not None
    told.add(
        Attached(
            reassessment=name.id, evidence="result", provenance="file", criterion="harmful", role="red-team", independent=True,
            result=AttachedResult(readings=DIGEST),
        )
    )  # fmt: skip
    recorded = results_since(history(told), "filter", "public-api")
    assert [(result.run, result.provenance) for result in recorded] == [(FIRST, "workflow-run"), (None, "file")]
    assert [result.criterion for result in recorded] == [None, "harmful"]


def test_a_result_that_names_deployments_counts_for_these_alone() -> None:
    told = story()
    told.add(ended(results=(AttachedResult(readings=DIGEST, run=FIRST, deployments=("app",)),)))
    assert len(results_since(history(told), "filter", "app")) == 1
    assert results_since(history(told), "filter", "public-api") == ()


def test_a_run_follows_its_mitigation_to_a_new_id() -> None:
    told = story()
    told.add(registered())
    told.add(ended())
    renamed = history(told).renamed({"filter": "input-filter"})
    assert [run.subject for run in runs_of(renamed, "input-filter")] == ["input-filter"]
    assert len(results_of(renamed, "input-filter")) == 1


def test_artifacts_that_entries_are_about_are_not_read_again() -> None:
    told = story()
    told.add(registered())
    told.add(ended(how="failed", artifact=None))
    told.add(RunRefused(artifact=9, workflow_run=4711, why="it is no zip archive"))
    assert artifacts_recorded(history(told)) == {1, 9}


@pytest.mark.parametrize(
    "run", ["", "4711", "4711-1", "4711-1-", "0-1-x", "4711-1-Upper", "4711-1-" + "x" * 61, "a-1-x"]
)
def test_a_run_id_has_the_workflow_run_its_attempt_and_a_name(run: str) -> None:
    with pytest.raises(ValidationError):
        registered(run)


def test_old_dates_and_until_leave_later_runs_out() -> None:
    told = story()
    told.add(registered())
    told.move_to(date(2026, 12, 5))
    told.add(ended())
    assert [run.state for run in runs_of(History.of(told.entries, until=at(date(2026, 12, 2))))] == ["open"]
