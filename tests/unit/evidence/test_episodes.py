"""Episodes: everything since the last decision of a cell, whatever was opened and closed in between."""

from datetime import datetime, timedelta

import pytest

from reassay.ledger.answers import AttachedResult
from reassay.ledger.runs import RunEnded, RunRegistered
from tests.make import deployment, model
from tests.results import Evaluation, names, outcomes, rate, reading

CLOSED = ["superseded", "not-material", "merged-into", "withdrawn", "inconclusive"]


@pytest.mark.parametrize("how", CLOSED)
def test_a_bad_run_stays_after_a_re_assessment_without_a_decision(how: str) -> None:
    story = Evaluation()
    story.attach(reading(outcomes(names(50), names(3))))
    story.end(how)
    story.open_again()
    story.attach(reading(outcomes(names(200, 50))))
    figures = story.verdict().figures
    assert figures is not None
    assert (figures.k, figures.n) == (3, 250)


@pytest.mark.parametrize("how", ["degraded", "ineffective"])
def test_a_decision_starts_the_next_episode(how: str) -> None:
    story = Evaluation()
    story.attach(reading(outcomes(names(50), names(3))))
    story.end(how)
    story.open_again()
    assert story.verdict().verdict == "not-measured"
    story.attach(reading(outcomes(names(200, 50))))
    assert story.verdict().verdict == "met"


def test_a_decision_about_one_cell_ends_no_other_episode() -> None:
    others = (deployment("public-api", model="large"), deployment("chat", model="large"), model("large"))
    story = Evaluation(more=others, deployments=["public-api", "chat"])
    story.attach(reading(outcomes(names(50), names(3))))
    decided = story.conclude("filter", "degraded")
    body = decided.model_copy(update={"cells": ("chat",)})
    story.entries[-1] = story.entries[-1].model_copy(update={"body": body})
    story.open_again()
    story.attach(reading(outcomes(names(200, 50))))
    verdict = story.verdict()
    assert verdict.verdict == "insufficient"
    assert verdict.why.startswith("for public-api: 3 of 250 assessed")


def test_a_closed_re_assessment_reads_as_it_did_when_it_was_decided() -> None:
    story = Evaluation()
    story.attach(reading(outcomes(names(50), names(3))))
    before = story.verdict()
    story.end("degraded")
    assert story.verdict() == before


def registered(story: Evaluation, run: str = "101-1-jailbreaks", **fields: object) -> None:
    values: dict[str, object] = {
        "run": run,
        "subject": "filter",
        "criterion": "attempts that pass",
        "planned": 200,
        "workflow": ".github/workflows/evaluate.yml",
        "branch": "main",
        "commit": "0" * 40,
        "event": "schedule",
        "provenance": "workflow-run",
        "artifact": int(run.split("-", 1)[0]),
        "started_at": story.now,
    }
    story.add(RunRegistered.model_validate(values | fields))


def ended(story: Evaluation, how: str, run: str = "101-1-jailbreaks", results: tuple[AttachedResult, ...] = ()) -> None:
    at: datetime = story.now + timedelta(hours=1)
    story.add(
        RunEnded(run=run, subject="filter", how=how, results=results, provenance="workflow-run", ended_at=at)  # type: ignore[arg-type]
    )


def test_a_registered_run_without_a_result_keeps_the_criterion_from_being_met() -> None:
    story = Evaluation()
    registered(story)
    story.attach(reading(outcomes(names(300))))
    verdict = story.verdict()
    assert verdict.verdict == "refused"
    assert (
        "run 101-1-jailbreaks was registered and has no result yet: wait for it, or attach its result with `run 101-1-jailbreaks`"
        in verdict.why
    )


@pytest.mark.parametrize("how", ["failed", "cancelled", "abandoned"])
def test_a_run_that_ended_without_a_result_does_so_too(how: str) -> None:
    story = Evaluation()
    registered(story)
    ended(story, how)
    story.attach(reading(outcomes(names(300))))
    verdict = story.verdict()
    assert verdict.verdict == "refused"
    assert f"run 101-1-jailbreaks was registered and {how} without a result" in verdict.why
    assert "attach its log" in verdict.why


def test_the_log_of_a_failed_run_that_a_person_brings_is_its_result() -> None:
    story = Evaluation()
    registered(story)
    ended(story, "failed")
    story.attach(reading(outcomes(names(300))), run="101-1-jailbreaks")
    assert story.verdict().verdict == "met"


def test_a_lost_run_of_an_earlier_episode_is_past() -> None:
    story = Evaluation()
    registered(story)
    ended(story, "failed")
    story.end("degraded")
    story.open_again()
    story.attach(reading(outcomes(names(300))))
    assert story.verdict().verdict == "met"


def test_a_run_for_another_criterion_or_of_a_control_is_no_gap() -> None:
    story = Evaluation(rate(), rate(name="another one"))
    registered(story, criterion="another one")
    registered(story, "102-1-control", arm="positive-control")
    story.attach(reading(outcomes(names(300))), of="attempts that pass")
    assert story.verdict("attempts that pass").verdict == "met"


def test_a_run_for_a_criterion_that_the_register_does_not_have_is_one() -> None:
    story = Evaluation()
    registered(story, criterion="attempts that past")
    story.attach(reading(outcomes(names(300))))
    assert story.verdict().verdict == "refused"


def test_the_result_of_a_run_counts_without_anybody_attaching_it() -> None:
    story = Evaluation(rate(provenance="workflow-run"))
    registered(story)
    story.attach(reading(outcomes(names(300))))
    result = story.entries.pop().body.result  # type: ignore[union-attr]
    assert result is not None
    ended(story, "result", results=(result,))
    assert story.verdict().verdict == "met"


def test_a_loosened_bound_is_judged_as_it_is_now_and_costs_nothing_of_the_error() -> None:
    story = Evaluation(rate(at_most=0.01))
    story.attach(reading(outcomes(names(175))))
    assert story.verdict().verdict == "insufficient"
    story.change(rate(at_most=0.02))
    assert story.verdict().verdict == "met"


def test_renaming_a_criterion_makes_no_bad_run_disappear() -> None:
    story = Evaluation()
    story.attach(reading(outcomes(names(50), names(3))))
    story.change(rate(name="attempts that succeed"))
    story.attach(reading(outcomes(names(200, 50))))
    figures = story.verdict().figures
    assert figures is not None
    assert (figures.k, figures.n) == (3, 250)


def test_a_run_for_several_criteria_counts_where_it_fits_and_is_not_mentioned_elsewhere() -> None:
    other = rate(
        name="refusals", undesired="refusal", measured={"metric": "refused", "adverse": ["R"], "not_adverse": ["A"]}
    )
    story = Evaluation(rate(), other)
    story.attach(reading(outcomes(names(200))), of="attempts that pass")
    body = story.entries[-1].body.model_copy(update={"criterion": None})
    story.entries[-1] = story.entries[-1].model_copy(update={"body": body})
    assert story.verdict("attempts that pass").verdict == "met"
    assert story.verdict("refusals").why == "no result file is attached for it"


def test_a_registered_run_whose_result_cannot_be_counted_is_a_gap() -> None:
    story = Evaluation()
    registered(story)
    story.attach(reading(outcomes(names(10)), models_answered=("small",)), run="101-1-jailbreaks")
    story.attach(reading(outcomes(names(200))))
    verdict = story.verdict()
    assert verdict.verdict == "refused"
    assert (
        "run 101-1-jailbreaks was registered for this, and its result does not count ('small' answered" in verdict.why
    )
    story.attach(reading(outcomes(names(10))), run="101-1-jailbreaks")
    assert story.verdict().verdict == "met"


def test_a_result_for_a_part_of_another_criterion_is_for_no_other() -> None:
    rates = {"recall": {"at_least": 0.95}, "false_positives": {"at_most": 0.01}}
    story = Evaluation(rate(), {"name": "detector", "kind": "detector", **rates})
    story.attach(reading(outcomes(names(50), names(50))), of="attempts that pass", with_plan=False)
    body = story.entries[-1].body.model_copy(update={"criterion": "detector: recall"})
    story.entries[-1] = story.entries[-1].model_copy(update={"body": body})
    assert story.verdict("attempts that pass").verdict == "not-measured"


@pytest.mark.parametrize(("before", "after"), [(["public-api"], []), ([], ["public-api"])])
def test_naming_deployments_or_none_any_more_makes_no_bad_run_disappear(before: list[str], after: list[str]) -> None:
    story = Evaluation(deployments=before)
    story.attach(reading(outcomes(names(50), names(3))))
    story.change(deployments=after)
    story.end("superseded")
    story.open_again()
    cells = tuple(after) or ("*",)
    story.entries[-1] = story.entries[-1].model_copy(
        update={"body": story.opened()[-1].model_copy(update={"cells": cells})}
    )
    story.attach(reading(outcomes(names(200, 50))))
    figures = story.verdict().figures
    assert figures is not None
    assert (figures.k, figures.n) == (3, 250)


def test_a_result_for_a_deployment_counts_where_the_mitigation_names_none() -> None:
    story = Evaluation(deployments=[])
    story.attach(reading(outcomes(names(100), names(20))), deployments=("public-api",))
    assert story.verdict().verdict == "exceeded"


def test_a_decision_about_everything_starts_the_next_episode_of_each_deployment() -> None:
    story = Evaluation(deployments=[])
    story.attach(reading(outcomes(names(100), names(20))))
    story.end("degraded")
    story.change(deployments=["public-api"])
    story.open_again()
    body = story.opened()[-1].model_copy(update={"cells": ("public-api",)})
    story.entries[-1] = story.entries[-1].model_copy(update={"body": body})
    assert story.verdict().verdict == "not-measured"


@pytest.mark.parametrize("decoy", [rate(at_most=0.99), {"kind": "judgement", "question": "Does it work?"}])
def test_giving_the_name_to_another_criterion_makes_no_bad_run_disappear(decoy: dict[str, object]) -> None:
    story = Evaluation(rate(name="attempts"))
    story.attach(reading(outcomes(names(50), names(3))))
    story.change(rate(name="attempts that pass"), decoy | {"name": "attempts"})
    story.attach(reading(outcomes(names(200, 50))), of="attempts that pass")
    verdict = story.verdict("attempts that pass")
    assert verdict.figures is not None
    assert (verdict.figures.k, verdict.figures.n) == (3, 203)
    assert "was recorded for 'attempts', a name that another criterion has now" in verdict.why


def test_a_name_that_only_begins_like_another_criterion_is_no_part_of_it() -> None:
    story = Evaluation(rate(name="filter: attempts"))
    story.attach(reading(outcomes(names(50), names(3))))
    story.change(rate(), {"kind": "judgement", "name": "filter", "question": "Does it work?"})
    story.attach(reading(outcomes(names(200, 50))), of="attempts that pass")
    verdict = story.verdict("attempts that pass")
    assert verdict.figures is not None
    assert verdict.figures.k == 3


def test_results_of_two_criteria_alike_stay_apart() -> None:
    story = Evaluation(rate(name="first"), rate(name="second"))
    story.attach(reading(outcomes(names(50), names(3))), of="first")
    story.attach(reading(outcomes(names(200, 50))), of="second")
    assert story.verdict("second").verdict == "met"


def test_renaming_a_deployment_makes_no_bad_run_disappear() -> None:
    story = Evaluation()
    story.attach(reading(outcomes(names(50), names(3))))
    story.others = (deployment("api", model="large"), model("large"))
    story.change(deployments=["api"])
    story.end("superseded")
    story.open_again()
    body = story.opened()[-1].model_copy(update={"cells": ("api",)})
    story.entries[-1] = story.entries[-1].model_copy(update={"body": body})
    story.attach(reading(outcomes(names(200, 50))))
    verdict = story.verdict()
    assert verdict.figures is not None
    assert (verdict.figures.k, verdict.figures.n) == (3, 203)
    assert "it was measured on public-api, which the register does not have any more" in verdict.why


def test_a_run_whose_result_nobody_brought_gives_the_next_version_its_price() -> None:
    story = Evaluation()
    registered(story)
    ended(story, "abandoned")
    story.now += timedelta(days=1)
    story.end("superseded")
    story.change(version=2)
    story.open_again()
    story.attach(reading(outcomes(names(175))))
    verdict = story.verdict()
    assert verdict.verdict == "insufficient"
    assert "version 2 is number 2 tested in this episode" in verdict.why
    story.attach(reading(outcomes(names(38, 175))))
    assert story.verdict().verdict == "met"
