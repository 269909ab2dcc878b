"""What commitments in force ask of a mitigation joins its own, in order and without loss; asking less takes a signature."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassay.approvals.approvals import of_reassessment
from reassay.approvals.proposal import Proposal
from reassay.assessment.authority import assessors
from reassay.assessment.cells import AssessmentInput
from reassay.gate.decide import decide
from reassay.gate.input import GateInput
from reassay.ledger.history import History
from reassay.register.register import Register
from tests.make import TODAY, Story, at, commitment, deployment, mitigation, register

ROLES = ("board", "chief", "safety-lead")
STEPS = st.lists(st.sampled_from(ROLES).map(lambda role: {"role": role}), max_size=3)
DAYS = st.none() | st.integers(-3, 3).map(lambda count: TODAY + timedelta(days=count))


@given(
    own=STEPS,
    asked=st.lists(st.tuples(STEPS, DAYS, st.sampled_from([["filter"], ["other"], []])), max_size=4),
)
def test_the_rows_are_the_steps_of_the_mitigation_then_those_of_each_commitment_in_force(
    own: list[dict[str, str]], asked: list[tuple[list[dict[str, str]], date | None, list[str]]]
) -> None:
    promises = [
        commitment(
            f"c-{number}", approval=steps, in_force_from=day, subject={"kind": "mitigation", "selector": {"ids": ids}}
        )
        for number, (steps, day, ids) in enumerate(asked)
    ]
    # The order in which they are written says nothing.
    story = Story(register(*reversed(promises), mitigation(approval=own), mitigation("other"), mode="record"))
    story.sweep()
    opened = story.assessment_input.history.open_for("filter")
    assert opened is not None
    approvals = of_reassessment(opened, story.assessment_input, story.objects)
    assert approvals is not None
    expected: list[tuple[str, str | None]] = [(step["role"], None) for step in own]
    for number, (steps, day, ids) in enumerate(asked):
        if ids != ["other"] and (day is None or day <= TODAY):
            expected += [(step["role"], f"c-{number}") for step in steps]
    assert [(row.requirement.roles[0], row.requirement.asked_by) for row in approvals.steps] == expected
    assert len({row.requirement.id for row in approvals.rows}) == len(approvals.rows), "each row can be named"


ASKS: dict[str, object] = {
    "subject": {"kind": "mitigation", "selector": {"audiences": ["external"]}},
    "approval": [{"role": "board"}, {"role": "chief", "min": 2, "excludes": ["owner"]}],
    "checklist": [{"id": "read", "text": "Was it read?"}],
    "outputs": [{"what": "report"}],
    "deadlines": [{"anchor": "aware", "count": 15, "unit": "days"}],
    "assessor": None,
}
FILTER = mitigation(deployments=["api"], last_assessed="2026-11-01", every="1 year")


def gate(base: Register, merged: Register) -> GateInput:
    return GateInput(
        Proposal("main", "0" * 40, "1" * 40, base, merged), AssessmentInput(base, History(), {}, at(TODAY))
    )


def rows_of(
    base: Register, merged: Register, about: str = "mitigation/filter"
) -> list[tuple[tuple[str, ...], str | None]]:
    rows = decide(gate(base, merged)).rows
    return [(row.requirement.roles, row.requirement.asked_by) for row in rows if row.requirement.about == about]


def holding(*, audience: object = "external", **asks: object) -> Register:
    return register(FILTER, deployment("api", audience=audience), commitment(**(ASKS | asks)), mode="enforce")


@pytest.mark.parametrize(
    "cut",
    [
        {"approval": [{"role": "board"}]},
        {"approval": [{"role": "board"}, {"role": "chief", "min": 1, "excludes": ["owner"]}]},
        {"approval": [{"role": "board"}, {"role": "chief", "min": 2}]},
        {"checklist": []},
        {"outputs": []},
        {"deadlines": []},
        {"subject": {"kind": "mitigation", "selector": {"ids": ["another"]}}},
        {"in_force_from": "2027-06-01"},
        {"audience": "internal"},
        {"assessor": "attacker"},
    ],
)
def test_asking_a_mitigation_for_less_needs_a_signature_for_that_mitigation(cut: dict[str, object]) -> None:
    rows = rows_of(holding(), holding(**cut))
    assert (("red-team-lead",), None) in rows, "whoever assesses it"
    assert [row for row in rows if row[1]] == [(("board",), "promise"), (("chief",), "promise")], "as on the base"


def test_a_change_that_asks_for_no_less_needs_none() -> None:
    more = {"approval": [{"role": "board", "min": 2}, {"role": "chief", "min": 2, "excludes": ["owner", "author"]}]}
    assert rows_of(holding(), holding(**more)) == []


def test_a_loosened_mitigation_has_the_steps_of_commitments_beside_those_it_had() -> None:
    base = holding()
    looser = FILTER.model_copy(update={"title": "Another thing"})
    entry = replace(
        base.mitigations["filter"], value=looser, written={**base.mitigations["filter"].written, "title": "A"}
    )
    rows = rows_of(base, replace(base, mitigations={"filter": entry}))
    assert rows == [(("red-team-lead",), None), (("board",), "promise"), (("chief",), "promise")]


def test_a_commitment_never_makes_the_owner_an_assessor() -> None:
    alone = mitigation(assessor=None)
    both = register(
        alone, commitment(subject={"kind": "mitigation"}, assessor=None, assessors=["safety-lead", "auditor"])
    )
    assert assessors(alone, both, TODAY) == ("auditor",)
    only = register(alone, commitment(subject={"kind": "mitigation"}, assessor=None, assessors=["safety-lead"]))
    assert assessors(alone, only, TODAY) == ("safety-lead",), "self-assessed, as the record says"
