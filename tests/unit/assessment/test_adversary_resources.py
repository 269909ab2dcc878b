"""Whether those who tested had at least the resources of the adversary."""

from datetime import date

import pytest

from reassay.assessment.adversary_resources import adversary_words
from reassay.ledger.answers import Attached
from reassay.ledger.evidence_figures import EffortFigures
from reassay.register.evidence_item import EvidenceItem
from reassay.register.register import RegisterObject
from reassay.sweep.overrides import Overrides
from reassay.sweep.views.issue import view
from reassay.sweep.views.issue_context import IssueContext
from reassay.sweep.views.issue_model import issue_model
from tests.make import Story, made, mitigation, register, threat_model

ACTOR = {"hours": 80, "access": "api"}


def story(resources: object, *more: RegisterObject) -> Story:
    subject = mitigation("filter", threat_models=["misuse"], reassess={"depth": "full"})
    own = Story(register(subject, threat_model("misuse", resources=resources), *more), date(2026, 12, 1))
    own.sweep()
    return own


def words(own: Story) -> tuple[str, ...]:
    inputs = own.assessment_input
    (reassessment,) = inputs.history.open
    return adversary_words(inputs.register.mitigations["filter"].value, reassessment, inputs)


def item(**fields: object) -> EvidenceItem:
    stated = {"method": "test", "performed_by": "lab", "performed_at": "2026-06-01", "finding": "F"} | fields
    return made(EvidenceItem, id="ev", mitigations=["filter"], **stated)


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        (None, "threat model misuse: states no resources"),
        ("two weeks", "'two weeks' is free text, which cannot be compared"),
        (
            ACTOR,
            "not shown to be matched (80 hours: not stated by any evidence; access api: not stated by any evidence)",
        ),
    ],
)
def test_what_is_not_shown_is_said(resources: object, said: str) -> None:
    (line,) = words(story(resources))
    assert said in line


def test_evidence_items_and_attached_effort_are_compared() -> None:
    assert "misuse: matched" in words(story(ACTOR, item(resources={"hours": 90, "access": "weights"})))[0]
    later = item(resources={"hours": 90, "access": "weights"}, performed_at="2026-12-24")
    assert "not shown" in words(story(ACTOR, later))[0]
    own = story(ACTOR)
    (reassessment,) = own.assessment_input.history.open
    for version, said in ((2, "not shown"), (1, "misuse: matched")):
        effort = EffortFigures(version=version, teams=3, hours_each=80.0, success=False, access="api")
        own.add(
            Attached(
                reassessment=reassessment.id,
                evidence="effort",
                provenance="file",
                role="board",
                independent=True,
                effort=effort,
            )
        )
        assert said in words(own)[0]


def test_the_question_of_the_checklist_shows_the_comparison() -> None:
    own = story(ACTOR)
    inputs = own.assessment_input
    (reassessment,) = inputs.history.open
    text = view(
        issue_model(
            reassessment, inputs, IssueContext(inputs.cells, own.objects, Overrides(), "https://github.example/lab")
        )
    ).section.text
    line = next(line for line in text.splitlines() if "item:resources" in line)
    assert "Computed: threat model misuse: not shown to be matched (80 hours" in line
