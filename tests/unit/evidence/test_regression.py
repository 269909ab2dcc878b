"""A regression: significantly worse than the last or the reference record, on the same model, by at least delta."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from reassay.assessment.rules import rules_for
from reassay.assessment.schedule.plan import Ask
from reassay.assessment.triggers.base import Blind, Fired, Result, Skipped
from reassay.evidence.compared_records import compared_evaluations, compared_objects
from reassay.evidence.counting import UncountableError
from reassay.evidence.evidence_input import declared_criterion, plan_object, readings_object
from reassay.evidence.reading import PromptOutcomes
from reassay.evidence.regression import (
    MeasuredPrompts,
    RateComparison,
    compared,
    corrected,
    measured_prompts,
    why_not_comparable,
)
from reassay.ledger.answers import AttachedResult
from reassay.ledger.entry import Opened
from reassay.ledger.runs import RunEnded
from tests.results import Evaluation, names, outcomes, rate, reading


def prompts(adverse: int, count: int = 300, start: int = 0, **fields: object) -> MeasuredPrompts:
    """`adverse` of `count` prompts, the first ones."""
    shares = {f"{number:016x}": float(number - start < adverse) for number in range(start, start + count)}
    values: dict[str, object] = {"metric": ("inspect", "", "verdict"), "task_version": None, "models": ("large",)}
    return MeasuredPrompts(**(values | {"shares": shares} | fields))  # type: ignore[arg-type] # its fields


def beside(before: MeasuredPrompts, after: MeasuredPrompts, delta: float = 0.02) -> RateComparison:
    return compared("attacks", ("R-2026-001", "last"), before, after, delta)


def changed(before: MeasuredPrompts, worse: int, better: int) -> MeasuredPrompts:
    """The same prompts, some of which got worse and some better."""
    shares = dict(before.shares)
    good, bad = ([name for name in sorted(shares) if shares[name] == value] for value in (0.0, 1.0))
    shares |= dict.fromkeys(good[:worse], 1.0) | dict.fromkeys(bad[:better], 0.0)
    return prompts(0, shares=shares)


@pytest.mark.parametrize(
    ("worse", "better", "is_regression"),
    [(9, 0, True), (14, 4, True), (14, 5, True), (13, 6, False), (5, 0, False), (60, 60, False), (0, 9, False)],
)
def test_the_same_prompts_are_compared_in_pairs(worse: int, better: int, is_regression: bool) -> None:
    before = prompts(60)
    comparison = beside(before, changed(before, worse, better))
    assert (comparison.method, comparison.worsened, comparison.improved) == ("paired", worse, better)
    assert comparison.difference == pytest.approx((worse - better) / 300)
    assert comparison.is_regression is is_regression


def test_pairs_show_what_two_samples_do_not() -> None:
    before = prompts(60)
    paired = beside(before, changed(before, 9, 0))
    other = beside(before, prompts(69, start=1000))
    assert (paired.method, other.method) == ("paired", "unpaired")
    assert paired.difference == pytest.approx(other.difference)
    assert paired.chance < 0.05 < other.chance


def test_other_prompts_are_two_samples() -> None:
    comparison = beside(prompts(2, 200), prompts(9, 200, start=1000))
    assert comparison.chance == pytest.approx(0.03090698291264354)
    assert comparison.interval == pytest.approx((0.0017009915569925552, 0.07397753847582811))
    assert comparison.is_regression
    assert comparison.words() == (
        "'attacks': 4.5% are adverse, 1.0% were at R-2026-001 (200 prompts, other ones than the 200 then; p = 0.031;"
        " difference 3.5 points, 95% interval 0.2 to 7.4)"
    )


def test_prompts_are_paired_if_most_of_the_smaller_evaluation_is_shared() -> None:
    assert beside(prompts(5, 100), prompts(5, 100, start=50)).method == "paired"
    assert beside(prompts(5, 100), prompts(5, 100, start=50)).n_after == 50
    assert beside(prompts(5, 100), prompts(5, 100, start=51)).method == "unpaired"
    assert beside(prompts(5, 1000), prompts(5, 40)).method == "paired"


def test_a_significant_difference_below_delta_is_no_regression() -> None:
    before = prompts(0, 3000)
    after = changed(before, 50, 0)
    assert beside(before, after).chance < 1e-6
    assert not beside(before, after).is_regression
    assert beside(before, after, delta=0.01).is_regression
    assert beside(before, changed(before, 60, 0)).is_regression


def test_generations_of_a_prompt_are_one_prompt() -> None:
    before = prompts(0, 20)
    after = prompts(0, 20, shares=dict.fromkeys(before.shares, 0.1))
    comparison = beside(before, after)
    assert (comparison.worsened, comparison.n_after) == (20, 20)
    assert comparison.difference == pytest.approx(0.1)


def test_holm_over_the_criteria_of_one_record() -> None:
    before = prompts(60)
    one = beside(before, changed(before, 9, 2))
    assert one.is_regression
    assert not any(own.is_regression for own in corrected([one, one]))
    other = compared("attacks", ("R-2025-001", "reference"), before, changed(before, 9, 2), 0.02)
    assert all(own.is_regression for own in corrected([one, other]))


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, ""),
        ({"models": ("provider/large-2026-08-01",)}, ""),
        ({"models": ("large-2026-08-01", "large")}, ""),
        ({"models": ("larger",)}, "another model answered"),
        ({"models": ("large", "small")}, "another model answered"),
        ({"models": ()}, "a file does not say which model answered"),
        ({"metric": ("inspect", "", "other")}, "it measured something else"),
        ({"metric": ("garak", "", "verdict")}, "it measured something else"),
        ({"task_version": "2"}, "another version of the task (1, now 2)"),
        ({"shares": {}}, "no prompt was assessed"),
    ],
)
def test_what_cannot_be_compared_says_why(fields: Mapping[str, object], why: str) -> None:
    words = why_not_comparable(prompts(3, task_version="1"), prompts(3, **fields))  # type: ignore[arg-type] # its fields
    assert words.startswith(why) or why in words
    assert bool(words) == bool(why)


def test_prompts_that_were_not_assessed_are_in_no_comparison_and_are_counted() -> None:
    own = [*outcomes(names(8), names(2)), PromptOutcomes("f" * 16, (), (), unscored=1)]
    criterion = declared_criterion(plan_object(evaluation().subject.target.criteria[0]))  # type: ignore[union-attr] # it has one
    assert criterion is not None
    measured = measured_prompts(criterion, [[reading(own)]])
    assert (len(measured.shares), measured.not_assessed, measured.models) == (8, 1, ("large",))
    with pytest.raises(UncountableError, match="no tool"):
        measured_prompts(criterion, [[]])


ATTEMPTS = names(300)


def evaluation(**fields: object) -> Evaluation:
    return Evaluation(rate(at_most=0.2, **fields))


def run(story: Evaluation, adverse: int, **fields: object) -> None:
    story.attach(reading(outcomes(ATTEMPTS, ATTEMPTS[:adverse]), **fields))


def decide(story: Evaluation, adverse: int, decision: str = "effective") -> None:
    run(story, adverse)
    story.conclude("filter", decision)


def again(story: Evaluation) -> None:
    """A month later it is opened for a request, so that results can be attached."""
    story.now += timedelta(days=30)
    story.sweep(Ask("filter", "safety-lead", 1, f"look again {story.now}"))


def result(story: Evaluation) -> Result:
    facts = story.assessment_input
    (cell,) = [own for own in facts.cells if own.subject == "filter"]
    (own,) = [own for own in cell.results if own.kind == "regression"]
    return own


def test_a_worse_evaluation_than_the_last_record_is_a_trigger() -> None:
    story = evaluation()
    assert isinstance(result(story), Skipped)
    decide(story, 3)
    again(story)
    run(story, 4)
    assert isinstance(result(story), Skipped)
    run(story, 15)
    fired = result(story)
    assert isinstance(fired, Fired)
    assert fired.about == "attempts that pass since R-2026-001"
    assert fired.reason == (
        "'attempts that pass': 5.0% are adverse, 1.0% were at R-2026-001 (the same 300 prompts, 12 worse and 0 better;"
        " p = 0.00049; difference 4.0 points, 95% interval 1.3 to 7.2)"
    )


def test_it_joins_the_open_re_assessment_once_and_the_decision_settles_it() -> None:
    story = evaluation()
    decide(story, 3)
    again(story)
    run(story, 15)
    (joined,) = story.sweep()
    assert [trigger.kind for trigger in joined.triggers] == ["regression"]  # type: ignore[union-attr] # a record of joining
    assert story.sweep() == ()
    story.conclude("filter")
    assert isinstance(result(story), Skipped)
    assert story.sweep() == ()


def test_losses_below_delta_at_every_round_are_found_beside_the_reference_record() -> None:
    story = evaluation()
    decide(story, 3)
    for adverse in (8, 13):
        again(story)
        run(story, adverse)
        if adverse == 8:
            assert isinstance(result(story), Skipped)
            story.conclude("filter")
    fired = result(story)
    assert isinstance(fired, Fired)
    assert fired.about == "attempts that pass since R-2026-001"


def test_a_loosened_target_begins_a_new_reference() -> None:
    story = evaluation()
    decide(story, 3)
    story.change(rate(at_most=0.3))
    again(story)
    decide(story, 8)
    again(story)
    run(story, 13)
    assert isinstance(result(story), Skipped)
    story.change(rate(at_most=0.1))
    assert isinstance(result(story), Skipped)


def test_a_tightened_target_keeps_its_reference() -> None:
    story = evaluation()
    decide(story, 3)
    story.change(rate(at_most=0.1))
    again(story)
    decide(story, 8)
    again(story)
    run(story, 13)
    assert isinstance(result(story), Fired)


def test_a_change_of_the_model_is_no_regression_of_the_mitigation() -> None:
    story = evaluation()
    decide(story, 3)
    again(story)
    run(story, 60, models_answered=("other",))
    skipped = result(story)
    assert isinstance(skipped, Skipped)
    assert "another model answered" in skipped.reason


def test_results_that_are_not_there_make_it_blind() -> None:
    story = evaluation()
    decide(story, 3)
    again(story)
    run(story, 15)
    needed = set(compared_objects(story.assessment_input.history))
    assert {
        name for name, value in story.objects.items() if isinstance(value, list) and "prompts" in str(value)
    } <= needed
    story.objects = {name: value for name, value in story.objects.items() if name not in needed}
    assert isinstance(result(story), Blind)


def test_everything_that_is_compared_is_among_the_objects_that_a_run_reads() -> None:
    story = evaluation()
    for adverse in (3, 5, 8):
        decide(story, adverse)
        again(story)
    run(story, 13)
    needed = set(compared_objects(story.assessment_input.history))
    facts = story.assessment_input
    whole = compared_evaluations(story.subject, "public-api", facts.history, story.objects, 0.02)
    least = {name: value for name, value in story.objects.items() if name in needed}
    assert compared_evaluations(story.subject, "public-api", facts.history, least, 0.02) == whole
    assert [(own.record, own.role) for own in whole.comparisons] == [
        ("R-2027-001", "last"),
        ("R-2026-001", "reference"),
    ]


def test_a_stated_delta_takes_the_place_of_the_default() -> None:
    story = evaluation()
    decide(story, 3)
    again(story)
    run(story, 15)
    story.change(reassess={"triggers": [{"kind": "regression", "delta": 0.05}]})
    rules = rules_for(story.subject, story.register, story.assessment_input.today)
    assert [rule.spec.kind for rule in rules].count("regression") == 1
    assert isinstance(result(story), Skipped)


def test_a_run_of_a_pipeline_outside_of_a_re_assessment_opens_one() -> None:
    story = evaluation()
    decide(story, 3)
    story.now += timedelta(days=30)
    assert story.sweep() == ()
    ended(story, 4)
    assert isinstance(result(story), Skipped)
    assert story.sweep() == ()
    ended(story, 15)
    assert isinstance(result(story), Fired)
    (opened,) = story.sweep()
    assert isinstance(opened, Opened)
    assert [trigger.kind for trigger in opened.triggers] == ["regression"]
    assert story.sweep() == ()
    story.conclude("filter")
    assert isinstance(result(story), Skipped)


def test_a_run_on_another_deployment_says_nothing_about_the_cell() -> None:
    story = evaluation()
    decide(story, 3)
    ended(story, 15, deployments=("internal",))
    assert isinstance(result(story), Skipped)


def ended(story: Evaluation, adverse: int, **fields: object) -> None:
    """The result of a run, recorded while no re-assessment is open."""
    story.now += timedelta(hours=1)
    measured = reading(outcomes(ATTEMPTS, ATTEMPTS[:adverse]), performed_at=story.now)
    values = {"readings": story._kept(readings_object([measured])), "trained_on": "no"} | fields
    story.add(
        RunEnded(
            run=f"{len(story.entries)}-1-nightly",
            subject="filter",
            how="result",
            provenance="workflow-run",
            results=(AttachedResult.model_validate(values),),
            ended_at=story.now,
        )
    )


def test_a_good_file_after_a_bad_one_hides_no_regression() -> None:
    story = evaluation()
    decide(story, 5)
    again(story)
    run(story, 25)
    assert isinstance(result(story), Fired)
    story.attach(reading(outcomes(names(1))))
    assert isinstance(result(story), Fired)
    story.attach(reading(outcomes(names(300))))
    assert isinstance(result(story), Fired)
