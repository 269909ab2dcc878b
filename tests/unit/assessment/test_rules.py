"""Which triggers hold for a cell, how they are combined, and that several make one re-assessment."""

from datetime import date, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassay.assessment.cells import State, assess
from reassay.assessment.rules import evaluate, evaluate_all, rules_for
from reassay.assessment.triggers import BUILT_IN, TRIGGERS, model_change
from reassay.assessment.triggers.base import Blind, Fired, LastAssessment, Pending, Result, Skipped
from reassay.ledger.entry import Joined
from reassay.register.base import Depth
from reassay.register.register import RegisterObject
from reassay.register.trigger_specs import AnyTrigger, DriftSpec
from tests.make import (
    TODAY,
    Story,
    commitment,
    deployment,
    facts,
    made,
    mitigation,
    model,
    register,
    threat_model,
    trigger,
)

DECIDED = LastAssessment(
    date(2026, 6, 10),
    "decided",
    "effective",
    version=1,
    record="R-2026-001",
    snapshot={"models_by_cell": {"*": ["large"]}, "models": {"large": {"version": "1", "metrics": {"compute": 1}}}},
)


def kinds_of_vocabulary() -> set[str]:
    return {get_args(each.model_fields["kind"].annotation)[0] for each in get_args(get_args(AnyTrigger)[0])}


def test_every_kind_a_register_may_state_has_a_trigger() -> None:
    stated = [trigger.kind for trigger in TRIGGERS]
    assert kinds_of_vocabulary() == {*stated, "any", "all", "mitigation-change", "manual"}
    assert len(stated) == len(set(stated))
    assert all(trigger.kind in get_args(trigger.spec.model_fields["kind"].annotation) for trigger in TRIGGERS)
    standing = [trigger.kind for trigger in BUILT_IN]
    assert standing == [
        "bypass",
        "evidence-expired",
        "follow-up-overdue",
        "manual",
        "mitigation-change",
        "never-assessed",
        "override",
    ]
    assert not set(standing) & set(stated)


def test_a_trigger_refuses_the_spec_of_another_kind() -> None:
    with pytest.raises(TypeError, match="DriftSpec is not a spec of the trigger 'model-change'"):
        model_change.TRIGGER.evaluate(DriftSpec(kind="drift"), facts(mitigation()))


FIRES: dict[str, object] = {"kind": "metric-ratio", "metric": "compute", "ratio": 4}
FIRED_DUE: dict[str, object] = {"kind": "interval", "every": "6 months"}
WAITS: dict[str, object] = {"kind": "interval", "every": "1 year"}
SKIPS: dict[str, object] = {"kind": "metric-ratio", "metric": "compute", "ratio": 40}
BLIND: dict[str, object] = {"kind": "metric-threshold", "metric": "refusals", "at_least": 1}
LARGE = model("large", "1", compute=10)


def say(kind: str, *members: dict[str, object]) -> Result:
    return evaluate(trigger(kind, of=list(members)), facts(mitigation(), LARGE, last=DECIDED))


@pytest.mark.parametrize(
    ("members", "of_any", "of_all"),
    [
        ([FIRES], Fired, Fired),
        ([FIRES, FIRED_DUE], Fired, Fired),
        ([FIRES, WAITS], Fired, Pending),
        ([FIRES, SKIPS], Fired, Skipped),
        ([FIRES, BLIND], Fired, Blind),
        ([WAITS, SKIPS], Pending, Skipped),
        ([WAITS, BLIND], Blind, Blind),
        ([SKIPS, BLIND], Blind, Skipped),
        ([SKIPS, SKIPS], Skipped, Skipped),
        ([WAITS, FIRED_DUE], Fired, Pending),
    ],
)
def test_any_is_whichever_comes_first_and_all_waits_for_every_member(
    members: list[dict[str, object]], of_any: type, of_all: type
) -> None:
    assert type(say("any", *members)) is of_any
    assert type(say("all", *members)) is of_all


def test_all_is_due_when_the_last_of_its_members_is() -> None:
    result = say("all", FIRED_DUE, FIRED_DUE | {"every": "175 days"})
    assert isinstance(result, Fired)
    assert result.due == date(2026, 12, 10)
    assert " and " in result.reason


MEMBERS = st.lists(st.sampled_from([FIRES, FIRED_DUE, WAITS, SKIPS, BLIND]), min_size=1, max_size=5)


@pytest.mark.slow
@given(MEMBERS, st.randoms(use_true_random=False))
def test_the_order_of_members_changes_nothing_but_words(members: list[dict[str, object]], random: object) -> None:
    other = list(members)
    random.shuffle(other)  # type: ignore[attr-defined] # Hypothesis hands a random.Random
    for kind in ("any", "all"):
        one, two = say(kind, *members), say(kind, *other)
        assert type(one) is type(two)
        if isinstance(one, Fired) and isinstance(two, Fired):
            assert one.due == two.due


@pytest.mark.slow
@given(MEMBERS)
def test_any_fires_if_one_member_does_and_all_if_every_member_does(members: list[dict[str, object]]) -> None:
    alone = [say("any", each) for each in members]
    assert isinstance(say("any", *members), Fired) == any(isinstance(each, Fired) for each in alone)
    assert isinstance(say("all", *members), Fired) == all(isinstance(each, Fired) for each in alone)


def both(**fields: object) -> tuple[RegisterObject, ...]:
    threat, api = threat_model("misuse"), deployment("public-api")
    covered = mitigation("filter", threat_models=["misuse"], deployments=["public-api"], layer="system", **fields)
    return covered, mitigation("training", layer="organisational", every="1 year"), threat, api


@pytest.mark.parametrize(
    ("selector", "chosen"),
    [
        (None, {"filter", "training"}),
        ({"ids": ["training"]}, {"training"}),
        ({"threat_models": ["misuse"]}, {"filter"}),
        ({"layers": ["organisational"]}, {"training"}),
        ({"audiences": ["external"]}, {"filter", "training"}),
        ({"audiences": ["internal"]}, {"training"}),
        ({"deployments": ["public-api"]}, {"filter", "training"}),
        ({"threat_models": ["misuse"], "layers": ["organisational"]}, set()),
    ],
)
def test_a_commitment_about_mitigations_adds_its_triggers_to_those_it_selects(
    selector: dict[str, object] | None, chosen: set[str]
) -> None:
    quarterly = commitment(
        subject={"kind": "mitigation", "selector": selector}, triggers=[{"kind": "interval", "every": "3 months"}]
    )
    what = register(*both(), quarterly)
    asked = {
        name
        for name, entry in what.mitigations.items()
        for rule in rules_for(entry.value, what, TODAY)
        if rule.commitment
    }
    assert asked == chosen
    assert list(what.subjects) == ["filter", "training"], "it has no clock of its own"


def test_the_shortest_of_several_clocks_counts_and_the_record_names_it() -> None:
    quarterly = commitment(
        "quarterly", subject={"kind": "mitigation"}, triggers=[{"kind": "interval", "every": "3 months"}]
    )
    story = Story(register(mitigation(), quarterly))
    story.sweep()
    decided = story.conclude("filter")
    assert decided.next_due[0].due == date(2027, 3, 1)
    cell = assess(story.assessment_input)[0]
    assert (cell.state, cell.due) == (State.CURRENT, date(2027, 3, 1))
    assert "(quarterly)" in cell.reason


@pytest.mark.parametrize(
    ("fields", "in_force"),
    [
        ({}, True),
        ({"in_force_from": "2026-12-01"}, True),
        ({"in_force_from": "2026-12-02"}, False),
        ({"superseded_by": "next"}, False),
        ({"superseded_by": "later"}, True),
        ({"superseded_by": "unknown"}, True),
    ],
)
def test_a_commitment_asks_only_while_it_is_in_force(fields: dict[str, object], in_force: bool) -> None:
    quarterly = [{"kind": "interval", "every": "3 months"}]
    one = commitment("one", subject={"kind": "mitigation"}, triggers=quarterly, **fields)
    following = commitment("next", subject={"kind": "mitigation"})
    later = commitment("later", subject={"kind": "mitigation"}, in_force_from="2027-01-01")
    what = register(mitigation(), one, following, later)
    rules = rules_for(what.mitigations["filter"].value, what, TODAY)
    assert any(rule.commitment is not None and rule.commitment.id == "one" for rule in rules) is in_force


DEPTHS = {
    "every": "1 year",
    "depth": "full",
    "triggers": [{"kind": "model-change", "depth": "light", "screening": "Could the new model undermine it?"}],
}


def test_two_depths_a_light_decision_leaves_the_full_clock_running() -> None:
    api = deployment(model="large")
    serving = mitigation(every=None, deployments=["public-api"], reassess=DEPTHS)
    story = Story(register(serving, api, model("large", "1")))
    story.sweep()
    assert story.opened()[0].depth is Depth.FULL
    story.conclude("filter")
    story.move_to(date(2027, 5, 1))
    story.register = register(serving, api, model("large", "2"))
    story.sweep()
    assert story.opened()[1].depth is Depth.LIGHT
    questions = story.objects[story.opened()[1].checklist]
    assert questions[0]["text"] == "Could the new model undermine it?"  # type: ignore[index] # a list of items
    assert story.conclude("filter").next_due[0].due == date(2027, 12, 1)
    assert story.sweep() == ()
    story.move_to(date(2027, 11, 20))
    story.sweep()
    assert story.opened()[2].depth is Depth.FULL


def test_a_later_trigger_joins_the_open_one_and_may_only_shorten_or_deepen_it() -> None:
    serving = mitigation(
        deployments=["public-api"],
        reassess={"depth": "light", "triggers": [{"kind": "model-change", "depth": "full", "within": "5 days"}]},
    )
    api = deployment(model="large")
    story = Story(register(serving, api, model("large", "1")))
    story.sweep()
    story.conclude("filter")
    story.move_to(date(2027, 5, 20))
    story.sweep()
    before = story.assessment_input.history.open_for("filter")
    assert before is not None
    assert (before.due, before.depth) == (date(2027, 6, 1), Depth.LIGHT)
    story.register = register(serving, api, model("large", "2"))
    (joined,) = story.sweep()
    assert isinstance(joined, Joined)
    after = story.assessment_input.history.open_for("filter")
    assert after is not None
    assert after.id == before.id
    assert (after.due, after.depth) == (date(2027, 5, 25), Depth.FULL)
    assert [each.kind for each in after.triggers] == ["interval", "model-change"]
    assert story.sweep() == ()
    story.move_to(date(2027, 5, 30))
    assert story.sweep() == (), "looking again later neither adds nor postpones"


def test_before_change_is_recorded_with_the_trigger() -> None:
    serving = mitigation(deployments=["public-api"])
    promise = commitment(
        "cop", subject={"kind": "mitigation"}, must_complete="before_change", triggers=[{"kind": "model-change"}]
    )
    api = deployment(model="large")
    story = Story(register(serving, promise, api, model("large", "1")))
    story.sweep()
    story.conclude("filter")
    story.register = register(serving, promise, api, model("large", "2"))
    story.sweep()
    changed = [each for each in story.opened()[1].triggers if each.kind == "model-change"]
    assert {each.before_change for each in changed} == {True, False}, "the promise's, and what holds for everyone"


def test_a_figure_deleted_while_it_is_looked_at_closes_nothing() -> None:
    serving = mitigation(deployments=["public-api"], reassess={"triggers": [FIRES]})
    api = deployment(model="large")
    story = Story(register(serving, api, model("large", "1", compute=1)))
    story.sweep()
    story.conclude("filter")
    story.register = register(serving, api, model("large", "1", compute=9))
    assert len(story.sweep()) == 1
    story.register = register(serving, api, model("large", "1"))
    assert story.sweep() == ()
    story.register = register(serving, api, model("large", "1", compute=2))
    assert len(story.sweep()) == 1, "back below the limit: superseded"


@pytest.mark.parametrize(
    ("subject", "objects", "cells"),
    [
        ({"kind": "framework"}, [], ["*"]),
        ({"kind": "model"}, [model("a"), model("b")], ["a", "b"]),
        ({"kind": "model", "selector": {"ids": ["b"]}}, [model("a"), model("b")], ["b"]),
        ({"kind": "deployment", "selector": {"audiences": ["internal"]}}, [deployment("x"), deployment("y", audience="internal")], ["y"]),
        ({"kind": "threat-model"}, [threat_model("misuse")], ["misuse"]),
    ],
)  # fmt: skip
def test_a_commitment_about_anything_else_has_a_clock_for_each_of_its_subjects(
    subject: dict[str, object], objects: list[RegisterObject], cells: list[str]
) -> None:
    yearly = commitment(subject=subject, triggers=[WAITS], in_force_from="2026-06-01")
    found = assess(Story(register(yearly, *objects)).assessment_input)
    assert [cell.cell for cell in found] == cells
    assert all((cell.subject, cell.kind, cell.state) == ("promise", "commitment", State.CURRENT) for cell in found)


def test_a_commitment_about_nothing_that_is_declared_stays_and_says_so() -> None:
    yearly = commitment(subject={"kind": "model"}, triggers=[WAITS], in_force_from="2026-06-01")
    (cell,) = assess(Story(register(yearly)).assessment_input)
    assert (cell.subject, cell.cell, cell.state) == ("promise", "*", State.UNKNOWN)
    assert "nothing that it is about is declared" in cell.reason


def test_a_commitment_is_opened_decided_and_due_again_like_a_mitigation() -> None:
    yearly = commitment(subject={"kind": "framework"}, triggers=[WAITS], in_force_from="2025-12-10")
    story = Story(register(yearly))
    story.sweep()
    assert (story.opened()[0].subject, story.opened()[0].due) == ("promise", date(2026, 12, 10))
    assert story.conclude("promise").next_due[0].due == date(2027, 12, 1)
    assert story.sweep() == ()
    assert assess(story.assessment_input)[0].effectiveness == "effective"


def test_a_commitment_that_waits_for_events_says_so() -> None:
    waiting = commitment(triggers=[{"kind": "incident-severity", "at_least": "high"}])
    cell = assess(Story(register(waiting)).assessment_input)[0]
    assert (cell.state, cell.due, cell.effectiveness) == (State.CURRENT, None, "unassessed")
    assert "no event that it waits for has happened" in cell.reason


def test_unassessed_overdue_and_the_rest_have_one_reading_each() -> None:
    from reassay.register.acceptance import RiskAcceptance

    ended = made(
        RiskAcceptance,
        id="gap",
        mitigations=["filter"],
        requester="safety-lead",
        approver="risk-officer",
        rationale="short",
        expires_at=str(TODAY + timedelta(days=10)),
    )
    story = Story(register(mitigation(), ended))
    story.sweep()
    story.conclude("filter")
    assert assess(story.assessment_input)[0].due == TODAY + timedelta(days=11)
    story.move_to(TODAY + timedelta(days=11))
    assert assess(story.assessment_input)[0].state is State.ACCEPTANCE_EXPIRED
    story.sweep()
    story.move_to(TODAY + timedelta(days=60))
    assert assess(story.assessment_input)[0].state is State.OVERDUE
    story.conclude("filter")
    assert assess(story.assessment_input)[0].state is State.CURRENT


def test_every_rule_of_a_mitigation_answers_without_raising_whatever_is_missing() -> None:
    for last in (None, DECIDED, LastAssessment(date(2026, 1, 1), "imported")):
        of = facts(mitigation(), last=last)
        assert evaluate_all(of, rules_for(of.subject, of.register, of.today))
