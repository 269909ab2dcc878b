"""Verdicts on a mitigation's criteria, with the evidence of its earlier re-assessments and its detectors' rates."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from reassay.common.canonical import canonical, digest
from reassay.evidence.criterion_verdict import CriterionVerdict
from reassay.evidence.criterion_verdicts import criterion_verdicts
from reassay.evidence.evidence_input import EvidenceInput, readings_object
from reassay.ledger.answers import Attached, AttachedResult
from reassay.ledger.evidence_figures import EffortFigures
from reassay.register.mitigation import Mitigation
from tests.make import TODAY, Story, at, mitigation, register
from tests.results import Evaluation, names, outcomes, reading

EFFORT = {
    "kind": "effort", "name": "universal", "success": "8 of 10", "attacker": {"hours": 40},
    "effort": {"teams": 1, "hours_each": 40},
}  # fmt: skip
DETECTOR = {"kind": "detector", "name": "monitor", "recall": {"at_least": 0.95}, "false_positives": {"at_most": 0.01}}


def subject(version: int = 1) -> Mitigation:
    return mitigation(
        "filter", version=version, every="6 months", target={"statement": "S", "criteria": [EFFORT, DETECTOR]}
    )


def attach(story: Story, *, success: bool, version: int = 1) -> None:
    reassessment = story.assessment_input.history.open_for("filter")
    assert reassessment is not None
    figures = EffortFigures(version=version, teams=1, hours_each=40.0, success=success, independent=True)
    story.add(
        Attached(
            reassessment=reassessment.id,
            evidence="effort",
            provenance="file",
            criterion="universal",
            role="red-team-lead",
            independent=True,
            effort=figures,
        )
    )


def verdicts(story: Story) -> dict[str, CriterionVerdict]:
    inputs = story.assessment_input
    reassessment = inputs.history.open_for("filter")
    assert reassessment is not None
    own = inputs.register.mitigations["filter"].value
    found = criterion_verdicts(own, reassessment, EvidenceInput(inputs.register, inputs.history))
    return {verdict.name: verdict for verdict in found}


def test_a_success_before_the_last_decision_is_missed_until_a_new_version() -> None:
    story = Story(register(subject()))
    story.sweep()
    attach(story, success=True)
    assert verdicts(story)["universal"].verdict == "missed"
    story.conclude("filter", "inconclusive")
    story.now += timedelta(days=200)
    story.sweep()
    attach(story, success=False)
    assert verdicts(story)["universal"].verdict == "missed"
    story.register = register(subject(version=2))
    story.sweep()
    assert verdicts(story)["universal"].verdict == "not-measured"
    attach(story, success=False, version=2)
    assert verdicts(story)["universal"].verdict == "met"


def test_a_detector_is_recorded_with_each_of_its_rates() -> None:
    story = Story(register(subject()))
    story.sweep()
    found = verdicts(story)
    assert list(found) == ["universal", "monitor: recall", "monitor: false positives", "monitor"]
    assert found["monitor"].verdict == found["monitor: recall"].verdict
    assert found["monitor"].verdict != "met"
    assert found["monitor"].why.startswith("recall not measured; false positives not measured")


def measured(evaluation: Evaluation, adverse: int, of: int) -> AttachedResult:
    """A result file of `of` prompts, whose readings the ledger has."""
    value = readings_object([reading(outcomes(names(of), names(adverse)), performed_at=at(TODAY))])
    name = digest(canonical(value))
    evaluation.objects[name] = value
    return AttachedResult(readings=name, trained_on="no", version=1)


def test_result_files_decide_the_rates_of_a_detector() -> None:
    measurement = {"adverse": ["I"], "not_adverse": ["C"]}
    detector = {
        "kind": "detector", "name": "monitor", "prevalence": 0.01,
        "recall": {"at_least": 0.95, "population": "attacks", "measured": measurement},
        "false_positives": {"at_most": 0.02, "measured": measurement},
    }  # fmt: skip
    evaluation = Evaluation(detector)
    (reassessment,) = evaluation.assessment_input.history.open
    evaluation.now += timedelta(hours=1)
    for name, result in (
        ("monitor: recall", measured(evaluation, 0, 80)),
        ("monitor: false positives", measured(evaluation, 30, 300)),
    ):
        body = Attached(
            reassessment=reassessment.id, evidence="result", provenance="file", criterion=name, role="red-team-lead",
            independent=True, result=result,
        )  # fmt: skip
        evaluation.add(body, 2)
    assert evaluation.verdict("monitor: recall").verdict == "met"
    assert evaluation.verdict("monitor: false positives").verdict == "exceeded"
    overall = evaluation.verdict("monitor")
    assert (overall.verdict, overall.basis) == ("exceeded", "attested")
    assert "an assumed prevalence of 0.01, precision is 32.42%" in overall.why


def with_criteria(story: Story, *criteria: Mapping[str, object]) -> None:
    target = {"statement": "S", "criteria": criteria}
    story.register = register(mitigation("filter", every="6 months", target=target))


def test_renaming_a_criterion_loses_no_success_and_gains_no_effort() -> None:
    for success, expected in ((True, "missed"), (False, "not-measured")):
        story = Story(register(subject()))
        story.sweep()
        attach(story, success=success)
        with_criteria(story, {**EFFORT, "name": "universal jailbreak"})
        assert verdicts(story)["universal jailbreak"].verdict == expected


def test_a_success_that_names_none_of_two_criteria_counts_against_both() -> None:
    story = Story(register(subject()))
    story.sweep()
    attach(story, success=True)
    body = story.entries[-1].body
    assert isinstance(body, Attached)
    story.entries[-1] = story.entries[-1].model_copy(update={"body": body.model_copy(update={"criterion": None})})
    with_criteria(story, EFFORT, {**EFFORT, "name": "second"})
    assert {verdict.verdict for verdict in verdicts(story).values()} == {"missed"}


@pytest.mark.parametrize(
    ("criterion", "figures", "expected"),
    [
        ({"kind": "exercise", "success": "Found in an hour"}, {"figures": {"passed": False}}, "missed"),
        ({"kind": "exercise", "success": "Found in an hour"}, {"figures": {"passed": True}}, "not-measured"),
        ({"kind": "judgement", "question": "Is it enough?"}, {"grounds": {"outcome": "not-met"}}, "missed"),
        ({"kind": "judgement", "question": "Is it enough?"}, {"grounds": {"outcome": "met"}}, "not-measured"),
        ({"kind": "duration", "at_most": "1 day"}, {"duration": {"took": "9 days"}}, "missed"),
        ({"kind": "duration", "at_most": "9 days"}, {"duration": {"took": "1 day"}}, "not-measured"),
    ],
)
def test_renaming_a_criterion_keeps_what_speaks_against_it(
    criterion: dict[str, object], figures: dict[str, object], expected: str
) -> None:
    story = Story(register(subject()))
    story.sweep()
    reassessment = story.assessment_input.history.open_for("filter")
    assert reassessment is not None
    own = {
        "reassessment": reassessment.id,
        "evidence": criterion["kind"],
        "provenance": "file",
        "criterion": "old name",
    }
    story.add(Attached.model_validate(own | {"role": "red-team-lead", "independent": True} | figures, strict=False))
    with_criteria(story, {**criterion, "name": "new name"})
    assert verdicts(story)["new name"].verdict == expected
