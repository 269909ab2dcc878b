"""What a difference means, field by field, and laws over any two deployments."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassay.changes import compare
from reassay.changes.base import Change, Direction
from reassay.changes.deployment import Measure, deployment_changes
from reassay.changes.layers import thinned
from reassay.register.acceptance import RiskAcceptance
from reassay.register.deployment import Deployment
from reassay.register.evidence_item import EvidenceItem
from reassay.register.incident import Incident
from tests.make import TODAY, commitment, configuration, deployment, made, mitigation, model, register, threat_model

LOOSER, TIGHTER, NEUTRAL = Direction.LOOSER, Direction.TIGHTER, Direction.NEUTRAL


def one(found: tuple[Change, ...]) -> tuple[str, str, str, bool]:
    (change,) = found
    return change.field, change.change, str(change.direction), change.significant


DEPLOYMENTS = [
    ({"audience": "internal"}, {"audience": "external"}, ("audience", "widened", "looser", True)),
    ({"audience": "external"}, {"audience": "trusted-testers"}, ("audience", "narrowed", "tighter", False)),
    ({"access": ["app"]}, {"access": ["app", "fine-tuning"]}, ("access", "added", "looser", True)),
    ({"modalities_in": ["text", "audio"]}, {"modalities_in": ["text"]}, ("modalities_in", "removed", "tighter", False)),
    ({}, {"modalities_out": ["text", "image"]}, ("modalities_out", "added", "looser", True)),
    ({}, {"affordances": ["agents"]}, ("affordances", "added", "looser", True)),
    ({"oversight": "a person"}, {}, ("oversight", "removed", "looser", True)),
    ({"oversight": "a person"}, {"oversight": "nobody"}, ("oversight", "changed", "looser", True)),
    ({}, {"oversight": "a person"}, ("oversight", "added", "tighter", False)),
    ({}, {"host": "elsewhere"}, ("host", "added", "looser", True)),
    ({"host": "a"}, {"host": "b"}, ("host", "changed", "looser", True)),
    ({}, {"domain": "health"}, ("domain", "added", "looser", True)),
    ({"age_policy": "18+"}, {"age_policy": "13+"}, ("age_policy", "changed", "looser", True)),
    ({"age_policy": "13+"}, {"age_policy": "18+"}, ("age_policy", "tightened", "tighter", False)),
    ({"age_policy": "18+"}, {}, ("age_policy", "changed", "looser", True)),
    ({"model": "a"}, {"model": "b"}, ("model", "changed", "looser", True)),
    ({}, {"model": "b"}, ("model", "added", "looser", False)),
    ({"users": "1k-10k"}, {"users": "10k-20k"}, ("users", "raised", "looser", True)),
    ({"users": "1k-10k"}, {"users": "10k-19k"}, ("users", "raised", "looser", False)),
    ({"users": "10k"}, {"users": "1M+"}, ("users", "changed", "looser", True)),
    ({"users": "10k"}, {"users": "5k"}, ("users", "lowered", "tighter", False)),
    ({"rate_limit": "60 requests/hour"}, {"rate_limit": "2 requests/minute"}, ("rate_limit", "raised", "looser", True)),
    ({"context_tokens": 1000}, {"context_tokens": 3999}, ("context_tokens", "raised", "looser", False)),
    ({"context_tokens": 1000}, {"context_tokens": 4000}, ("context_tokens", "raised", "looser", True)),
    ({"rollout_percent": 5}, {"rollout_percent": 10}, ("rollout_percent", "raised", "looser", True)),
    ({"rollout_percent": 11}, {"rollout_percent": 40}, ("rollout_percent", "raised", "looser", False)),
    ({"rollout_percent": 11}, {}, ("rollout_percent", "raised", "looser", True)),
    ({}, {"regions": ["NO"]}, ("regions", "added", "looser", True)),
    ({}, {"languages": ["de"]}, ("languages", "added", "looser", True)),
    ({}, {"system_prompt_digest": "sha256:1"}, ("system_prompt_digest", "added", "looser", False)),
    (
        {"system_prompt_digest": "sha256:1"},
        {"system_prompt_digest": "sha256:2"},
        ("system_prompt_digest", "changed", "looser", True),
    ),
    ({"host": "a"}, {}, ("host", "removed", "looser", False)),
    ({"languages": ["de"]}, {}, ("languages", "removed", "looser", False)),
    ({"languages": ["de", "fr"]}, {"languages": ["de"]}, ("languages", "removed", "tighter", False)),
    ({"title": "API"}, {"title": "The API"}, ("title", "changed", "neutral", False)),
    ({"description": "For staff."}, {"description": "For anyone."}, ("description", "changed", "looser", False)),
]


@pytest.mark.parametrize(("before", "after", "wanted"), DEPLOYMENTS)
def test_deployments(before: dict[str, object], after: dict[str, object], wanted: tuple[str, str, str, bool]) -> None:
    assert one(compare(register(deployment(**before)), register(deployment(**after)), TODAY)) == wanted


def target(**fields: object) -> dict[str, object]:
    rate = {"kind": "rate", "name": "asr", "at_most": 0.02, "margin": 0.01} | fields
    return {"statement": "nobody", "criteria": [rate]}


MITIGATIONS = [
    ({}, {"status": "retired"}, ("status", "retired", "looser", True)),
    ({"status": "proposed"}, {}, ("status", "changed", "tighter", False)),
    ({"every": "6 months"}, {"every": "1 year"}, ("every", "lengthened", "looser", True)),
    ({"every": "6 months"}, {"every": "3 months"}, ("every", "shortened", "tighter", False)),
    ({}, {"version": 2}, ("version", "raised", "looser", True)),
    ({}, {"owner": "board"}, ("owner", "changed", "looser", False)),
    ({}, {"assessor": None}, ("assessor", "removed", "looser", True)),
    ({}, {"assessor": "safety-lead"}, ("assessor", "changed", "looser", True)),
    ({}, {"owner": "red-team-lead"}, None),
    ({}, {"last_assessed": "2026-11-01"}, ("last_assessed", "raised", "looser", True)),
    ({"last_assessed": "2026-11-01"}, {"last_assessed": "2026-10-01"}, ("last_assessed", "lowered", "tighter", False)),
    ({"layer": "model"}, {"layer": "system"}, ("layer", "changed", "looser", True)),
    ({}, {"layer": "system"}, ("layer", "changed", "looser", True)),
    ({"threat_models": []}, {"threat_models": ["misuse"]}, ("threat_models", "added", "looser", True)),
    ({"deployments": ["public-api"]}, {}, ("deployments", "removed", "tighter", False)),
    ({}, {"deployments": ["public-api"]}, ("deployments", "added", "looser", True)),
    ({"deployments": ["a", "b"]}, {"deployments": ["a"]}, ("deployments", "removed", "looser", True)),
    ({"deployments": ["a"]}, {"deployments": ["a", "b"]}, ("deployments", "added", "tighter", False)),
    ({"deployments": ["a", "b"]}, {"deployments": ["b", "a"]}, ("deployments", "changed", "neutral", False)),
    ({"target": target()}, {}, ("target", "removed", "looser", True)),
    ({"target": target()}, {"target": target(at_most=0.05)}, ("target.criteria.asr.at_most", "loosened", "looser", True)),
    ({"target": target()}, {"target": target(at_most=0.01)}, ("target.criteria.asr.at_most", "tightened", "tighter", False)),
    ({"target": target()}, {"target": target(margin=0.0)}, ("target.criteria.asr.margin", "cut", "looser", True)),
    ({"approval": [{"role": "board"}]}, {}, ("approval", "removed", "looser", True)),
    ({"approval": [{"role": "board", "min": 2}]}, {"approval": [{"role": "board"}]}, ("approval", "loosened", "looser", True)),
    ({}, {"approval": [{"role": "board"}]}, ("approval", "added", "looser", True)),
    ({"approval": [{"role": "board"}]}, {"approval": [{"role": "board", "min": 2}]}, ("approval", "tightened", "tighter", False)),
    ({"checklist": [{"id": "a", "text": "Why?"}]}, {}, ("checklist.a", "removed", "looser", True)),
    ({"checklist": [{"id": "a", "text": "Why?"}]}, {"checklist": [{"id": "a", "text": "How?"}]}, ("checklist.a", "changed", "looser", True)),
    ({"reassess": {"grace": "1 week"}}, {"reassess": {"grace": "2 weeks"}}, ("reassess.grace", "lengthened", "looser", True)),
    ({"reassess": {"depth": "full"}}, {"reassess": {"depth": "light"}}, ("reassess.depth", "changed", "looser", True)),
    ({"reassess": {"triggers": [{"kind": "manual", "roles": ["board"]}]}}, {"reassess": {}}, ("reassess.triggers", "removed", "looser", True)),
    ({"invalidation_conditions": [{"text": "x"}]}, {}, ("invalidation_conditions", "removed", "looser", True)),
    ({}, {"description": "More words."}, ("description", "added", "looser", False)),
    ({}, {"title": "Placeholder, does nothing"}, ("title", "changed", "looser", False)),
    ({"assessor": None, "assessors": ["a", "b"]}, {"assessor": None, "assessors": ["a"]}, ("assessors", "changed", "looser", False)),
    ({"assumptions": ["x"]}, {"assumptions": ["x", "y"]}, ("assumptions", "added", "looser", True)),
    ({"invalidation_conditions": [{"text": "x", "watch": "w"}]}, {"invalidation_conditions": [{"text": "x"}]}, ("invalidation_conditions", "changed", "looser", False)),
    ({"taxonomy": [{"scheme": "s", "code": "1"}]}, {}, ("taxonomy", "changed", "neutral", False)),
    ({"parts": [{"name": "a", "assessors": ["x"]}]}, {}, ("parts", "changed", "looser", False)),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "wanted"), MITIGATIONS)
def test_mitigations(
    before: dict[str, object], after: dict[str, object], wanted: tuple[str, str, str, bool] | None
) -> None:
    found = compare(register(mitigation(**before)), register(mitigation(**after)), TODAY)
    if wanted is None:
        assert any("self-assessed" in each.why for each in found)
        return
    assert one(found) == wanted


def test_whole_objects_come_and_go_and_a_rename_keeps_its_history() -> None:
    assert one(compare(register(), register(mitigation()), TODAY)) == ("", "added", "tighter", False)
    assert one(compare(register(mitigation()), register(), TODAY)) == ("", "removed", "looser", True)
    assert one(compare(register(), register(deployment()), TODAY)) == ("", "added", "looser", True)
    assert one(compare(register(deployment()), register(), TODAY)) == ("", "removed", "looser", False)
    renamed = compare(
        register(mitigation("old")), register(mitigation("new", formerly=["old"], title="The old")), TODAY
    )
    assert {each.field for each in renamed} == {"formerly", "id"}
    assert {each.direction for each in renamed} == {NEUTRAL}


def test_other_kinds() -> None:
    threat = [threat_model(minimum_layers={"external": count}) for count in (3, 2)]
    assert one(compare(register(threat[0]), register(threat[1]), TODAY)) == (
        "minimum_layers.external",
        "lowered",
        "looser",
        True,
    )
    assert one(compare(register(model()), register(model("large", "2")), TODAY))[:3] == ("version", "changed", "looser")
    promises = [commitment(statement=text) for text in ("Yearly", "Now and then")]
    assert one(compare(register(promises[0]), register(promises[1]), TODAY))[2] == "looser"
    severe = {"id": "i", "kind": "incident", "first_seen_at": "2026-11-01T08:00:00Z"}
    incidents = [made(Incident, **severe, severity=each) for each in ("high", "low")]
    assert one(compare(register(incidents[0]), register(incidents[1]), TODAY))[1:3] == ("lowered", "looser")
    accepted = {
        "id": "a",
        "mitigations": ["filter"],
        "requester": "x",
        "approver": "y",
        "rationale": "r",
        "compensating": ["c"],
    }
    dates = [made(RiskAcceptance, **accepted, expires_at=each) for each in ("2026-12-31", "2027-12-31")]
    assert one(compare(register(dates[0]), register(dates[1]), TODAY))[:3] == ("expires_at", "later", "looser")


def test_policy_is_looser_unless_a_program_can_say_otherwise() -> None:
    rules = {"loosening": [{"role": "board", "min": 2}], "questions": [{"id": "q", "text": "Why?", "role": "board"}]}
    strict, weak = register(mode="enforce", gate=rules), register(mode="record")
    found = {each.field: each.direction for each in compare(strict, weak, TODAY)}
    assert found == {"mode": LOOSER, "gate.loosening": LOOSER, "gate.questions.q": LOOSER}
    # The first steps take the place of a default: others sign from then on.
    back = {each.field: each.direction for each in compare(weak, strict, TODAY)}
    assert back == {"mode": TIGHTER, "gate.loosening": LOOSER, "gate.questions.q": TIGHTER}
    assert one(compare(register(), register(roles={"board": {"users": ["x"]}}), TODAY)) == (
        "roles.board",
        "added",
        "looser",
        True,
    )
    assert one(compare(register(), register(timezone="Europe/Berlin"), TODAY))[2] == "looser"
    assert one(compare(register(), register(labels=False), TODAY))[2] == "neutral"
    files = {".github/workflows/x.yml": (None, "1")}
    assert one(compare(register(), register(), TODAY, files)) == ("", "added", "looser", False)


def test_what_was_agreed_beforehand_needs_nothing_more_while_it_holds() -> None:
    agreed = {"preauthorised_changes": [{"change": "regions: add NO", "protocol": "as in SE", "expires": "2026-12-31"}]}
    before, after = register(deployment(**agreed)), register(deployment(**agreed, regions=["NO"]))
    assert not one(compare(before, after, TODAY))[3]
    assert one(compare(before, after, date(2027, 1, 1)))[3]
    # In one pull request it cannot cover the change it speaks of.
    assert any(each.significant for each in compare(register(deployment()), after, TODAY))


def test_languages_that_evidence_covers_and_sorts_that_are_only_recorded() -> None:
    proof = made(
        EvidenceItem,
        id="e",
        method="test",
        performed_by="x",
        performed_at="2026-11-01",
        finding="f",
        scope={"languages": ["de"]},
    )
    assert not one(compare(register(deployment(), proof), register(deployment(languages=["de"]), proof), TODAY))[3]
    only = {"significance": {"only_recorded": ["region"]}}
    assert not one(compare(register(deployment(), **only), register(deployment(regions=["NO"]), **only), TODAY))[3]


def test_layers_that_become_too_few() -> None:
    threat, api = threat_model(), deployment()
    own = [mitigation(name, threat_models=["misuse"], layer=name) for name in ("model", "system")]
    both, left = register(threat, api, *own), register(threat, api, own[0])
    assert [each.words() for each in thinned(both, left)] == [
        "`misuse` would have 1 layer for external, but 2 are required (now 2)"
    ]
    assert list(thinned(left, left)) == []


VALUES = {
    "audience": st.sampled_from(["internal", "trusted-testers", "external"]),
    "access": st.lists(st.sampled_from(["app", "api", "weights"]), min_size=1, unique=True),
    "modalities_in": st.lists(st.sampled_from(["text", "image", "audio"]), unique=True),
    "affordances": st.lists(st.sampled_from(["agents", "memory"]), unique=True),
    "oversight": st.none() | st.sampled_from(["a", "b"]),
    "model": st.none() | st.sampled_from(["m", "n"]),
    "languages": st.lists(st.sampled_from(["de", "en"]), unique=True),
    "users": st.none() | st.sampled_from(["1k", "1 000", "5k", "1k-9k", "1M+", "many"]),
    "context_tokens": st.none() | st.integers(1, 10**6),
    "rollout_percent": st.none() | st.integers(0, 100),
    "host": st.none() | st.sampled_from(["x", "y"]),
    "age_policy": st.none() | st.sampled_from(["18+", "13+", "adults"]),
    "description": st.none() | st.sampled_from(["x", "y"]),
}
ANY = st.fixed_dictionaries(VALUES).map(
    lambda fields: deployment(**{name: value for name, value in fields.items() if value is not None})
)


@pytest.mark.slow
@given(ANY, ANY)
def test_nothing_that_differs_is_dropped(before: Deployment, after: Deployment) -> None:
    found = {field_change.field for field_change in deployment_changes(before, after, Measure(TODAY))}
    differ = {name for name in VALUES if _set(before, name) != _set(after, name)}
    assert found == differ
    assert list(deployment_changes(before, before, Measure(TODAY))) == []


def _set(value: Deployment, name: str) -> object:
    found = getattr(value, name)
    return frozenset(found) if isinstance(found, tuple) else found


@pytest.mark.slow
@given(ANY, ANY)
def test_what_is_only_tighter_one_way_is_looser_or_neutral_the_other_way(before: Deployment, after: Deployment) -> None:
    there = list(deployment_changes(before, after, Measure(TODAY)))
    back = {
        field_change.field
        for field_change in deployment_changes(after, before, Measure(TODAY))
        if field_change.direction is TIGHTER
    }
    alone = {field_change.field for field_change in there if field_change.direction is TIGHTER} - {
        field_change.field for field_change in there if field_change.direction is LOOSER
    }
    assert not alone & (
        back
        - {
            field_change.field
            for field_change in deployment_changes(after, before, Measure(TODAY))
            if field_change.direction is LOOSER
        }
    )


def test_the_figures_of_significance_are_configured() -> None:
    assert configuration(significance={"users": 10}).significance.users == Fraction(10)


@pytest.mark.slow
@pytest.mark.timeout(20)
def test_long_lists_are_compared_in_linear_time() -> None:
    many = [f"assumption {number}" for number in range(40_000)]
    others = [f"{text}, rewritten" for text in many]
    before, after = (register(mitigation(assumptions=own)) for own in (many, others))
    assert {change.change for change in compare(before, after, TODAY)} == {"added", "removed"}
    before, after = (register(deployment(languages=own)) for own in (many, others))
    assert len(compare(before, after, TODAY)) == len(many) + 1
    criteria = [{"kind": "judgement", "name": text, "question": "Is it?"} for text in many]
    assert len(mitigation(target={"statement": "S", "criteria": criteria}).target.criteria) == len(many)  # type: ignore[union-attr] # it has one


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({}, "neutral"),
        ({"root_cause": "a cause"}, "neutral"),
        ({"signals": ["alerts-1"]}, "looser"),
        ({"signals": ["alerts-1", "alerts-2"]}, "looser"),
        ({"signals": ["alerts-1"], "root_cause": "a cause"}, "looser"),
    ],
    ids=str,
)
def test_a_new_incident_that_makes_one_of_several_reports_is_looser(fields: dict[str, object], wanted: str) -> None:
    own = made(Incident, id="i", severity="high", first_seen_at="2026-11-01T08:00:00Z", **fields)
    assert one(compare(register(), register(own), TODAY))[2] == wanted
