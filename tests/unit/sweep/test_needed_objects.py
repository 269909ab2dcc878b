"""Objects that a sweep reads of the ledger: verdicts need the counts of every result of an episode."""

from datetime import timedelta

from reassay.evidence.inputs import MeasuredRun
from reassay.sweep.needed_objects import digests_needed
from tests.results import Evaluation, names, outcomes, reading


def needed(story: Evaluation) -> frozenset[str]:
    return digests_needed(story.assessment_input.history, story.now - timedelta(days=30))


def test_results_of_earlier_re_assessments_of_an_open_episode_are_read() -> None:
    story = Evaluation()
    story.attach(reading(outcomes(names(50))))
    story.end("superseded")
    story.now += timedelta(days=90)
    story.open_again()
    story.attach(reading(outcomes(names(200, 50))))
    verdict = story.verdict()
    assert verdict.computed_from is not None
    runs = verdict.computed_from.cases[0].runs
    assert len(runs) == 2
    for run in runs:
        assert run.plan is not None
        assert {run.readings, run.plan} <= needed(story)


def test_results_are_compared_with_those_of_the_last_record_and_older_ones_are_left_alone() -> None:
    story = Evaluation()
    runs: list[MeasuredRun] = []
    for count in (50, 60):
        story.attach(reading(outcomes(names(count))))
        verdict = story.verdict()
        assert verdict.computed_from is not None
        runs += verdict.computed_from.cases[0].runs
        story.end("degraded")
        story.now += timedelta(days=90)
        story.open_again()
    before, last = runs
    assert last.readings in needed(story)
    assert before.readings not in needed(story)


def test_a_decision_of_these_days_is_still_shown_with_what_it_was_based_on() -> None:
    story = Evaluation()
    story.attach(reading(outcomes(names(50))))
    story.end("inconclusive")
    story.open_again()
    story.attach(reading(outcomes(names(50, 50))))
    verdict = story.verdict()
    story.conclude("filter", "degraded")
    assert verdict.computed_from is not None
    assert {run.readings for run in verdict.computed_from.cases[0].runs} <= needed(story)
