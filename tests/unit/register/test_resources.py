"""Resources of adversaries and of testers are compared, and what cannot be compared is never a match."""

import json

import pytest
from pydantic import ValidationError

from reassay.register.evidence_item import EvidenceItem
from reassay.register.resources import Resources, budget_of, compared, order_of
from reassay.register.threat_model import ThreatModel
from tests.make import made

ACTOR = {"hours": 80, "people": 2, "budget": "1000 GBP", "access": "api", "expertise": "expert"}


def resources(**fields: object) -> Resources:
    return Resources.model_validate_json(json.dumps(fields))


@pytest.mark.parametrize(
    ("dimension", "left", "right", "order"),
    [
        ("hours", 80, 80.0, 0),
        ("hours", 79.5, 80, -1),
        ("people", 3, 2, 1),
        ("budget", "1000 GBP", "999.99 GBP", 1),
        ("budget", "1000.00 GBP", "1000 GBP", 0),
        ("budget", "9999 EUR", "1 GBP", None),
        ("access", "weights", "fine-tuning", 1),
        ("access", "app", "api", -1),
        ("expertise", "layperson", "technical-non-expert", -1),
        ("expertise", None, "expert", None),
        ("hours", 80, None, None),
    ],
)
def test_one_side_is_less_as_much_or_more_or_not_comparable(
    dimension: str, left: object, right: object, order: int | None
) -> None:
    assert order_of(dimension, left, right) == order
    assert order_of(dimension, right, left) == (None if order is None else -order)


def test_what_a_test_does_not_state_is_not_shown() -> None:
    rows = compared(resources(**ACTOR), [resources(hours=100, budget="5000 EUR", access="app")])
    assert [(row.dimension, row.matches) for row in rows] == [
        ("hours", True),
        ("people", None),
        ("budget", None),
        ("access", False),
        ("expertise", None),
    ]
    assert [row.words for row in rows] == [
        "80 hours: matched by 100 hours",
        "2 people: not stated by any evidence",
        "1000 GBP: evidence says 5000 EUR, which cannot be compared",
        "access api: not matched by access app",
        "expertise expert: not stated by any evidence",
    ]


def test_resources_of_several_tests_are_not_added_up() -> None:
    rows = compared(resources(hours=80, access="api"), [resources(hours=100), resources(access="api")])
    assert [row.matches for row in rows].count(True) == 1
    both = compared(resources(hours=80, access="api"), [resources(hours=100), resources(hours=80, access="api")])
    assert all(row.matches for row in both)


def test_without_a_test_nothing_is_matched() -> None:
    assert [row.matches for row in compared(resources(**ACTOR), [])] == [None] * 5


@pytest.mark.parametrize(
    "fields", [{}, {"hours": 0}, {"hours": "NaN"}, {"budget": "1000"}, {"budget": "GBP 1000"}, {"access": "root"}]
)
def test_resources_that_say_nothing_or_are_not_understood_are_errors(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        resources(**fields)


@pytest.mark.parametrize(("words", "budget"), [("1,000 gbp", "1000 GBP"), ("12.5 EUR", "12.5 EUR"), ("much", None)])
def test_a_budget_in_words(words: str, budget: str | None) -> None:
    assert budget_of(words) == budget


def test_threat_models_and_evidence_state_them_alike_and_old_text_stays_readable() -> None:
    threat, old = (made(ThreatModel, id="misuse", resources=stated) for stated in (ACTOR, "1000 GBP and two weeks"))
    item = made(
        EvidenceItem,
        id="ev",
        method="test",
        performed_by="lab",
        performed_at="2026-06-01",
        finding="F",
        resources=ACTOR,
    )
    assert threat.resources == item.resources == resources(**ACTOR)
    assert old.resources == "1000 GBP and two weeks"
