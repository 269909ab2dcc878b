"""Runs and results as they follow from the ledger: nothing that was recorded is hidden by a later entry."""

from collections.abc import Mapping
from datetime import date

import pytest
from pydantic import ValidationError

from reassay.ledger.answers import Attached, AttachedResult
from reassay.ledger.history import History
from reassay.ledger.run_history import (
    artifacts_recorded,
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


def new_story() -> Story:
    return Story(register(mitigation(deployments=["public-api", "app"]), deployment(), deployment("app")))


def history(story: Story) -> History:
    return History.of(story.entries)


def test_a_run_is_open_until_its_end_is_recorded() -> None:
    story = new_story()
    story.add(registered())
    (run,) = runs_of(history(story))
    assert (run.run, run.state, run.registered_at) == (FIRST, "open", story.now)
    story.add(ended())
    (run,) = runs_of(history(story), "filter")
    assert (run.state, run.provenance) == ("result", "workflow-run")
    assert runs_of(history(story), "other") == ()


@pytest.mark.parametrize("how", ["failed", "cancelled", "abandoned"])
def test_a_run_without_a_result_stays_in_the_history(how: str) -> None:
    story = new_story()
    story.add(registered())
    story.add(ended(how=how, why="the job ended without one"))
    (run,) = runs_since(history(story), "filter", "app")
    assert run.state == how
    assert results_since(history(story), "filter", "app") == ()


def test_a_run_that_a_person_gave_up_is_waited_for_until_its_workflow_is_over() -> None:
    story = new_story()
    story.add(registered())
    assert [run.run for run in unsettled_runs(history(story))] == [FIRST]
    story.add(ended(how="abandoned", artifact=None))
    assert [run.run for run in unsettled_runs(history(story))] == [FIRST]
    story.add(ended(how="failed", artifact=None))
    assert unsettled_runs(history(story)) == ()
    assert [run.state for run in runs_of(history(story))] == ["abandoned"]


def test_trying_again_until_it_is_green_hides_no_run() -> None:
    story = new_story()
    for body in (registered(), ended(how="failed"), registered(SECOND, artifact=3), ended(SECOND, artifact=4)):
        story.add(body)
    assert [(run.run, run.state) for run in runs_of(history(story))] == [(FIRST, "failed"), (SECOND, "result")]


@pytest.mark.parametrize("how", ["failed", "cancelled", "abandoned"])
def test_who_gives_up_a_run_does_not_keep_its_result_from_counting(how: str) -> None:
    story = new_story()
    for body in (registered(), ended(how=how, artifact=None), ended(artifact=3), ended(how="failed", artifact=4)):
        story.add(body)
    assert [run.state for run in runs_of(history(story))] == ["result"]
    assert [result.run for result in results_of(history(story), "filter")] == [FIRST]


def test_a_second_result_of_a_run_hides_none_of_the_first() -> None:
    story = new_story()
    other = AttachedResult(readings="sha256:" + "c" * 64, run=FIRST)
    for body in (registered(), ended(), ended(artifact=3, results=(other,), provenance="uploaded")):
        story.add(body)
    recorded = results_of(history(story), "filter")
    assert [result.result.readings for result in recorded] == [DIGEST, other.readings]
    assert [result.provenance for result in recorded] == ["workflow-run", "uploaded"]


def test_a_result_is_as_good_as_the_weaker_of_its_registration_and_its_end() -> None:
    story = new_story()
    story.add(registered(provenance="uploaded", why="the workflow ran on another branch"))
    story.add(ended())
    assert [result.provenance for result in results_of(history(story), "filter")] == ["uploaded"]
    story.add(ended(SECOND, artifact=3, provenance="uploaded", why="it never registered itself"))
    assert [result.provenance for result in results_of(history(story), "filter")] == ["uploaded", "uploaded"]
    assert runs_of(history(story))[1].registered is None


def test_results_of_an_episode_are_those_since_the_last_decision_that_moved_the_cells_clock() -> None:
    story = new_story()
    story.sweep()
    story.add(registered())
    story.add(ended())
    story.conclude("filter", "inconclusive")
    assert [result.run for result in results_since(history(story), "filter", "app")] == [FIRST]
    story.sweep()
    story.conclude("filter")
    assert results_since(history(story), "filter", "app") == ()
    assert [result.run for result in results_of(history(story), "filter")] == [FIRST]
    story.add(registered(SECOND))
    story.add(ended(SECOND))
    assert [result.run for result in results_since(history(story), "filter", "app")] == [SECOND]


def test_files_of_people_and_results_of_runs_are_one_list_in_order_of_the_ledger() -> None:
    story = new_story()
    story.add(ended())
    story.sweep()
    name = story.assessment_input.history.open_for("filter")
    assert name is not None
    story.add(
        Attached(
            reassessment=name.id, evidence="result", provenance="file", criterion="harmful", role="red-team", independent=True,
            result=AttachedResult(readings=DIGEST),
        )
    )  # fmt: skip
    recorded = results_since(history(story), "filter", "public-api")
    assert [(result.run, result.provenance) for result in recorded] == [(FIRST, "workflow-run"), (None, "file")]
    assert [result.criterion for result in recorded] == [None, "harmful"]


def test_a_result_that_names_deployments_counts_for_these_alone() -> None:
    story = new_story()
    story.add(ended(results=(AttachedResult(readings=DIGEST, run=FIRST, deployments=("app",)),)))
    assert len(results_since(history(story), "filter", "app")) == 1
    assert results_since(history(story), "filter", "public-api") == ()


def test_a_run_follows_its_mitigation_to_a_new_id() -> None:
    story = new_story()
    story.add(registered())
    story.add(ended())
    renamed = history(story).renamed({"filter": "input-filter"})
    assert [run.subject for run in runs_of(renamed, "input-filter")] == ["input-filter"]
    assert len(results_of(renamed, "input-filter")) == 1


def test_artifacts_that_entries_are_about_are_not_read_again() -> None:
    story = new_story()
    story.add(registered())
    story.add(ended(how="failed", artifact=None))
    story.add(RunRefused(artifact=9, workflow_run=4711, why="it is no zip archive"))
    assert artifacts_recorded(history(story)) == {1, 9}


@pytest.mark.parametrize(
    "run", ["", "4711", "4711-1", "4711-1-", "0-1-x", "4711-1-Upper", "4711-1-" + "x" * 61, "a-1-x"]
)
def test_a_run_id_has_the_workflow_run_its_attempt_and_a_name(run: str) -> None:
    with pytest.raises(ValidationError):
        registered(run)


def test_old_dates_and_until_leave_later_runs_out() -> None:
    story = new_story()
    story.add(registered())
    story.move_to(date(2026, 12, 5))
    story.add(ended())
    assert [run.state for run in runs_of(History.of(story.entries, until=at(date(2026, 12, 2))))] == ["open"]
