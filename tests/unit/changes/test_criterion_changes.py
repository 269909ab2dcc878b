"""The direction of every change of a criterion: what provably requires more is tighter, and everything else is looser."""

from copy import deepcopy
from typing import Any

import pytest

from reassay.assessment.triggers.mitigation_change import loosened
from reassay.changes.base import Direction
from reassay.changes.criterion import criterion_changes
from reassay.register.criteria import Criterion, Target
from tests.laws.full_criteria import CRITERIA
from tests.make import mitigation

LOOSER, TIGHTER = Direction.LOOSER, Direction.TIGHTER
DOCUMENTS: dict[str, dict[str, Any]] = {str(own["kind"]): own for own in CRITERIA}


def target(document: dict[str, Any]) -> Target:
    found = mitigation(target={"statement": "S", "criteria": [document]}).target
    assert found is not None
    return found


def criterion(document: dict[str, Any]) -> Criterion:
    return target(document).criteria[0]


def changed(kind: str, path: str, value: object) -> dict[str, Any]:
    document = deepcopy(DOCUMENTS[kind])
    *outer, last = path.split(".")
    inner = document
    for key in outer:
        inner = inner.setdefault(key, {})
    if value is None:
        inner.pop(last, None)
    else:
        inner[last] = value
    return document


CASES: list[tuple[str, str, object, Direction]] = [
    ("rate", "at_most", 0.03, LOOSER),
    ("rate", "at_most", 0.015, TIGHTER),
    ("rate", "margin", 0.015, TIGHTER),
    ("rate", "at_least", None, LOOSER),
    ("rate", "at_least", 301, TIGHTER),
    ("rate", "unassessed_at_most", 0.02, LOOSER),
    ("rate", "unassessed_at_most", 0.0, TIGHTER),
    ("rate", "plan", {"n": 150, "seed": "7"}, LOOSER),
    ("rate", "plan", "open", LOOSER),
    ("rate", "provenance", "uploaded", LOOSER),
    ("rate", "tries", 3, TIGHTER),
    ("rate", "tries", 1, LOOSER),
    ("rate", "judge", None, LOOSER),
    ("rate", "judge.at_least", 29, LOOSER),
    ("rate", "judge.at_least", 100, TIGHTER),
    ("rate", "comparator", None, LOOSER),
    ("rate", "population", "positives", LOOSER),
    ("rate", "undesired", "refusal", LOOSER),
    ("rate", "slices", None, LOOSER),
    ("rate", "slices.required", [], LOOSER),
    ("rate", "slices.required", ["de", "fr"], TIGHTER),
    ("rate", "slices.each_at_most", 0.2, LOOSER),
    ("rate", "slices.each_at_most", None, LOOSER),
    ("rate", "slices.each_at_most", 0.05, TIGHTER),
    ("rate", "slices.floor", 20, LOOSER),
    ("rate", "slices.floor", 50, TIGHTER),
    ("rate", "measured.task_version", "3", LOOSER),
    ("sample", "population", 400, LOOSER),
    ("sample", "provenance", "workflow-run", TIGHTER),
    ("census", "at_least", 0.9, LOOSER),
    ("census", "at_least", 1.0, TIGHTER),
    ("exercise", "success", "It is found in time", LOOSER),
    ("duration", "at_most", "15 days", LOOSER),
    ("duration", "at_most", "1 week", TIGHTER),
    ("judgement", "question", "Is it fine?", LOOSER),
    ("judgement", "would_change", None, LOOSER),
    ("effort", "success", "9 of 10", LOOSER),
    ("effort", "attacker.hours", 41, TIGHTER),
    ("effort", "attacker.hours", 39, LOOSER),
    ("effort", "attacker.people", None, LOOSER),
    ("effort", "attacker.budget", "1000 EUR", LOOSER),
    ("effort", "attacker.budget", "2000 GBP", TIGHTER),
    ("effort", "attacker.access", "app", LOOSER),
    ("effort", "attacker.access", "weights", TIGHTER),
    ("effort", "attacker.expertise", "layperson", LOOSER),
    ("effort", "chance_at_most", 0.2, LOOSER),
    ("effort", "chance_at_most", 0.05, TIGHTER),
    ("effort", "chance_at_most", None, LOOSER),
    ("effort", "effort", None, LOOSER),
    ("effort", "effort.teams", 28, LOOSER),
    ("effort", "effort.hours_each", 50, TIGHTER),
    ("effort", "effort.independent", False, LOOSER),
    ("effort", "effort.incentive", None, LOOSER),
    ("effort", "effort.incentive", "salary", LOOSER),
    ("effort", "effort.access", "weights", TIGHTER),
    ("effort", "effort.expertise", None, LOOSER),
    ("detector", "recall.at_least", 0.9, LOOSER),
    ("detector", "recall.at_least", 0.99, TIGHTER),
    ("detector", "recall.population", "positives", LOOSER),
    ("detector", "recall.items_at_least", None, LOOSER),
    ("detector", "recall.slices.each_at_most", 0.2, LOOSER),
    ("detector", "false_positives.at_most", 0.0015, LOOSER),
    ("detector", "false_positives.at_most", 0.0001, TIGHTER),
    ("detector", "false_positives.provenance", "workflow-run", TIGHTER),
    ("detector", "threshold", "0.8", LOOSER),
    ("detector", "prevalence", 0.002, LOOSER),
    ("detector", "precision_at_least", None, LOOSER),
    ("detector", "precision_at_least", 0.4, TIGHTER),
    ("capability", "claim", "It cannot do Y", LOOSER),
    ("capability", "elicitation.fine_tuned", False, LOOSER),
    ("capability", "elicitation.best_of", 9, LOOSER),
    ("capability", "elicitation.best_of", 11, TIGHTER),
    ("capability", "elicitation.tools", [], LOOSER),
    ("capability", "elicitation.tools", ["browsing", "memory"], TIGHTER),
    ("capability", "elicitation.scaffold", "other", LOOSER),
    ("capability", "elicitation.effort", 50, LOOSER),
]


@pytest.mark.parametrize(("kind", "path", "value", "direction"), CASES, ids=[f"{c[0]}.{c[1]}={c[2]}" for c in CASES])
def test_each_value_of_a_criterion_has_a_direction_and_the_trigger_agrees(
    kind: str, path: str, value: object, direction: Direction
) -> None:
    before, after = DOCUMENTS[kind], changed(kind, path, value)
    directions = {change.direction for change in criterion_changes(criterion(before), criterion(after))}
    assert directions == {direction}
    assert bool(loosened(target(before), target(after))) is (direction is LOOSER)


def test_a_requirement_that_is_stated_for_the_first_time_is_tighter() -> None:
    bare = {"kind": "rate", "name": "asr", "at_most": 0.02}
    more: list[dict[str, object]] = [{"at_least": 300}, {"judge": {"at_least": 30}}, {"slices": {"required": ["de"]}}]
    for own in more:
        assert {change.direction for change in criterion_changes(criterion(bare), criterion(bare | own))} == {TIGHTER}


def test_a_ceiling_for_slices_that_takes_the_place_of_a_floor_is_looser() -> None:
    before = {"kind": "rate", "name": "asr", "at_most": 0.02, "slices": {"floor": 30}}
    after = before | {"slices": {"floor": 30, "each_at_most": 0.9}}
    assert {change.direction for change in criterion_changes(criterion(before), criterion(after))} == {LOOSER}


def test_an_actor_with_more_is_a_tighter_target_and_free_text_cannot_be_compared() -> None:
    def of(resources: object) -> Target:
        found = mitigation(target={"statement": "S", "resources": resources}).target
        assert found is not None
        return found

    less, more = {"hours": 80, "access": "api"}, {"hours": 100, "access": "weights", "people": 2}
    assert loosened(of(less), of(more)) == []
    assert len(loosened(of(more), of(less))) == 3
    assert loosened(of("two weeks"), of(less)) != []
