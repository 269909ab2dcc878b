"""Law 11: while a requirement before a change is unanswered, nothing is exposed, or exposed to more."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reassay.approvals.proposal import Proposal
from reassay.assessment.cells import CellStatus, State, assess
from reassay.gate.decide import decide
from reassay.gate.input import GateInput
from reassay.gate.verdict import RuleStatus, Verdict
from reassay.people.people import Directory
from reassay.register.deployment import Deployment
from reassay.register.evidence_item import EvidenceItem
from reassay.register.register import Register, RegisterObject
from tests.examples import examples
from tests.make import TODAY, Story, commitment, deployment, made, mitigation, model, register, threat_model
from tests.signed_rows import with_steps_signed

QUICK = settings(max_examples=examples(80), deadline=None, suppress_health_check=list(HealthCheck))
BEFORE = "before_change"
ROLES = ("safety-lead", "red-team-lead", "board")
WIDER: Mapping[str, Mapping[str, object]] = {
    "modality": {"modalities_in": ["text", "audio"]},
    "affordance": {"affordances": ["agents"]},
    "audience": {"audience": "external"},
    "access": {"access": ["app", "weights"]},
    "scale": {"users": "9k"},
    "language": {"languages": ["fr"]},
}


def verdict(story: Story, merged: Register) -> Verdict:
    """With every row signed: only what must be decided can block."""
    facts = replace(story.assessment_input, people=Directory({}, {}, is_known=True))
    proposal = Proposal("main", "0" * 40, "1" * 40, base=story.register, merged=merged)
    return decide(with_steps_signed(GateInput(proposal, facts), ROLES))


def unmet(result: Verdict) -> set[str]:
    return {rule.name for rule in result.tree.children if rule.status is RuleStatus.UNMET}


SPECS = st.sampled_from([
    {"kind": "deployment-change", "must_complete": BEFORE},
    {"kind": "model-change", "must_complete": BEFORE},
    {"kind": "interval", "every": "6 months", "must_complete": BEFORE},
    {"kind": "metric-threshold", "metric": "uplift", "at_most": 0.5, "must_complete": BEFORE},
    {"kind": "incident-severity", "at_least": "low", "must_complete": BEFORE},
])  # fmt: skip


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Story, str]:
    """A register with a requirement before a change, and a ledger that answers it, or not; and what kind it is about."""
    kind = draw(st.sampled_from(["model", "deployment", "threat-model", "framework", "mitigation"]))
    last = draw(st.sampled_from([None, date(2025, 1, 1), date(2026, 11, 20)]))
    triggers = [draw(SPECS)]
    if kind == "mitigation":
        named = draw(st.sampled_from([[], ["app"]]))
        own: RegisterObject = mitigation(
            "promise", every="1 year", reassess={"triggers": triggers}, last_assessed=last, deployments=named
        )
    else:
        own = commitment(subject={"kind": kind}, triggers=triggers, last_assessed=last)
    figure = draw(st.sampled_from([0.4, 0.6]))
    story = Story(register(own, *_around(figure)), date(2026, 11, 1))
    decision = draw(st.sampled_from([None, "effective", "degraded", "ineffective", "inconclusive"]))
    story.sweep()
    if decision and story.assessment_input.history.open_for("promise"):
        story.conclude("promise", decision)
    story.move_to(TODAY)
    story.sweep()
    return story, kind


def _around(figure: float, **fields: object) -> list[RegisterObject]:
    app = deployment("app", **{"audience": "internal", "model": "titan", "users": "1k", **fields})
    return [app, model("titan", "5", uplift=0.4), model("next", "6", uplift=figure), threat_model("misuse")]


def unanswered(cells: tuple[CellStatus, ...], wanted: frozenset[str]) -> Iterator[str]:
    """By hand: the cells about what is exposed that have no good answer."""
    for cell in cells:
        decision = cell.last.decision if cell.last else None
        bad = decision not in {None, "effective"}
        fires = any(fired.before_change for fired in cell.fired)
        if cell.cell in wanted and cell.results and (
            cell.last is None or bad or fires or cell.state is State.OVERDUE
        ):  # fmt: skip
            yield cell.cell


@QUICK
@given(worlds(), st.sampled_from(sorted(WIDER)))
def test_nothing_is_widened_while_a_requirement_is_unanswered(world: tuple[Story, str], sort: str) -> None:
    story, kind = world
    wanted = {"model": "titan", "deployment": "app", "threat-model": "misuse"}.get(kind, "*")
    open_cells = list(unanswered(assess(story.assessment_input), frozenset({wanted, "app", "*"})))
    app = story.register.deployments["app"].value
    changed = deployment("app", **{**app.model_dump(mode="json", exclude={"id"}), **WIDER[sort]})
    result = verdict(story, _with(story.register, changed))
    assert any(change.is_looser for change in result.changes)
    if open_cells:
        assert "decided-before" in unmet(result), (kind, open_cells)


@QUICK
@given(worlds(), st.sampled_from(["next", "unheard-of"]), st.sampled_from(["change", "new", "renamed"]))
def test_no_new_model_while_a_requirement_is_unanswered(world: tuple[Story, str], name: str, how: str) -> None:
    story, kind = world
    app = story.register.deployments["app"].value.model_copy(update={"model": name})
    if how != "change":
        app = app.model_copy(update={"id": "other"})
    merged = _with(story.register, app, without="app" if how == "renamed" else None)
    if kind == "mitigation" and story.register.mitigations["promise"].value.deployments and how != "change":
        return  # nothing serves the other deployment, and the row says so
    then = replace(story.assessment_input, register=merged)
    wanted = {"model": name, "deployment": app.id, "threat-model": "misuse"}.get(kind, "*")
    open_cells = list(unanswered(assess(then), frozenset({wanted, app.id, "*"})))
    result = verdict(story, merged)
    if open_cells or (kind == "model" and name == "unheard-of"):
        assert "decided-before" in unmet(result), (kind, open_cells)


def _with(what: Register, changed: Deployment, without: str | None = None) -> Register:
    kept = [
        entry.value
        for objects in (what.mitigations, what.commitments, what.models, what.threat_models, what.deployments)
        for entry in objects.values()
        if entry.value.id not in {changed.id, without}
    ]
    return register(*kept, changed)


PROMISE = {"subject": {"kind": "model"}, "last_assessed": date(2026, 11, 20)}


@pytest.mark.parametrize(
    "change",
    [
        {"modalities_in": ["text", "audio"]},
        {"affordances": ["code-execution"]},
        {"access": ["api", "fine-tuning"]},
        {"host": "Another"},
    ],
)
def test_a_significant_change_takes_a_decision_of_every_mitigation_that_serves_it(change: dict[str, object]) -> None:
    """Without a word about it in the register; a mitigation of another deployment is not asked."""
    api = {"access": ["api"], "host": "Own"}
    own: list[RegisterObject] = [mitigation("filter", deployments=["public-api"]), mitigation("training"),
           mitigation("badge", deployments=["lab"]), deployment("lab", audience="internal")]  # fmt: skip
    story = _decided(register(*own, deployment(**api)))
    result = verdict(story, register(*own, deployment(**{**api, **change})))
    assert {opening.subject for opening in result.openings if opening.fired.before_change} == {"filter", "training"}
    assert unmet(result) == {"decided-before"}


@pytest.mark.parametrize(("word", "blocks"), [("within", False), ("none", False), ("before_change", True)])
def test_the_register_may_say_that_the_decision_comes_afterwards(word: str, blocks: bool) -> None:
    spec = {"kind": "deployment-change", "must_complete": word, "within": "30 days"}
    own = mitigation("filter", deployments=["public-api"], reassess={"triggers": [spec]})
    story = _decided(register(own, deployment()))
    result = verdict(story, register(own, deployment(affordances=["agents"])))
    assert ("decided-before" in unmet(result)) is blocks


def test_the_configuration_may_say_that_a_sort_is_only_recorded() -> None:
    own = mitigation("filter", deployments=["public-api"])
    story = _decided(register(own, deployment(), significance={"only_recorded": ["affordance"]}))
    assert not unmet(verdict(story, register(own, deployment(affordances=["agents"]))))


def _decided(what: Register, decision: str = "effective", **fields: object) -> Story:
    story = Story(what, date(2026, 11, 1))
    story.sweep()
    for opened in story.opened():
        story.conclude(opened.subject, decision, **fields)  # type: ignore[arg-type] # test makers
    story.move_to(TODAY)
    return story


@pytest.mark.parametrize(
    ("decision", "fields", "blocks"),
    [
        ("effective", {}, False),
        ("degraded", {}, True),
        # Nobody but the assessor approved it.
        ("degraded", {"deployment": "continue"}, True),
        ("ineffective", {"deployment": "continue"}, True),
        ("effective", {"deployment": "withdraw"}, True),
        ("inconclusive", {}, True),
    ],
)
def test_what_was_decided_against_is_not_exposed_to_more(
    decision: str,
    fields: dict[str, object],
    blocks: bool,
) -> None:
    """Even by a change that is not significant."""
    own = mitigation("filter", deployments=["public-api"])
    story = _decided(register(own, deployment(users="1000")), decision, **fields)
    result = verdict(story, register(own, deployment(users="1100")))
    assert ("decided-before" in unmet(result)) is blocks


def test_a_model_above_its_threshold_is_decided_before_it_is_deployed() -> None:
    below = [{"kind": "metric-threshold", "metric": "uplift", "at_most": 0.5, "must_complete": BEFORE}]
    around: list[RegisterObject] = [
        commitment(triggers=below, **PROMISE),
        model("titan", "5", uplift=0.41),
        model("next", "6", uplift=0.63),
    ]
    story = Story(register(*around, deployment(model="titan")))
    result = verdict(story, register(*around, deployment(model="next")))
    assert unmet(result) == {"decided-before"}
    assert not unmet(verdict(story, register(*around, deployment(model="titan", title="The public API"))))


LIFTED: Mapping[str, Mapping[str, object] | None] = {
    "decided afterwards": {"must_complete": "none"},
    "decided within a month": {"must_complete": "within", "within": "30 days"},
    "another trigger": {"triggers": [{"kind": "manual"}]},
    "another bound": {"triggers": [{"kind": "metric-threshold", "metric": "uplift", "at_most": 0.9}]},
    "another subject": {"subject": {"kind": "framework"}},
    "another model": {"subject": {"kind": "model", "selector": {"ids": ["titan"]}}},
    "not yet in force": {"in_force_from": "2099-01-01"},
    "superseded": {"superseded_by": "later"},
    "renamed": {"formerly": ["promise"]},
    "removed": None,
}


@pytest.mark.parametrize("how", LIFTED)
def test_a_requirement_is_not_lifted_by_what_it_is_about(how: str) -> None:
    fields: dict[str, object] = {
        "subject": {"kind": "model"}, "must_complete": BEFORE, "last_assessed": date(2026, 11, 20),
        "triggers": [{"kind": "metric-threshold", "metric": "uplift", "at_most": 0.5}],
    }  # fmt: skip
    later = commitment("later", subject={"kind": "model"}, triggers=[{"kind": "manual"}], last_assessed=TODAY)
    story = Story(register(commitment(**fields), later, *_around(0.6)))
    lifted = LIFTED[how]
    name = "promise-2" if how == "renamed" else "promise"
    own = [commitment(name, **{**fields, **lifted})] if lifted is not None else []
    merged = register(*own, later, *_around(0.6, model="next"))
    apart = verdict(story, register(*own, later, *_around(0.6)))
    assert "decided-before" not in unmet(apart)
    result = verdict(story, merged)
    rule = next(rule for rule in result.tree.children if rule.name == "decided-before")
    assert rule.status is RuleStatus.UNMET
    assert all("promise" in part.why and part.how for part in rule.children)


@pytest.mark.parametrize("how", ["retired", "off", "removed", "afterwards", "condition"])
def test_a_mitigation_is_not_taken_away_by_what_it_is_about(how: str) -> None:
    """Taking the safeguard away and making the wider change are two pull requests, the second of which is judged."""
    fields: dict[str, object] = {
        "every": "1 year", "last_assessed": date(2026, 11, 1), "deployments": ["app"],
        "invalidation_conditions": [{"text": "Audio is offered"}],
    }  # fmt: skip
    after = {"kind": "deployment-change", "must_complete": "none"}
    changed: Mapping[str, Mapping[str, object] | None] = {
        "retired": {"status": "retired"}, "off": {"deployments": ["other"]}, "removed": None,
        "afterwards": {"reassess": {"triggers": [after]}, "invalidation_conditions": []},
        "condition": {"invalidation_conditions": [{"text": "Smell is offered"}]},
    }  # fmt: skip
    other = deployment("other", audience="internal")
    story = Story(register(mitigation("filter", **fields), other, *_around(0.4, modalities_in=["text"])))
    update = changed[how]
    own = [mitigation("filter", **{**fields, **update})] if update is not None else []
    wider = _around(0.4, modalities_in=["text", "audio"])
    assert "decided-before" in unmet(verdict(story, register(*own, other, *wider)))


@pytest.mark.parametrize("metrics", [{}, {"other": 1.0}])
def test_a_model_that_does_not_state_the_metric_is_not_below_it(metrics: dict[str, float]) -> None:
    below = [{"kind": "metric-threshold", "metric": "uplift", "at_most": 0.5, "must_complete": BEFORE}]
    around: list[RegisterObject] = [
        commitment(triggers=below, **PROMISE),
        model("titan", "5", uplift=0.41),
        model("next", "6", **metrics),
    ]
    story = Story(register(*around, deployment(model="titan")))
    assert "decided-before" in unmet(verdict(story, register(*around, deployment(model="next"))))


def test_deployment_change_of_a_commitment_about_models_fires() -> None:
    spec = {"kind": "deployment-change", "of": ["modality"], "must_complete": BEFORE}
    around: list[RegisterObject] = [commitment(triggers=[spec], subject={"kind": "model"}), model("titan", "5")]
    story = _decided(register(*around, deployment(model="titan")))
    wider = register(*around, deployment(model="titan", modalities_in=["text", "audio"]))
    assert unmet(verdict(story, wider)) == {"decided-before"}
    story.register = register(*around, deployment(model="titan"), deployment("second", model="titan"))
    assert [fired.kind for cell in assess(story.assessment_input) for fired in cell.fired] == ["deployment-change"]


@pytest.mark.parametrize(
    "spec",
    [
        {"kind": "model-change"},
        {"kind": "mitigation-change"},
        {"kind": "metric-ratio", "metric": "uplift", "ratio": 2},
        {"kind": "deployment-change", "of": ["model"]},
    ],
)
def test_an_imported_assessment_is_no_free_pass(spec: dict[str, object]) -> None:
    """It does not say what was assessed, so the base counts as that."""
    triggers = [{**spec, "must_complete": BEFORE}]
    fields = {"deployments": ["public-api"], "last_assessed": date(2026, 11, 1), "reassess": {"triggers": triggers}}
    models = [model("titan", "5", uplift=0.1), model("next", "6", uplift=0.4)]
    story = Story(register(mitigation(**fields), deployment(model="titan"), *models))
    changed = mitigation(**fields, version=2) if spec["kind"] == "mitigation-change" else mitigation(**fields)
    result = verdict(story, register(changed, deployment(model="next"), *models))
    assert "decided-before" in unmet(result)
    assert str(spec["kind"]) in {opening.fired.kind for opening in result.openings if opening.fired.before_change}


@pytest.mark.parametrize("how", ["new", "renamed"])
def test_a_new_deployment_is_a_change_of_every_sort(how: str) -> None:
    spec = {"kind": "deployment-change", "of": ["modality"], "must_complete": BEFORE}
    own = mitigation("filter", reassess={"triggers": [spec]}, last_assessed=date(2026, 11, 1))
    story = Story(register(own, deployment()))
    voice = deployment("voice", modalities_in=["text", "audio"])
    after = [voice] if how == "renamed" else [voice, deployment()]
    assert "decided-before" in unmet(verdict(story, register(own, *after)))


def test_a_new_deployment_that_no_mitigation_serves_says_so() -> None:
    own = mitigation("filter", deployments=["public-api"], last_assessed=date(2026, 11, 1))
    story = Story(register(own, deployment()))
    result = verdict(story, register(own, deployment(), deployment("lone")))
    words = [change.why for change in result.changes if change.key == "deployment/lone"]
    assert any("no active mitigation serves this deployment" in why for why in words)


def test_evidence_in_the_same_pull_request_takes_nothing_off_it() -> None:
    spec = {"kind": "deployment-change", "must_complete": BEFORE}
    own = mitigation("filter", deployments=["public-api"], reassess={"triggers": [spec]})
    story = _decided(register(own, deployment(languages=["en"])))
    fields = {"mitigations": ["filter"], "performed_at": date(2026, 11, 30), "scope": {"languages": ["ru"]}}
    fields |= {"method": "test", "performed_by": "red team", "finding": "fine", "file": "evidence.md"}
    claims = made(EvidenceItem, id="claims", **fields)
    result = verdict(story, register(own, deployment(languages=["en", "ru"]), claims))
    assert "decided-before" in unmet(result)


@pytest.mark.parametrize(
    ("text", "change", "fires"),
    [
        ("A new way of input (audio, files) is offered.", {"modalities_in": ["text", "audio"]}, True),
        ("AUDIO is offered.", {"modalities_out": ["text", "audio"]}, True),
        ("Images are accepted.", {"modalities_in": ["text", "image"]}, True),
        ("Code execution is switched on.", {"affordances": ["code-execution"]}, True),
        ("It becomes external.", {"audience": "external"}, True),
        ("Weights are released.", {"access": ["app", "weights"]}, True),
        ("An audiobook is published.", {"modalities_in": ["text", "audio"]}, False),
        ("Audio is offered.", {"modalities_in": ["text", "video"]}, False),
        ("Internal use grows.", {"title": "Another title"}, False),
    ],
)
def test_an_invalidation_condition_that_names_it_fires(text: str, change: dict[str, object], fires: bool) -> None:
    after = {"kind": "deployment-change", "must_complete": "none"}
    own = mitigation("filter", deployments=["public-api"], invalidation_conditions=[{"text": text}],
                     reassess={"triggers": [after]})  # fmt: skip
    story = _decided(register(own, deployment(audience="internal")))
    merged = register(own, deployment(**{"audience": "internal", **change}))
    kinds = {opening.fired.kind for opening in verdict(story, merged).openings if opening.fired.before_change}
    assert kinds == ({"invalidation-condition"} if fires else set())


def test_a_decision_about_exactly_the_merged_content_is_enough() -> None:
    """A deployment that goes back to what was decided asks for nothing more."""
    own = mitigation("filter", deployments=["public-api"])
    with_agents = deployment(affordances=["agents"])
    story = _decided(register(own, with_agents))
    story.register = register(own, deployment())
    assert not unmet(verdict(story, register(own, with_agents)))
