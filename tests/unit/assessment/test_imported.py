"""Imported history anchors the next date, is never shown as verified, and never outranks what was decided here."""

from datetime import date

import pytest

from reassay.assessment.cells import CellStatus, State, assess
from reassay.register.past_assessment import PastAssessment
from tests.make import TODAY, Story, commitment, deployment, made, mitigation, model, register

SHA = f"sha256:{'0' * 64}"


def past(on: str, name: str = "a", **fields: object) -> PastAssessment:
    source = {"file": "past.csv", "sha256": SHA, "row": 2}
    return made(PastAssessment, id=name, **({"mitigation": "filter", "assessed_on": on, "attestor": "safety-lead", "source": source} | fields))  # fmt: skip


def cell(*objects: PastAssessment, **fields: object) -> CellStatus:
    return assess(Story(register(mitigation(**fields), *objects)).assessment_input)[0]


@pytest.mark.parametrize(
    ("objects", "state", "due", "effectiveness"),
    [
        (
            [past("2026-10-01", decision="effective")],
            State.CURRENT,
            date(2027, 4, 1),
            "effective (imported, not verified)",
        ),
        ([past("2026-10-01")], State.CURRENT, date(2027, 4, 1), "imported, not verified"),
        (
            [past("2026-10-01", decision="degraded")],
            State.DEGRADED,
            date(2027, 4, 1),
            "degraded (imported, not verified)",
        ),
        ([past("2026-10-01", decision="inconclusive")], State.UNASSESSED, TODAY, "unassessed"),
        ([past("2026-12-02", decision="effective")], State.UNASSESSED, TODAY, "unassessed"),
        ([past("2026-05-01"), past("2026-10-01", "b")], State.CURRENT, date(2027, 4, 1), "imported, not verified"),
        (
            [past("2026-05-01", decision="effective")],
            State.OVERDUE,
            date(2026, 11, 1),
            "was effective on 2026-05-01 (imported, not verified)",
        ),
        ([past("2026-10-01", mitigation="old-filter")], State.CURRENT, date(2027, 4, 1), "imported, not verified"),
    ],
    ids=["effective", "unknown result", "degraded", "inconclusive", "to come", "newest", "overdue", "renamed"],
)
def test_the_newest_one_anchors(objects: list[PastAssessment], state: State, due: date, effectiveness: str) -> None:
    found = cell(*objects, formerly=["old-filter"])
    assert (found.state, found.due, found.effectiveness) == (state, due, effectiveness)


def test_it_counts_only_for_the_deployments_it_covered() -> None:
    api, lab = deployment("public-api"), deployment("lab")
    covered = past("2026-10-01", deployments=["public-api"])
    found = assess(Story(register(mitigation(deployments=["public-api", "lab"]), api, lab, covered)).assessment_input)
    assert {each.cell: each.state for each in found} == {"public-api": State.CURRENT, "lab": State.UNASSESSED}


def test_one_of_another_version_makes_the_mitigation_due() -> None:
    found = cell(past("2026-10-01", version=1), version=2)
    assert found.state is State.TRIGGERED
    assert "version 2 is in force" in found.reason


def test_a_light_one_does_not_stand_for_a_full_one() -> None:
    yearly = {"every": None, "reassess": {"every": "1 year", "depth": "full"}}
    light = cell(past("2026-10-01", depth="light"), **yearly)
    assert "never assessed in full" in light.reason
    assert cell(past("2026-10-01", depth="full"), **yearly).due == date(2027, 10, 1)


def test_what_was_decided_here_outranks_any_import() -> None:
    story = Story(register(mitigation(), past("2026-01-01", decision="ineffective")))
    story.sweep()
    story.conclude("filter")
    story.register = register(mitigation(), past("2026-11-30", decision="ineffective"))
    assert assess(story.assessment_input)[0].effectiveness == "effective"


def test_a_promise_about_models_has_a_history_of_each() -> None:
    promise = commitment("promise", subject={"kind": "model"}, triggers=[{"kind": "interval", "every": "6 months"}])
    old = past("2026-09-01", mitigation="promise", models=["titan"])
    new = past("2026-11-01", "b", mitigation="promise", models=["atlas"])
    cells = assess(Story(register(promise, model("titan"), model("atlas"), model("later"), old, new)).assessment_input)
    assert [(own.cell, own.due) for own in cells] == [
        ("atlas", date(2027, 5, 1)), ("later", TODAY), ("titan", date(2027, 3, 1)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("deployed", "models", "counts"),
    [("titan", ["titan"], True), ("titan", ["atlas"], False), ("titan", [], True), (None, ["titan"], False)],
    ids=["its model", "another model", "all", "an unknown model"],
)
def test_of_a_mitigation_it_counts_where_every_model_was_assessed(
    deployed: str | None, models: list[str], *, counts: bool
) -> None:
    api = deployment("public-api", **({"model": deployed} if deployed else {}))
    what = register(mitigation(deployments=["public-api"]), api, past("2026-10-01", models=models))
    (only,) = assess(Story(what).assessment_input)
    assert (only.state is State.CURRENT) is counts
