import pytest

from reassay.assessment.coverage import Coverage, coverage
from reassay.ledger.answers import Attached
from reassay.register.catalogues import find_catalogue
from reassay.register.deployment import Audience
from reassay.register.evidence_item import EvidenceItem
from reassay.register.layers import NO_LAYER, LayerCoverage
from reassay.register.mitigation import LifecycleStage, Mitigation
from tests.make import Story, deployment, made, mitigation, model, register, threat_model
from tests.results import Evaluation, names, outcomes, reading

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


def item(name: str, **fields: object) -> EvidenceItem:
    values = {
        "mitigations": ["filter"],
        "method": "test",
        "performed_by": "lab",
        "performed_at": "2026-06-01",
        "finding": "F",
    }
    return made(EvidenceItem, id=name, title=name, **values | fields)


def test_a_decision_is_no_evidence_of_a_language_or_a_deployment() -> None:
    story = Story(register(mitigation("filter", deployments=["outside"]), OUTSIDE, MISUSE))
    story.sweep()
    story.conclude("filter")
    result = coverage(story.assessment_input)
    assert [(own.language, own.decided, own.covered) for own in result.languages] == [
        ("en", ("filter",), ()),
        ("de", ("filter",), ()),
    ]
    assert [(own.deployment, own.covered, own.not_covered) for own in result.contexts] == [("outside", (), ("filter",))]


@pytest.mark.parametrize(
    ("scope", "covered"),
    [
        ({"deployments": ["outside"], "languages": ["DE"]}, {("outside",): True, ("outside", "de"): True}),
        ({"deployments": ["outside"]}, {("outside",): True, ("outside", "de"): False}),
        ({"languages": ["de"]}, {("outside",): False, ("outside", "de"): False}),
        ({"deployments": ["inside"], "languages": ["de"]}, {("outside",): False, ("outside", "de"): False}),
    ],
)
def test_evidence_covers_the_slices_that_it_names(
    scope: dict[str, object], covered: dict[tuple[str, ...], bool]
) -> None:
    served = mitigation("filter", deployments=["inside", "outside"])
    own = register(served, INSIDE, OUTSIDE, item("report", scope=scope))
    result = coverage(Story(own).assessment_input)
    shown: dict[tuple[str, ...], bool] = {
        (row.deployment,): bool(row.covered) for row in result.contexts if row.deployment == "outside"
    }
    shown |= {(row.deployment, row.language): bool(row.covered) for row in result.languages if row.language == "de"}
    assert shown == covered


def test_evidence_of_a_day_to_come_covers_nothing() -> None:
    later = item("later", scope={"deployments": ["outside"], "languages": ["en"]}, performed_at="2026-12-24")
    own = register(mitigation("filter", deployments=["outside"]), OUTSIDE, later)
    result = coverage(Story(own).assessment_input)
    assert [row.covered for row in result.contexts] == [()]
    assert [row.covered for row in result.languages] == [(), ()]
    assert result.evaluations[0].gap == "no evidence"


def test_a_result_covers_the_languages_of_its_slices_and_not_those_that_are_declared() -> None:
    german = outcomes(names(3), slices={"language": "de"})
    english = [own._replace(outcomes=(), unscored=1) for own in outcomes(names(3), slices={"language": "en"})]
    place = deployment("public-api", model="large", languages=["en", "de", "fr"])
    evaluation = Evaluation(more=(place, model("large")))
    evaluation.attach(reading([*german, *english]))
    rows = coverage(evaluation.assessment_input, evaluation.objects).languages
    assert [(row.language, bool(row.covered)) for row in rows] == [("en", False), ("de", True), ("fr", False)]
    without_readings = coverage(evaluation.assessment_input)
    assert [bool(row.covered) for row in without_readings.languages] == [False, False, False]
    assert [row.covered for row in without_readings.contexts] == [("filter",)]


@pytest.mark.parametrize("fields", [{"arm": "unprotected"}, {"trained_on": "yes"}, {"version": 7}])
def test_a_result_of_something_else_covers_nothing(fields: dict[str, object]) -> None:
    evaluation = Evaluation(more=(deployment("public-api", model="large", languages=["en"]), model("large")))
    evaluation.attach(reading(outcomes(names(3))), **{"languages": ("en",)} | fields)  # type: ignore[arg-type] # fields of a result
    result = coverage(evaluation.assessment_input, evaluation.objects)
    assert [row.covered for row in result.languages] == [row.covered for row in result.contexts] == [()]


def test_a_result_with_a_problem_covers_nothing() -> None:
    evaluation = Evaluation(more=(deployment("public-api", model="large", languages=["en"]), model("large")))
    evaluation.attach(reading(outcomes(names(3)), problems=("the run did not finish",)), languages=("en",))
    result = coverage(evaluation.assessment_input, evaluation.objects)
    assert [row.covered for row in result.languages] == [row.covered for row in result.contexts] == [()]


def test_a_mitigation_that_rests_on_one_kind_of_evaluation_is_shown() -> None:
    one, two = item("one", kind_of_evaluation="red-teaming"), item("two", kind_of_evaluation="drill")
    bare = item("bare")

    def gap(*items: EvidenceItem) -> str:
        return coverage(Story(register(mitigation("filter"), *items)).assessment_input).evaluations[0].gap

    assert gap() == "no evidence"
    assert gap(bare) == "no evidence says which kind of evaluation it is"
    assert gap(one, bare) == "rests on red-teaming alone"
    assert gap(one, two) == ""


def test_the_last_decisions_evidence_counts_by_its_kind_and_a_word_does_not() -> None:
    story = Story(register(mitigation("filter", every="6 months")))
    story.sweep()
    (reassessment,) = story.assessment_input.history.open
    for kind, provenance in (("exercise", "file"), ("judgement", "word"), ("census", "file")):
        story.add(
            Attached.model_validate({
                "reassessment": reassessment.id, "evidence": kind, "provenance": provenance, "role": "red-team-lead",
                "independent": True,
            })
        )  # fmt: skip
    assert coverage(story.assessment_input).evaluations[0].gap == "no evidence"
    story.conclude("filter")
    (row,) = coverage(story.assessment_input).evaluations
    assert dict(row.kinds) == {"drill": (reassessment.id,)}
    assert (row.unstated, row.on_a_word) == ((reassessment.id,), (reassessment.id,))
    assert row.gap == "rests on drill alone"
    story.register = register(mitigation("filter", every="6 months", version=2))
    assert coverage(story.assessment_input).evaluations[0].gap == "no evidence"


def test_kinds_of_control_are_counted_against_each_threat_model() -> None:
    assert found(mitigation("other", threat_models=["misuse"])).control_kinds == ()
    (only,) = found(
        mitigation("alarm", threat_models=["misuse"], kind_of_control="detective"),
        mitigation("other", threat_models=["misuse"]),
        mitigation("elsewhere", kind_of_control="preventive"),
        mitigation("old", threat_models=["misuse"], kind_of_control="preventive", status="retired"),
    ).control_kinds
    assert (dict(only.kinds), only.unstated) == ({"detective": ("alarm",)}, ("other",))
    assert only.gap == "only detective controls are stated; 1 of unstated kind"
    (prevented,) = found(
        mitigation("alarm", threat_models=["misuse"], kind_of_control="detective"),
        mitigation("filter", threat_models=["misuse"], kind_of_control="preventive"),
    ).control_kinds
    assert prevented.gap == ""
    (late,) = found(
        mitigation("alarm", threat_models=["misuse"], kind_of_control="detective"),
        mitigation("repair", threat_models=["misuse"], kind_of_control="corrective"),
    ).control_kinds
    assert late.gap == "only detective and corrective controls"


def test_what_protects_weights_is_listed_apart_and_serves_no_deployment() -> None:
    vault = mitigation("vault", serves="weights", threat_models=["misuse"], layer="security")
    result = found(vault)
    assert result.weights == ("vault",)
    assert [own.not_covered for own in result.contexts] == [(), ()]
    assert row(result, Audience.EXTERNAL).mitigations == ("vault",)
    only_there = threat_model("misuse", deployments=["outside"])
    named = coverage(Story(register(vault, INSIDE, OUTSIDE, only_there)).assessment_input)
    assert row(named, Audience.EXTERNAL).mitigations == ()


def test_functions_and_actors_are_reported_where_somebody_states_them() -> None:
    bare = found(mitigation("other"))
    assert (bare.functions, bare.actors) == ({}, {})
    result = found(mitigation("filter", function="measure", actor="developer"), mitigation("other", actor="deployer"))
    assert result.functions == {"govern": (), "map": (), "measure": ("filter",), "manage": ()}
    assert result.actors == {"deployer": ("other",), "developer": ("filter",)}
