import pytest

from reassay.assessment.coverage import Coverage, coverage
from reassay.register.catalogues import find_catalogue
from reassay.register.deployment import Audience
from reassay.register.layers import NO_LAYER, LayerCoverage
from reassay.register.mitigation import LifecycleStage, Mitigation
from tests.make import Story, deployment, mitigation, register, threat_model

INSIDE, OUTSIDE = deployment("inside", audience="internal"), deployment("outside", languages=["en", "de"])
MISUSE = threat_model("misuse")


def found(*mitigations: Mitigation) -> Coverage:
    return coverage(Story(register(*mitigations, INSIDE, OUTSIDE, MISUSE)).assessment_input)


def row(result: Coverage, audience: Audience) -> LayerCoverage:
    return next(each for each in result.layers if each.audience is audience)


def test_layers_are_counted_for_each_threat_model_and_audience() -> None:
    result = found(
        mitigation("filter", layer="system", threat_models=["misuse"], deployments=["outside"]),
        mitigation("training", layer="organisational", threat_models=["misuse"]),
        mitigation("probe", threat_models=["misuse"], deployments=["outside"]),
        mitigation("other", layer="model"),
    )
    outside, inside = row(result, Audience.EXTERNAL), row(result, Audience.INTERNAL)
    assert outside.layers == {"system": ("filter",), "organisational": ("training",), NO_LAYER: ("probe",)}
    assert (outside.declared, outside.counted, outside.is_short, outside.single_point) == (2, 0, True, None)
    assert (inside.declared, inside.counted, inside.is_short, inside.single_point) == (1, 0, True, "training")
    assert set(outside.uncounted.values()) == {"never assessed"}


def test_nothing_against_a_threat_model_is_a_gap_and_no_single_point() -> None:
    outside = row(found(mitigation("other")), Audience.EXTERNAL)
    assert (outside.counted, outside.is_short, outside.single_point) == (0, True, None)


@pytest.mark.parametrize("status", ["retired", "proposed"])
def test_what_is_not_active_covers_nothing(status: str) -> None:
    fields = {"layer": "system", "threat_models": ["misuse"], "lifecycle_stage": "deploy", "status": status}
    result = found(mitigation("filter", **fields))
    assert row(result, Audience.EXTERNAL).mitigations == ()
    assert result.stages[LifecycleStage.DEPLOY] == ()


def test_every_lifecycle_stage_is_named_even_when_empty() -> None:
    result = found(mitigation("filter", lifecycle_stage="deploy"))
    assert list(result.stages) == list(LifecycleStage)
    assert result.stages[LifecycleStage.DEPLOY] == ("filter",)


def test_standards_name_what_is_cited_what_is_not_and_what_does_not_exist() -> None:
    standards = [{"catalogue": "NIST SP 800-53", "control": "AC-3(2)"}, {"catalogue": "NIST-800-53", "control": "XX-1"}]
    own = [{"catalogue": "House rules", "control": "7"}]
    result = found(mitigation("a", standards=standards), mitigation("b", standards=own))
    house, nist = result.catalogues
    assert (house.catalogue, dict(house.cited), house.missing) == (None, {"7": ("b",)}, ())
    assert (nist.name, dict(nist.cited), nist.unknown) == ("NIST-800-53", {"AC": ("a",)}, ("XX-1",))
    assert "SR" in nist.missing
    assert "AC" not in nist.missing


@pytest.mark.parametrize(
    ("catalogue", "control", "group"),
    [
        ("nist 800-53", "AC-6", "AC"),
        ("NIST-800-53", "ra-5(11)", "RA"),
        ("RAND SL", "sl-3", "SL3"),
        ("RAND SL", "SL9", None),
        ("DSIT code of practice", "Principle 7", "Principle 7"),
        ("DSIT AI cyber security code of practice", "12.1", "Principle 12"),
        ("DSIT AI cyber security code of practice", "14", None),
        ("NCSC guidelines", "Secure design: raise staff awareness", "Secure design"),
        ("NCSC guidelines", "Design", None),
    ],
)
def test_controls_belong_to_the_groups_of_their_catalogue(catalogue: str, control: str, group: str | None) -> None:
    known = find_catalogue(catalogue)
    assert known is not None
    assert known.group_of(control) == group


def test_a_level_that_is_met_includes_the_lower_ones() -> None:
    (rand,) = found(mitigation("a", standards=[{"catalogue": "RAND SL", "control": "SL3"}])).catalogues
    assert rand.missing == ("SL4", "SL5")


def test_a_language_counts_where_a_decision_was_made_with_it() -> None:
    story = Story(register(mitigation("filter", deployments=["outside"]), OUTSIDE, MISUSE))
    before = coverage(story.assessment_input).languages
    assert [(each.language, each.decided, each.not_decided) for each in before] == [
        ("en", (), ("filter",)),
        ("de", (), ("filter",)),
    ]
    story.sweep()
    story.conclude("filter")
    more = deployment("outside", languages=["en", "de", "fr"])
    story.register = register(mitigation("filter", deployments=["outside"]), more, MISUSE)
    after = coverage(story.assessment_input).languages
    assert [(each.language, bool(each.decided)) for each in after] == [("en", True), ("de", True), ("fr", False)]
