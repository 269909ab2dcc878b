"""The exact words of an issue and a record that rest on numbers, as goldens."""

from reassay.sweep.views import comments
from reassay.sweep.views.issue import view
from tests.golden import same_as_golden
from tests.make import ASSESSOR
from tests.results import Evaluation, names, outcomes, rate, reading
from tests.unit.sweep.test_words import about


def evaluation() -> Evaluation:
    """A good result, one with a failure and unscored answers, one of another model, and a positive control."""
    told = Evaluation(rate(name="attack success rate"), {"kind": "judgement", "name": "judged", "question": "Enough?"})
    told.attach(reading(outcomes(names(149))), of="attack success rate", languages=("en",))
    told.attach(reading(outcomes(names(40, 149), adverse=["prompt 150"])), of="attack success rate")
    told.attach(reading(outcomes(names(90, 300)), models_answered=("small",)), of="attack success rate")
    told.attach(reading(outcomes(names(20, 500), names(20, 500))), of="attack success rate", arm="positive-control")
    told.attach(reading(outcomes(names(30, 700))), of="attack success rate", trained_on="unknown")
    return told


def test_the_issue_shows_every_result_what_counts_and_what_is_still_needed() -> None:
    seen = view(about(evaluation()))
    same_as_golden("issue-evidence.md", f"{seen.title}\n\n{seen.section.text}\n")


def test_the_record_names_figures_model_version_and_languages() -> None:
    told = Evaluation(rate(name="attack success rate"))
    told.attach(reading(outcomes(names(200))), languages=("en",))
    told.conclude("filter", "effective", because="nothing got through")
    found = about(told)
    same_as_golden("record-evidence.md", f"{comments.record(found, ASSESSOR).body}\n")
