"""Entries after which cells are not evaluated again: they read as if every cell had been."""

from dataclasses import replace

import pytest

from reassay.assessment.cells import assess
from reassay.ledger.answers import SignedItem
from reassay.ledger.entry import Body, IssueNumber, Joined, Observation, Opened, Proposed, Superseded
from reassay.ledger.pull_requests import (
    ChangeAnswered,
    ChangeDissented,
    ChangeHeld,
    ChangeReleased,
    ChangeSigned,
    ChangeWithdrawn,
)
from tests.make import Story, mitigation, register

DIGEST = f"sha256:{'0' * 64}"
SIGNED = f"signed/1:{DIGEST}"


def story() -> Story:
    """One re-assessment in force, one of a pull request, one mitigation decided, one never assessed."""
    told = Story(register(mitigation("filter"), mitigation("monitor"), mitigation("training")))
    told.sweep()
    told.conclude("monitor")
    opened = told.opened()[0]
    proposed = {"reassessment": "R-2026-090", "proposal": Proposed(pull=7, base="main"), "subject": "training"}
    told.add(opened.model_copy(update=proposed))
    return told


def joined(told: Story, name: str) -> Joined:
    opened: Opened = told.opened()[0]
    return Joined(
        reassessment=name, cells=opened.cells, triggers=opened.triggers, due=opened.opened_on, depth=opened.depth
    )


def bodies(told: Story) -> dict[str, Body]:
    item = SignedItem(item="row", digest=SIGNED)
    return {
        "answered": ChangeAnswered(pull=7, item="row", answer="yes", role="board"),
        "signed": ChangeSigned(pull=7, base="main", head="0" * 40, role="board", says="approve", items=(item,)),
        "withdrawn": ChangeWithdrawn(pull=7, items=("row",)),
        "held": ChangeHeld(pull=7, role="board"),
        "released": ChangeReleased(pull=7, held_seq=1),
        "dissented": ChangeDissented(pull=7, role="board", because=DIGEST),
        "opened from a pull request": told.opened()[-1].model_copy(update={"reassessment": "R-2026-091"}),
        "joined from a pull request": joined(told, "R-2026-090"),
        "issue of a pull request's": Observation(issues=(IssueNumber(reassessment="R-2026-090", issue=3),)),
        "sign of life": Observation(swept=True),
        "issue": Observation(issues=(IssueNumber(reassessment=told.opened()[0].reassessment, issue=4),)),
        "joined": joined(told, told.opened()[0].reassessment),
        "superseded": Superseded(reassessment=told.opened()[0].reassessment, reason="it is gone"),
    }


KEPT = ("answered", "signed", "withdrawn", "held", "released", "dissented", "opened from a pull request",
        "joined from a pull request", "issue of a pull request's", "sign of life")  # fmt: skip


@pytest.mark.parametrize("name", bodies(story()))
def test_cells_read_as_if_all_were_evaluated_again(name: str) -> None:
    told = story()
    before = told.assessment_input
    told.add(bodies(told)[name])
    after = before.after(told.entries[-1:])
    assert after.history == told.assessment_input.history
    assert after.cells == assess(told.assessment_input)
    assert (after.same_cells is before) == (name in KEPT)


def test_one_entry_that_bears_on_cells_is_enough() -> None:
    told = story()
    before = told.assessment_input
    told.add(bodies(told)["held"])
    told.add(bodies(told)["superseded"])
    after = before.after(told.entries[-2:])
    assert after.same_cells is after
    assert after.cells == assess(told.assessment_input) != before.cells


def test_a_snapshot_that_is_new_is_looked_at() -> None:
    told = story()
    before = told.assessment_input
    told.add(bodies(told)["held"])
    assert before.after(told.entries[-1:], {DIGEST: {"deployments": {}}}).same_cells is not before
    assert before.after(told.entries[-1:], {DIGEST: "words"}).same_cells is before


def test_other_facts_have_cells_of_their_own() -> None:
    told = story()
    before = told.assessment_input
    told.add(bodies(told)["held"])
    after = before.after(told.entries[-1:])
    other = replace(after, register=register(mitigation("filter")))
    assert [cell.subject for cell in other.cells] == ["filter"]
