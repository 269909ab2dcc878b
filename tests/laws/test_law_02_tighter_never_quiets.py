"""Law 2, direction: a change that is called tighter never makes a trigger stop that fired before it."""

import json
from functools import cache

import pytest

from reassay.assessment.cells import AssessmentInput, assess
from reassay.changes import compare
from reassay.changes.base import Direction
from reassay.ledger.history import History
from reassay.register.register import KINDS, Register, RegisterObject
from tests.laws.full_documents import CONFIGURATION, DOCUMENTS
from tests.laws.mutations import Mutation, every_mutation
from tests.make import TODAY, at, commitment, deployment, mitigation, register


@cache
def objects() -> dict[str, RegisterObject]:
    """Every object of the documents, by kind and id; the last of those with one id."""
    found: dict[str, RegisterObject] = {}
    for kind, document in DOCUMENTS:
        if kind != CONFIGURATION:
            found[f"{kind}/{document['id']}"] = KINDS[kind].model_validate_json(json.dumps(document))
    return found


def fired(whole: Register) -> dict[str, set[str]]:
    """By subject, the kinds of triggers that fire for any of its cells."""
    cells = assess(AssessmentInput(whole, History(), {}, at(TODAY)))
    kinds: dict[str, set[str]] = {}
    for cell in cells:
        kinds.setdefault(cell.subject, set()).update(result.kind for result in cell.fired)
    return kinds


@cache
def fired_with(kind: str, document: str) -> dict[str, set[str]]:
    """What fires in the whole register with this object in the place of the one of its id."""
    value = KINDS[kind].model_validate_json(document)
    return fired(register(*{**objects(), f"{kind}/{value.id}": value, "untried": mitigation("untried")}.values()))


def tighter_mutations() -> list[Mutation]:
    return [
        mutation
        for mutation, changes, _ in every_mutation()
        if mutation.kind != CONFIGURATION and {change.direction for change in changes} == {Direction.TIGHTER}
    ]


def test_no_tighter_mutation_stops_a_trigger() -> None:
    quieter = []
    found = tighter_mutations()
    assert len(found) > 20
    for mutation in found:
        then, now = (fired_with(mutation.kind, json.dumps(document)) for document in (mutation.before, mutation.after))
        assert "never-assessed" in then["untried"]
        quieter += [
            (mutation.place, name, then[name] - now.get(name, set()))
            for name in then
            if then[name] - now.get(name, set())
        ]
    assert quieter == []


@pytest.mark.parametrize(
    "own",
    [
        {"kind": "deployment-change", "of": ["region"]},
        {"kind": "incident-severity", "at_least": "critical", "kinds": ["hazard"]},
        {"kind": "all", "of": [{"kind": "new-information"}, {"kind": "drift"}]},
    ],
)
def test_a_trigger_that_takes_the_place_of_a_default_is_looser(own: dict[str, object]) -> None:
    before, after = (
        register(mitigation(reassess={"triggers": triggers}), deployment())
        for triggers in ([{"kind": "evidence-stale", "older_than": "1 year"}], [{"kind": "evidence-stale", "older_than": "1 year"}, own])
    )  # fmt: skip
    assert {change.direction for change in compare(before, after, TODAY)} == {Direction.LOOSER}


def test_the_first_clock_of_a_commitment_is_looser_because_it_was_due_at_once() -> None:
    change = [{"kind": "model-change"}]
    clock = [*change, {"kind": "interval", "every": "90 years"}]
    before, after = (
        register(commitment(triggers=triggers, in_force_from="2026-11-01", subject={"kind": "framework"}))
        for triggers in (change, clock)
    )
    assert [fired(side)["promise"] for side in (before, after)] == [{"never-assessed"}, set()]
    assert {each.direction for each in compare(before, after, TODAY)} == {Direction.LOOSER}
