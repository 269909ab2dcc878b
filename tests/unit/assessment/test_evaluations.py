"""How often cells are evaluated: counted, never timed."""

import io
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from reassay.assessment import cells
from reassay.assessment.schedule import forecast, timeline
from reassay.assessment.schedule.queue import scheduled
from reassay.assessment.triggers.base import TriggerInput
from reassay.cli import main
from tests.make import TODAY, Story, deployment, mitigation, register, threat_model

EXAMPLE = Path(__file__).parents[3] / "examples" / "frontier-lab"


@pytest.fixture
def evaluations(monkeypatch: pytest.MonkeyPatch) -> Counter[tuple[str, str]]:
    """By (subject, cell), how often it was evaluated."""
    counted: Counter[tuple[str, str]] = Counter()
    evaluate = cells.status_of

    def counting(facts: TriggerInput, *others: object) -> cells.CellStatus:
        counted[facts.subject.id, facts.cell] += 1
        return evaluate(facts, *others)  # type: ignore[arg-type] # handed on as given

    for module in (cells, timeline):
        monkeypatch.setattr(module, "status_of", counting)
    return counted


@pytest.mark.parametrize(
    "command", [["status"], ["status", "--format", "json"], ["status", "--format", "ics"], ["plan"], ["next"]]
)
def test_a_command_evaluates_each_cell_once(command: list[str], evaluations: Counter[tuple[str, str]]) -> None:
    arguments = [command[0], str(EXAMPLE), "--at", "2026-12-01", *command[1:]]
    assert main(arguments, io.StringIO(), io.StringIO()) == 0
    assert set(evaluations.values()) <= {1}
    assert len(evaluations) > 10 or command == ["next"]


def test_a_plan_for_today_evaluates_each_cell_once(evaluations: Counter[tuple[str, str]]) -> None:
    many = [mitigation(f"m{number}", deployments=["api", "lab"]) for number in range(8)]
    story = Story(register(*many, deployment("api"), deployment("lab"), rollout={"per_week": 2}))
    assessment_input = story.assessment_input
    assert len(forecast.now(assessment_input)) == 8
    assert len(scheduled(assessment_input)) == 16
    assert evaluations == {(each.id, cell): 1 for each in many for cell in ("api", "lab")}


def test_a_forecast_evaluates_a_cell_twice_for_each_re_assessment(evaluations: Counter[tuple[str, str]]) -> None:
    many = [mitigation(f"m{number}", last_assessed=date(2026, 11, 1 + number)) for number in range(10)]
    steps = forecast.forecast(Story(register(*many)).assessment_input, TODAY + timedelta(days=4 * 365))
    opened = Counter(step.subject for step in steps if step.kind == "open")
    # Once at the beginning; then on the day it opens and on the day after it is concluded.
    assert all(evaluations[each.id, "*"] <= 1 + 2 * opened[each.id] for each in many)
    assert min(opened.values()) == 8


def test_what_is_concluded_effective_again_wakes_its_siblings_once(evaluations: Counter[tuple[str, str]]) -> None:
    names = ("a", "b", "c")
    story = Story(
        register(threat_model("misuse"), *(mitigation(name, threat_models=["misuse"]) for name in names)),
        TODAY - timedelta(days=30),
    )
    story.sweep()
    for name in names:
        story.conclude(name, "ineffective" if name == "a" else "effective")
    evaluations.clear()
    steps = forecast.forecast(story.assessment_input, TODAY + timedelta(days=4 * 365))
    opened = sum(step.kind == "open" for step in steps)
    assert sum(evaluations.values()) <= 3 + 2 * opened + 2
