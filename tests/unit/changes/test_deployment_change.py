"""deployment-change: measured against the assessed snapshot, so that small steps add up."""

from datetime import date

import pytest

from reassay.assessment.triggers.base import Fired, LastAssessment, Result, Skipped
from reassay.assessment.triggers.deployment_change import evaluate
from tests.make import deployment, facts, mitigation, trigger


def say(then: dict[str, object] | None, now: dict[str, object], *, cell: str = "public-api", **spec: object) -> Result:
    written = {"public-api": {"id": "public-api", "title": "x", "audience": "external"} | (then or {})}
    snapshot = {"deployments": written} if then is not None else None
    last = LastAssessment(date(2026, 11, 1), "decided", "effective", record="R-2026-001", snapshot=snapshot)
    subject = mitigation(deployments=["public-api"] if cell == "public-api" else [])
    return evaluate(
        trigger("deployment-change", **spec),  # type: ignore[arg-type] # of that kind
        facts(subject, deployment(**({"title": "x"} | now)), cell=cell, last=last),
    )


@pytest.mark.parametrize("cell", ["public-api", "*"])
def test_it_fires_on_what_is_significant_only(cell: str) -> None:
    assert isinstance(say({}, {"affordances": ["agents"]}, cell=cell), Fired)
    assert isinstance(say({"affordances": ["agents"]}, {}, cell=cell), Skipped)
    assert isinstance(say({}, {"description": "words"}, cell=cell), Skipped)


def test_small_steps_add_up() -> None:
    assert isinstance(say({"users": "1000"}, {"users": "1900"}), Skipped)
    assert isinstance(say({"users": "1000"}, {"users": "2000"}), Fired)


def test_a_trigger_may_name_sorts() -> None:
    assert isinstance(say({}, {"affordances": ["agents"]}, of=["access"]), Skipped)
    assert isinstance(say({}, {"access": ["app", "weights"]}, of=["access"]), Fired)


def test_a_plan_is_due_on_its_day_and_switches_nothing_on() -> None:
    plan: dict[str, object] = {"planned": [{"change": "modalities_in: add audio", "not_before": "2026-12-20"}]}
    found = say({}, plan)
    assert isinstance(found, Fired)
    assert (found.due, found.planned) == (date(2026, 12, 20), True)
    assert isinstance(say(plan, plan), Skipped)
    early = say(plan, {**plan, "modalities_in": ["text", "audio"]})
    assert isinstance(early, Fired)
    assert "planned for 2026-12-20 or later" in early.reason


def test_what_cannot_be_compared_is_said() -> None:
    assert isinstance(say(None, {}), Skipped)
    assert "cannot read" in say({"audience": "martians"}, {}).reason
