"""Layers against threat models in each deployment, deployments, languages and standards."""

from dataclasses import replace

import pytest

from reassay.assessment.unreadable import LastReadableRegister
from reassay.dashboard.build import build_dashboard
from reassay.dashboard.coverage_values import LayerCell
from reassay.dashboard.values import Dashboard
from reassay.register.evidence_item import EvidenceItem
from tests.make import Story, deployment, made, mitigation, register, threat_model
from tests.unit.dashboard.building import built, input_of, of_register
from tests.unit.dashboard.test_build_laws import without

API, LAB = deployment("public-api", languages=["en"]), deployment("lab", audience="internal")


def concluded(story: Story, **decisions: str) -> Story:
    """Every mitigation decided by somebody else than its owner, on more than a word."""
    story.sweep()
    for name, decision in decisions.items():
        decided = story.conclude(name, decision)
        tested = decided.model_copy(update={"basis": "tested"})
        story.entries[-1] = story.entries[-1].model_copy(update={"body": tested})
    return story


def cell(dashboard: Dashboard, deployment: str) -> LayerCell:
    return next(own for row in dashboard.layers for own in row.cells if own.deployment == deployment)


def test_layers_count_by_their_cell_in_each_deployment() -> None:
    filters = mitigation("filter", layer="system", threat_models=["misuse"], deployments=["public-api", "lab"])
    training = mitigation("training", layer="model", threat_models=["misuse"], deployments=["public-api"])
    story = concluded(
        Story(register(filters, training, API, LAB, threat_model())), filter="effective", training="effective"
    )
    dashboard = built(story)
    assert [own.id for own in dashboard.deployments] == ["lab", "public-api"]
    assert [own.deployment for own in dashboard.layers[0].cells] == ["lab", "public-api"]
    outside, inside = cell(dashboard, "public-api"), cell(dashboard, "lab")
    assert (outside.counted, outside.minimum, outside.is_short, outside.single_point) == (2, 2, False, "")
    assert (inside.counted, inside.is_short, inside.single_point) == (1, True, "filter")
    assert [(own.mitigation, own.layer, own.counts) for own in outside.members] == [
        ("filter", "system", True),
        ("training", "model", True),
    ]


@pytest.mark.parametrize(
    ("decision", "why"), [("ineffective", "last found ineffective"), ("inconclusive", "never assessed")]
)
def test_a_layer_that_does_not_count_says_why(decision: str, why: str) -> None:
    own = mitigation("filter", layer="system", threat_models=["misuse"], deployments=["public-api"])
    dashboard = built(concluded(Story(register(own, API, threat_model())), filter=decision))
    place = cell(dashboard, "public-api")
    assert [(own.counts, own.why_not) for own in place.members] == [(False, why)]
    assert (place.counted, place.single_point, place.is_short) == (0, "", True)


def test_a_threat_model_that_does_not_apply_there_has_no_layers() -> None:
    own = mitigation("filter", layer="system", threat_models=["misuse"])
    dashboard = of_register(register(own, API, LAB, threat_model(deployments=["public-api"])))
    assert (cell(dashboard, "lab").applies, cell(dashboard, "lab").members) == (False, ())
    assert [own.why_not for own in cell(dashboard, "public-api").members] == ["never assessed"]


def test_layers_with_one_cause_of_failure_count_once() -> None:
    same = {"threat_models": ["misuse"], "common_causes": ["One vendor"], "deployments": ["public-api"]}
    objects = (mitigation("filter", layer="system", **same), mitigation("training", layer="model", **same))
    dashboard = built(
        concluded(Story(register(*objects, API, threat_model())), filter="effective", training="effective")
    )
    place = cell(dashboard, "public-api")
    assert (place.counted, place.shared_causes, place.is_short) == (1, ("one vendor",), True)


def test_a_layer_that_cannot_be_read_stays_and_does_not_count() -> None:
    own = mitigation("filter", layer="system", threat_models=["misuse"], deployments=["public-api"])
    whole = register(own, API, threat_model())
    story = Story(without(whole, "filter"))
    inputs = input_of(story)
    facts = replace(inputs.assessment_input, last_readable=LastReadableRegister(whole, "0" * 40))
    dashboard = build_dashboard(replace(inputs, assessment_input=facts, cells=facts.cells))
    (member,) = cell(dashboard, "public-api").members
    assert (member.mitigation, member.counts, member.why_not) == ("filter", False, "its register entry cannot be read")
    assert dashboard.subjects[0].title == "The filter"


def test_deployments_say_what_they_are_and_how_their_cells_are() -> None:
    own = mitigation("filter", deployments=["public-api"])
    api = deployment(
        "public-api", access=["api"], modalities_in=["text", "image"], oversight="A person on call.", model="large"
    )
    (column,) = of_register(register(own, api)).deployments
    facts = dict(column.facts)
    assert (facts["access"], facts["input"], facts["oversight"]) == ("api", "text, image", "A person on call.")
    assert (column.states, column.not_covered, column.model) == ((("unassessed", 1),), ("filter",), "large")


def test_languages_are_covered_by_evidence_alone() -> None:
    own = mitigation("filter", deployments=["public-api"])
    stated = {
        "method": "test",
        "performed_by": "lab",
        "performed_at": "2026-06-01",
        "finding": "F",
        "mitigations": ["filter"],
    }
    scope = {"deployments": ["public-api"], "languages": ["en"]}
    item = made(EvidenceItem, id="ev", scope=scope, **stated)
    (bare,) = of_register(register(own, API)).languages
    (covered,) = of_register(register(own, API, item)).languages
    assert (bare.language, bare.covered, bare.not_covered, bare.not_decided) == ("en", (), ("filter",), ("filter",))
    assert (covered.covered, covered.not_covered) == (("filter",), ())


def test_standards_name_what_is_missing_and_what_they_do_not_have() -> None:
    standards = [{"catalogue": "NIST-800-53", "control": own} for own in ("SI-4", "ZZ-1")]
    standards.append({"catalogue": "House rules", "control": "7"})
    house, nist = of_register(register(mitigation("filter", standards=standards))).standards
    assert (house.is_listed, house.cited, house.missing) == (False, (("7", ("filter",)),), ())
    assert nist.is_listed
    assert any(group.startswith("SI ") and names == ("filter",) for group, names in nist.cited)
    assert nist.unknown == ("ZZ-1",)
    assert any(group.startswith("AC ") for group in nist.missing)
