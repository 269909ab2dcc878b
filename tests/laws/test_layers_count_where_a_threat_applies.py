"""Law: a threat model counts only where it applies; nothing is a gap elsewhere, and counts are compared with counts of the same places.

So `redundancy-lost` fires for a loss, and for nothing else, whichever rule its snapshot was counted by.
"""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reassay.assessment.coverage import coverage
from reassay.assessment.register_index import RegisterIndex
from reassay.assessment.rules import evaluate
from reassay.assessment.snapshot import LAYERS, LAYERS_WHERE, snapshot
from reassay.assessment.triggers.base import Fired, LastAssessment, Result
from reassay.changes.layers import thinned
from reassay.ledger.history import History
from reassay.register.layers import layer_coverage
from reassay.register.mitigation import Layer, Mitigation
from reassay.register.register import Register, RegisterObject
from tests.examples import examples
from tests.make import TODAY, Story, deployment, facts, mitigation, register, threat_model, trigger

PLACES = {"app": "external", "api": "external", "beta": "external", "staff": "internal", "lab": "internal"}
DEPLOYMENTS = tuple(deployment(name, audience=audience) for name, audience in PLACES.items())
LAYERS_OF = [str(layer) for layer in Layer]
PLACE = st.lists(st.sampled_from(sorted(PLACES)), unique=True, max_size=4)
SIBLING = st.tuples(st.sampled_from(LAYERS_OF), PLACE)


def siblings(drawn: list[tuple[str, list[str]]]) -> list[Mitigation]:
    own = mitigation("own", threat_models=["cbrn"], layer="system", deployments=sorted(PLACES))
    return [
        own,
        *(
            mitigation(f"m{number}", threat_models=["cbrn"], layer=layer, deployments=places)
            for number, (layer, places) in enumerate(drawn)
        ),
    ]


def of(mitigations: list[Mitigation], where: list[str], minimum: int = 2) -> list[RegisterObject]:
    layers = {"internal": minimum, "external": minimum, "trusted-testers": minimum}
    return [*mitigations, *DEPLOYMENTS, threat_model("cbrn", deployments=where, minimum_layers=layers)]


def written(what: list[RegisterObject], *, by_the_old_rule: bool = False) -> Mapping[str, object]:
    """The snapshot of `own`; by the old rule as versions before wrote it, which counted in every deployment."""
    index = RegisterIndex(register(*what), History())
    own = index.register.mitigations["own"].value
    parts = dict(snapshot(own, own.cells, index))
    if by_the_old_rule:
        parts.pop(LAYERS_WHERE, None)
        parts[LAYERS] = {"cbrn": {str(row.audience): row.counted for row in index.layers_everywhere.get("cbrn", ())}}
    return parts


def lost(what: list[RegisterObject], parts: Mapping[str, object], cell: str) -> Result:
    last = LastAssessment(TODAY, "decided", "effective", version=1, record="R-2026-001", seq=9, snapshot=parts)
    own, *others = what
    assert isinstance(own, Mitigation)
    return evaluate(trigger("redundancy-lost"), facts(own, *others, cell=cell, last=last))


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(SIBLING, max_size=5), PLACE)
def test_no_row_and_no_count_where_the_threat_does_not_apply(
    drawn: list[tuple[str, list[str]]], where: list[str]
) -> None:
    what = register(*of(siblings(drawn), where))
    reached = set(where) or set(PLACES)
    rows = {str(row.audience): row for row in layer_coverage(what)}
    assert rows.keys() == {PLACES[name] for name in reached}
    for audience, row in rows.items():
        places = {name for name in reached if PLACES[name] == audience}
        for name in row.mitigations:
            served = what.mitigations[name].value.deployments
            assert not served or places & {*served}


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(SIBLING, max_size=5), PLACE, PLACE, st.booleans(), st.integers(1, 6), st.sampled_from(sorted(PLACES)))
def test_without_a_loss_nothing_fires_whatever_rule_wrote_the_snapshot(
    drawn: list[tuple[str, list[str]]], before: list[str], now: list[str], old: bool, minimum: int, cell: str
) -> None:
    """Also where only the places of the threat model were changed: the gate looks at that."""
    parts = written(of(siblings(drawn), before, minimum), by_the_old_rule=old)
    assert not isinstance(lost(of(siblings(drawn), now, minimum), parts, cell), Fired)


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(SIBLING, max_size=4), PLACE, st.booleans(), st.sampled_from(["app", "api"]))
def test_the_loss_of_a_layer_where_it_applies_fires(
    drawn: list[tuple[str, list[str]]], where: list[str], old: bool, cell: str
) -> None:
    """A sibling in a layer of its own, which serves a place of the threat, is proposed again: fewer than six are left."""
    others = [(layer, places) for layer, places in drawn if layer not in {"security", "system"}]
    alone = ("security", [cell])
    places = sorted({*where, cell})
    parts = written(of(siblings([*others, alone]), places, 7), by_the_old_rule=old)
    rest = [
        *siblings(others),
        mitigation(f"m{len(others)}", threat_models=["cbrn"], layer="security", status="proposed"),
    ]
    result = lost(of(rest, places, 7), parts, cell)
    assert isinstance(result, Fired)
    assert "7 are wanted" in result.reason


# The case of somebody who read the page: a threat that external users alone can reach, and a tool for staff.

EXTERNAL_ONLY = ["app", "api"]


def four(*, serving_staff: bool = False) -> list[Mitigation]:
    names = {"system": "filter", "model": "training", "access": "vetting", "monitoring": "watch"}
    return [
        mitigation("own" if layer == "system" else name, threat_models=["cbrn"], layer=layer, deployments=EXTERNAL_ONLY)
        for layer, name in names.items()
    ] + ([mitigation("tool", threat_models=[], layer="access", deployments=["staff"])] if serving_staff else [])


def test_an_internal_deployment_is_no_gap_of_a_threat_that_external_ones_have() -> None:
    what = register(*of(four(serving_staff=True), EXTERNAL_ONLY))
    rows = coverage(Story(what).assessment_input).layers
    assert [(row.threat_model, str(row.audience)) for row in rows] == [("cbrn", "external")]


def test_a_snapshot_of_an_earlier_version_stays_comparable() -> None:
    """`{"external": 4, "internal": 0}`, as a version before wrote it: quiet while nothing is lost, and loud for a loss."""
    parts = {"siblings": {"cbrn": ["training", "vetting", "watch"]}, LAYERS: {"cbrn": {"external": 4, "internal": 0}}}
    assert not isinstance(lost(of(four(), EXTERNAL_ONLY, 4), parts, "api"), Fired)
    moved = [*four()[:-1], mitigation("watch", threat_models=["cbrn"], layer="system", deployments=EXTERNAL_ONLY)]
    result = lost(of(moved, EXTERNAL_ONLY, 4), parts, "api")
    assert isinstance(result, Fired)
    assert "cbrn has 3 layers before external, 4 are wanted" in result.reason


def test_a_cell_where_the_threat_does_not_apply_has_nothing_to_lose() -> None:
    own = mitigation("own", threat_models=["cbrn"], layer="system", deployments=["app", "staff"])
    gone = {"siblings": {"cbrn": ["monitor"]}, LAYERS: {"cbrn": {"external": 2}}, LAYERS_WHERE: {"cbrn": ["app"]}}
    retired = mitigation("monitor", threat_models=["cbrn"], layer="monitoring", status="retired")
    what = of([own, retired], ["app"])
    assert isinstance(lost(what, gone, "app"), Fired)
    assert not isinstance(lost(what, gone, "staff"), Fired)


def test_a_threat_that_names_an_unknown_deployment_counts_everywhere() -> None:
    what = register(
        mitigation("own", threat_models=["cbrn"], layer="system"),
        *DEPLOYMENTS,
        threat_model("cbrn", deployments=["gone"]),
    )
    assert {str(row.audience) for row in layer_coverage(what)} == {"internal", "external"}


@pytest.mark.parametrize(("before", "after", "is_worse"), [
    (["api"], ["beta"], True),
    (["beta"], ["beta"], False),
    (["api", "beta"], ["beta"], True),
])  # fmt: skip
def test_the_gate_sees_a_layer_that_leaves_the_place_of_the_threat(
    before: list[str], after: list[str], is_worse: bool
) -> None:
    def side(places: list[str]) -> Register:
        own = mitigation("own", threat_models=["cbrn"], layer="system", deployments=["api"])
        other = mitigation("other", threat_models=["cbrn"], layer="model", deployments=places)
        return register(own, other, *DEPLOYMENTS, threat_model("cbrn", deployments=["api"]))

    assert [(thinning.before, thinning.after) for thinning in thinned(side(before), side(after))] == (
        [(2, 1)] if is_worse else []
    )


def test_narrowing_the_threat_alone_thins_nothing() -> None:
    def side(where: list[str]) -> Register:
        own = mitigation("own", threat_models=["cbrn"], layer="system", deployments=["api"])
        other = mitigation("other", threat_models=["cbrn"], layer="model", deployments=["beta"])
        return register(own, other, *DEPLOYMENTS, threat_model("cbrn", deployments=where))

    assert list(thinned(side([]), side(["api"]))) == []
    assert list(thinned(side(["api"]), side(["api", "beta"]))) == []
