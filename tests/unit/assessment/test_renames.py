"""A renamed mitigation keeps its history; a former id is never anybody else's."""

from datetime import date
from pathlib import Path

import pytest

from reassay.assessment.cells import State, assess
from reassay.ledger.entry import Superseded
from reassay.register.files import WorkingTree, read_register
from tests.make import Story, mitigation, register


def decided_story() -> Story:
    story = Story(register(mitigation("old-name")))
    story.sweep()
    story.conclude("old-name")
    return story


def test_history_follows_a_renamed_id() -> None:
    story = decided_story()
    story.register = register(mitigation("new-name", formerly=["older-name", "old-name"]))
    cell = assess(story.assessment_input)[0]
    assert (cell.state, cell.due, cell.effectiveness) == (State.CURRENT, date(2027, 6, 1), "effective")
    assert story.sweep() == ()


def test_without_the_former_id_the_new_one_was_never_assessed() -> None:
    story = decided_story()
    story.register = register(mitigation("new-name"))
    assert assess(story.assessment_input)[0].state is State.UNASSESSED


def test_an_open_reassessment_goes_on_under_the_new_name() -> None:
    story = Story(register(mitigation("old-name")))
    story.sweep()
    story.register = register(mitigation("new-name", formerly=["old-name"]))
    assert story.sweep() == ()
    story.conclude("new-name")
    assert assess(story.assessment_input)[0].state is State.CURRENT
    story.register = register(mitigation("new-name"))
    assert not any(isinstance(body, Superseded) for body in story.sweep())


def test_an_id_in_use_takes_nobodys_history() -> None:
    story = decided_story()
    story.register = register(mitigation("old-name"), mitigation("thief", formerly=["old-name"]))
    states = {cell.subject: cell.state for cell in assess(story.assessment_input)}
    assert states == {"old-name": State.CURRENT, "thief": State.UNASSESSED}


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (
            "  - {id: a, title: A, owner: x, assessor: y, every: 1 year}\n  - {id: b, title: B, owner: x, assessor: y, every: 1 year, formerly: [a]}\n",
            "former-id-in-use",
            3,
        ),
        (
            "  - {id: a, title: A, owner: x, assessor: y, every: 1 year, formerly: [z]}\n  - {id: b, title: B, owner: x, assessor: y, every: 1 year, formerly: [z]}\n",
            "former-id-twice",
            3,
        ),
    ],
)
def test_check_names_the_line_of_a_former_id_that_cannot_be(tmp_path: Path, text: str, code: str, line: int) -> None:
    (tmp_path / "framework").mkdir()
    (tmp_path / "framework" / "m.yml").write_text(f"mitigations:\n{text}")
    (finding,) = read_register(WorkingTree(tmp_path)).findings
    assert (finding.code, finding.at.line) == (code, line)
