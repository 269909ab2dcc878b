"""A person gives up an evaluation run with a reason; it hides nothing."""

from collections.abc import Callable

import pytest

from tests.lab import Lab
from tests.sweep.run_lab import (
    REGISTER,
    again_nothing,
    hand_over,
    lab_with_runs,
    register_run,
    states,
    workflows,
)


@pytest.fixture
def ours(make_lab: Callable[..., Lab]) -> Lab:
    return lab_with_runs(make_lab)


@pytest.fixture
def opened(ours: Lab) -> Lab:
    ours.register(REGISTER.replace(b"last_assessed: 2026-11-01\n    target", b"target"))
    ours.fine()
    return ours


@pytest.mark.long
def test_a_person_gives_up_a_run_with_a_reason_and_it_stays_in_the_record(opened: Lab) -> None:
    number = workflows(opened).start()
    register_run(opened, number)
    opened.fine()
    opened.say("auditor", 1, f"/reassay abandon {number}-1-evaluate because it looks bad")
    opened.fine()
    assert states(opened) == [("open", "workflow-run")]
    opened.say("red-team-lead", 1, f"/reassay abandon {number}-1-evaluate because the provider withdrew the model")
    opened.fine()
    assert "gave up the evaluation run" in str(opened.repo.issue(1).comments[-1].body)
    assert states(opened) == [("abandoned", "workflow-run")]
    again_nothing(opened)


def test_a_result_that_comes_after_its_run_was_given_up_counts(opened: Lab) -> None:
    number = workflows(opened).start()
    register_run(opened, number)
    opened.fine()
    opened.say("red-team-lead", 1, f"/reassay abandon {number}-1-evaluate because it looks bad")
    opened.fine()
    # Also where no criterion asks for runs, its workflow is asked about until it is over.
    without = REGISTER.replace(b", provenance: workflow-run", b"").replace(
        b"last_assessed: 2026-11-01\n    target", b"target"
    )
    opened.register(without)
    hand_over(opened, number)
    assert states(opened) == [("result", "workflow-run")]


def test_a_run_that_was_given_up_is_settled_when_its_workflow_is_over(opened: Lab) -> None:
    number = workflows(opened).start()
    register_run(opened, number)
    opened.fine()
    opened.say("red-team-lead", 1, f"/reassay abandon {number}-1-evaluate because it looks bad")
    opened.fine()
    workflows(opened).finish(number)
    assert states(opened) == [("abandoned", "workflow-run")]
    again_nothing(opened)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("1-1-nothing because x", "is not a run of this mitigation"),
        ("because x", "write the id of one run"),
        ("1-1-a", "reason"),
    ],
)
def test_a_run_that_cannot_be_given_up_is_said(opened: Lab, words: str, answer: str) -> None:
    opened.say("red-team-lead", 1, f"/reassay abandon {words}")
    opened.fine()
    assert answer in str(opened.repo.issue(1).comments[-1].body)
