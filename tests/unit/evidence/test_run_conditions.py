"""What a result file must be for its outcomes to count, one condition a test."""

from datetime import date, datetime, timedelta

import pytest

from reassay.evidence.criterion_verdict import CriterionVerdict
from reassay.evidence.readers.base import prompt_digest
from reassay.evidence.reading import PromptOutcomes
from tests.make import TODAY, at, deployment, model
from tests.results import Evaluation, names, outcomes, rate, reading


def verdict_of(story: Evaluation | None = None, /, **fields: object) -> CriterionVerdict:
    """The verdict on a run without an adverse outcome, which would be met."""
    own = story or Evaluation()
    in_reading = {
        "performed_at",
        "problems",
        "task",
        "task_version",
        "models_asked",
        "models_answered",
        "planned",
        "metric",
    }
    result = reading(outcomes(names(200)), **{name: value for name, value in fields.items() if name in in_reading})
    own.attach(result, **{name: value for name, value in fields.items() if name not in in_reading})  # type: ignore[arg-type]
    return own.verdict()


def test_a_run_that_fulfils_everything_is_met() -> None:
    assert verdict_of().verdict == "met"


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("problems", ("the report has no last row, so the run died",), "the report has no last row, so the run died"),
        ("trained_on", "yes", "the mitigation or the model was trained on these prompts"),
        ("trained_on", "unknown", "nobody said whether the mitigation or the model was trained"),
        ("provenance", "word", "its provenance is attested, and the criterion takes uploaded or better"),
        ("provenance", "sealed", "its provenance is attested, and the criterion takes uploaded or better"),
        ("models_answered", ("small",), "'small' answered, and 'large' was asked for"),
        ("models_asked", ("small",), "'large' answered, and 'small' was asked for"),
        ("version", None, "the version of the mitigation that it measured was not recorded"),
        ("version", 7, "it measured version 7, and version 1 is in force"),
        ("metric", "other", "refused"),
    ],
)
def test_a_run_with_this_is_refused(field: str, value: object, why: str) -> None:
    story = Evaluation(rate(measured={"metric": "verdict", "adverse": ["I"], "not_adverse": ["C"]}))
    verdict = verdict_of(story, **{field: value})
    assert (verdict.verdict, verdict.basis) == ("refused", "attested")
    assert why == "refused" or why in verdict.why


def test_what_a_refused_run_found_is_said() -> None:
    story = Evaluation()
    story.attach(reading(outcomes(names(200), names(20))), trained_on="yes")
    verdict = story.verdict()
    assert verdict.verdict == "refused"
    assert "(20 of 200 adverse) counts only against it" in verdict.why


def test_a_run_on_another_model_than_the_deployments_is_refused() -> None:
    verdict = verdict_of(models_asked=("small",), models_answered=("small",))
    assert verdict.verdict == "refused"
    assert "it measured 'small', and public-api runs large" in verdict.why


def test_a_file_that_names_no_model_is_refused() -> None:
    verdict = verdict_of(models_asked=(), models_answered=())
    assert "the file does not say which model it measured" in verdict.why
    assert verdict.verdict == "refused"


def test_a_file_without_the_model_that_answered_counts_and_says_so() -> None:
    verdict = verdict_of(models_answered=())
    assert verdict.verdict == "met"
    assert verdict.computed_from is not None
    (run,) = verdict.computed_from.verdicts[0].runs
    assert run.remarks == ("the file does not say which model answered; 'large' was asked for",)


@pytest.mark.parametrize("answered", ["provider/large", "large-20260801", "large-2026-08-01", "1", "LARGE", "large-1"])
def test_a_provider_prefix_and_a_dated_snapshot_are_the_same_model(answered: str) -> None:
    asked = "large" if answered not in {"1", "large-1"} else answered
    assert verdict_of(models_asked=(asked,), models_answered=(answered,)).verdict == "met"


@pytest.mark.parametrize("answered", ["large-mini", "larger", "large-mini-20260801"])
def test_a_smaller_sibling_is_another_model(answered: str) -> None:
    assert verdict_of(models_answered=(answered,)).verdict == "refused"


@pytest.mark.parametrize(
    ("runs", "answered", "is_same"),
    [
        ("large:7b", "small:7b", False),
        ("large:latest", "small:latest", False),
        ("vendor.large-v1:0", "other.small-v1:0", False),
        ("0", "other.small-v1:0", False),
        ("large:7b", "host/large:7b", True),
        ("provider/large", "provider:chat:large", True),
        ("provider:large", "large-20260801", True),
    ],
)
def test_a_tag_after_a_colon_is_no_model_and_a_provider_before_it_is_left_out(
    runs: str, answered: str, is_same: bool
) -> None:
    story = Evaluation(more=(deployment("public-api", model=runs),))
    verdict = verdict_of(story, models_asked=(answered,), models_answered=(answered,))
    assert (verdict.verdict == "met") is is_same


def test_a_register_that_does_not_say_which_model_runs_is_told() -> None:
    story = Evaluation(more=(deployment("public-api"),))
    verdict = verdict_of(story)
    assert verdict.verdict == "refused"
    assert "the register does not say which model public-api runs" in verdict.why


def test_an_undated_run_is_refused() -> None:
    story = Evaluation()
    story.attach(reading(outcomes(names(200))))
    name = next(iter(run.readings for run in story.verdict().computed_from.cases[0].runs))  # type: ignore[union-attr]
    undated = [{**own, "performed_at": None} for own in story.objects[name]]  # type: ignore[attr-defined]
    story.objects[name] = undated
    verdict = story.verdict()
    assert verdict.verdict == "refused"
    assert "does not say when it was performed" in verdict.why


def test_a_run_without_a_time_zone_or_from_the_future_is_refused() -> None:
    naive = datetime(2026, 12, 1, 9)  # noqa: DTZ001 -- what a file without a zone says
    assert "does not say when" in verdict_of(performed_at=naive).why
    story = Evaluation()
    future = story.now + timedelta(days=2)
    story.attach(reading(outcomes(names(200)), performed_at=future), performed_at=story.now)
    assert "after it was recorded" in story.verdict().why


def test_a_run_before_the_last_change_of_the_mitigation_is_refused() -> None:
    story = Evaluation()
    story.attach(reading(outcomes(names(10))))
    story.conclude("filter", "degraded")
    story.move_to(date(2027, 3, 1))
    story.change(version=2)
    story.sweep()
    story.attach(reading(outcomes(names(250)), performed_at=at(date(2027, 2, 1))))
    verdict = story.verdict()
    assert verdict.verdict == "refused"
    assert "version 2 is known to be in force since Mon 1 Mar 2027 09:00 UTC only" in verdict.why
    story.attach(reading(outcomes(names(250)), task="again"), performed_at=at(date(2027, 3, 2)))
    assert story.verdict().verdict == "met"


def test_task_and_task_version_are_those_declared() -> None:
    measured = {"adverse": ["I"], "not_adverse": ["C"], "task": "jailbreaks", "task_version": "3"}
    story = Evaluation(rate(measured=measured))
    assert "the file is of task 'other', and the criterion of 'jailbreaks'" in verdict_of(story, task="other").why
    assert "of task version that is not stated" in verdict_of(story, task="jailbreaks").why
    assert verdict_of(story, task="jailbreaks", task_version="3").verdict == "met"


def test_every_language_of_the_deployment_has_to_be_covered() -> None:
    story = Evaluation(more=(deployment("public-api", model="large", languages=["en", "de"]), model("large")))
    assert "public-api is offered in en, de, and no result that counts covers them" in verdict_of(story).why
    story.attach(reading(outcomes(names(10, 500))), languages=("en",))
    assert "public-api is offered in de, and no result that counts covers it" in story.verdict().why
    story.attach(reading(outcomes(names(10, 600), (), {"language": "de"})))
    assert story.verdict().verdict == "met"


def test_each_deployment_has_to_be_covered_and_the_worst_is_named() -> None:
    others = (
        deployment("public-api", model="large"),
        deployment("internal-chat", model="small"),
        model("large"),
        model("small", "2"),
    )
    story = Evaluation(more=others, deployments=["public-api", "internal-chat"])
    verdict = verdict_of(story)
    assert verdict.verdict == "refused"
    assert verdict.why.startswith("for internal-chat: no result counts: entry 2 does not count: it measured 'large'")
    story.attach(reading(outcomes(names(200)), models_asked=("small",), models_answered=("small",)))
    verdict = story.verdict()
    assert verdict.verdict == "met"


def test_a_result_for_one_deployment_covers_no_other() -> None:
    others = (deployment("public-api", model="large"), deployment("internal-chat", model="large"), model("large"))
    story = Evaluation(more=others, deployments=["public-api", "internal-chat"])
    verdict = verdict_of(story, deployments=("public-api",))
    assert verdict.verdict == "not-measured"
    assert verdict.why == "for internal-chat: no result file is attached for it"


def test_workflow_runs_may_be_asked_for() -> None:
    story = Evaluation(rate(provenance="workflow-run"))
    assert verdict_of(story).verdict == "refused"
    assert verdict_of(Evaluation(rate(provenance="workflow-run")), provenance="workflow-run").verdict == "met"


def test_what_does_not_count_in_full_still_counts_against() -> None:
    story = Evaluation()
    story.attach(reading(outcomes(names(30, 1000), names(5, 1000))), trained_on="unknown")
    verdict = verdict_of(story)
    assert verdict.figures is not None
    assert (verdict.verdict, verdict.figures.k, verdict.figures.n) == ("insufficient", 5, 205)
    assert "with 5 adverse of results that do not count in full" in verdict.why


def test_counts_that_do_not_add_up_are_refused() -> None:
    story = Evaluation()
    story.attach(reading(outcomes(names(200)), attempted=205, planned=205))
    assert "205 were attempted, but 200 have a result" in story.verdict().why
    story = Evaluation()
    story.attach(reading([], attempted=200, totals=(("C", 200),)))
    assert "the file does not tell prompts apart" in story.verdict().why


def test_readings_that_are_missing_from_the_ledger_do_not_count() -> None:
    story = Evaluation()
    story.attach(reading(outcomes(names(200))))
    story.objects.clear()
    verdict = story.verdict()
    assert (verdict.verdict, "its counts are missing from the ledger" in verdict.why) == ("refused", True)


def test_the_same_run_in_two_files_is_said_and_each_prompt_counts_once() -> None:
    story = Evaluation()
    same = at(date(2026, 12, 1))
    story.attach(reading(outcomes(names(100)), performed_at=same))
    story.attach(reading(outcomes(names(100)), performed_at=same, format_version="another"))
    verdict = story.verdict()
    assert verdict.figures is not None
    assert verdict.figures.n == 100
    assert verdict.computed_from is not None
    (remark,) = verdict.computed_from.verdicts[0].runs[1].remarks
    assert remark.endswith("as entry 2, and shares 100 prompts with it: a prompt counts once")


def test_what_was_not_declared_can_be_declared_later_and_not_taken_back() -> None:
    file = reading(outcomes(names(200)), performed_at=at(TODAY))
    for first, second, expected in (("unknown", "no", "met"), ("yes", "no", "refused"), ("unknown", "yes", "refused")):
        story = Evaluation()
        story.attach(file, trained_on=first)
        assert story.verdict().verdict == "refused"
        story.attach(file, trained_on=second)
        assert story.verdict().verdict == expected


def test_a_prompt_that_was_not_assessed_covers_no_language() -> None:
    lost = PromptOutcomes(prompt_digest("lost"), (("language", "de"),), (), 1)
    story = Evaluation(
        rate(unassessed_at_most=0.05), more=(deployment("public-api", model="large", languages=["en", "de"]), model())
    )
    story.attach(reading([lost, *outcomes(names(400), (), {"language": "en"})]))
    verdict = story.verdict()
    assert verdict.verdict == "refused"
    assert "public-api is offered in de, and no result that counts covers it" in verdict.why
