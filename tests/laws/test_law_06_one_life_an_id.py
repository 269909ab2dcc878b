"""Law 6: an id has one life. What was removed is never inherited, and a rename is one to one."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassay.assessment.cells import State, assess
from reassay.assessment.ended_ids import removed_ids, reused_ids, spent_ids
from reassay.changes import compare
from reassay.changes.base import Direction
from reassay.changes.renames import merged_id_findings
from reassay.ledger.sweep_records import Removed
from reassay.register.mitigation import Mitigation
from tests.make import TODAY, Story, mitigation, register

NAMES = ("a", "b", "c", "d")


@dataclass
class Lives:
    """A register that people edit, its ledger, and for each mitigation the records of its own life."""

    story: Story = field(default_factory=lambda: Story(register(mitigation("keeper"))))
    present: dict[str, Mitigation] = field(default_factory=dict)
    own: dict[str, set[str]] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()

    def sweep(self) -> None:
        valid = [own for name, own in self.present.items() if name not in self.broken]
        self.story.register = replace(
            register(mitigation("keeper"), *valid), broken={"mitigation": self.broken} if self.broken else {}
        )
        self.story.move_to(self.story.now.date() + timedelta(days=1))
        self.story.sweep()
        for body in removed_ids(self.story.assessment_input):
            self.story.add(body)
        assert removed_ids(self.story.assessment_input) == (), "a second sweep writes nothing"

    def add(self, name: str) -> None:
        # `check` and the gate refuse the id that another mitigation had before.
        if name not in self.present and not any(name in own.formerly for own in self.present.values()):
            self.present[name], self.own[name] = mitigation(name), set()

    def remove(self, name: str) -> None:
        self.present.pop(name, None)
        self.own.pop(name, None)

    def rename(self, name: str, other: str) -> None:
        # An id that had a life before is not what is tried here: the gate and every sweep refuse it.
        used = {opened.subject for opened in self.story.opened()} | {*self.own}
        if name in self.present and other not in used:
            before = self.present.pop(name)
            self.present[other] = mitigation(other, formerly=[*before.formerly, name])
            self.own[other] = self.own.pop(name)

    def decide(self, name: str) -> None:
        opened = self.story.assessment_input.history.open_for(name)
        if name in self.present and name not in self.broken and opened is not None:
            self.story.conclude(name)
            self.own[name].add(opened.id)

    def check(self) -> None:
        for cell in assess(self.story.assessment_input):
            if cell.subject in self.own and cell.last is not None:
                assert cell.last.record in self.own[cell.subject], cell


STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "remove", "rename", "decide", "break", "mend"]), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    max_size=14,
)  # fmt: skip


@given(STEPS)
def test_whatever_people_do_nothing_is_inherited_from_another_life(steps: list[tuple[str, str, str]]) -> None:
    lives = Lives()
    lives.sweep()
    for what, name, other in steps:
        match what:
            case "add" | "remove":
                {"add": lives.add, "remove": lives.remove}[what](name)
            case "rename":
                lives.rename(name, other)
            case "decide":
                lives.decide(name)
            case "break":
                lives.broken |= {name} & lives.present.keys()
            case _:
                lives.broken = frozenset()
        lives.broken &= frozenset(lives.present)
        lives.sweep()
        lives.check()


def decided() -> Story:
    story = Story(register(mitigation("filter"), mitigation("other")))
    story.sweep()
    story.conclude("filter")
    return story


def swept(story: Story) -> tuple[Removed, ...]:
    found = removed_ids(story.assessment_input)
    for body in found:
        story.add(body)
    return found


@pytest.mark.parametrize("how", ["again", "formerly", "imported"])
def test_an_id_that_was_removed_reads_unassessed_and_says_why(how: str) -> None:
    story = decided()
    story.register = register(mitigation("other"))
    assert [body.subjects for body in swept(story)] == [("filter",)]
    again = {
        "again": mitigation("filter", every="90 years"),
        "formerly": mitigation("toy", formerly=["filter"], every="90 years"),
        "imported": mitigation("filter", every="90 years", last_assessed="2026-11-30"),
    }[how]
    story.register = register(mitigation("other"), again)
    cell = next(cell for cell in assess(story.assessment_input) if cell.subject == again.id)
    assert (cell.state, cell.effectiveness) == (State.UNASSESSED, "unassessed")
    assert "the id filter was used before: it was removed on 2026-12-01 (entry 4)" in cell.reason
    assert reused_ids(story.assessment_input) == {again.id: "filter"}
    # It may be assessed in its own right; the message stays until it has another id.
    story.sweep()
    story.conclude(again.id)
    cell = next(cell for cell in assess(story.assessment_input) if cell.subject == again.id)
    assert cell.last is not None
    assert cell.last.record != "R-2026-001"


def test_records_of_an_ended_life_are_about_nobody() -> None:
    story = decided()
    before = story.assessment_input.history
    assert before.present("filter", 1) == "filter"
    story.register = register(mitigation("other"))
    swept(story)
    after = story.assessment_input.history
    assert after.present("filter", 1) == "filter (removed)"
    assert after.present("filter", after.seq + 1) == "filter"


UNREAD = {
    "the mitigation": replace(register(mitigation("other")), broken={"mitigation": frozenset({"filter"})}),
    "the configuration": replace(register(mitigation("other")), configuration_is_broken=True),
    "everything": register(),
}


@pytest.mark.parametrize("what", UNREAD)
def test_what_cannot_be_read_for_a_while_keeps_its_life(what: str) -> None:
    story = decided()
    story.register = UNREAD[what]
    assert swept(story) == ()
    story.register = register(mitigation("filter"), mitigation("other"))
    assert next(cell for cell in assess(story.assessment_input) if cell.subject == "filter").state is State.CURRENT


def test_a_rename_ends_no_life() -> None:
    story = decided()
    story.register = register(mitigation("input-filter", formerly=["filter"]), mitigation("other"))
    assert swept(story) == ()
    assert spent_ids(story.assessment_input) == frozenset()


def test_of_two_former_ids_one_is_a_rename_and_the_other_a_removal() -> None:
    before = register(mitigation("filter"), mitigation("training"))
    after = register(mitigation("both", formerly=["filter", "training"]))
    changes = compare(before, after, TODAY)
    assert {(change.name, change.change) for change in changes} >= {("both", "renamed"), ("training", "removed")}
    assert any(change.direction is Direction.LOOSER and change.name == "training" for change in changes)
    assert [finding.code for finding in merged_id_findings(before, after)] == ["merged-history"]


def test_a_rename_alone_is_neutral_and_taking_over_a_history_is_not() -> None:
    before = register(mitigation("filter"), mitigation("other"))
    renamed = register(mitigation("input-filter", formerly=["filter"], title="The filter"), mitigation("other"))
    assert {change.direction for change in compare(before, renamed, TODAY)} == {Direction.NEUTRAL}
    assert list(merged_id_findings(before, renamed)) == []
    claimed = register(mitigation("other", formerly=["filter"]))
    assert {change.direction for change in compare(before, claimed, TODAY)} == {Direction.LOOSER}
    assert [finding.code for finding in merged_id_findings(before, claimed)] == ["merged-history"]
    (new,) = compare(register(), register(mitigation("toy", formerly=["gone"])), TODAY)
    assert (new.direction, new.why) == (Direction.LOOSER, "it claims the history of another id")


ENDS = st.sampled_from(["a", "b", "c", "d", "x", "y"])


@given(
    st.dictionaries(st.sampled_from(["a", "b"]), st.sets(st.sampled_from(["x", "y"])), min_size=1),
    st.dictionaries(ENDS, st.sets(ENDS, max_size=3), min_size=1, max_size=3),
)
def test_a_former_id_stays_with_the_mitigation_that_was_renamed_from_it(
    before: dict[str, set[str]], after: dict[str, set[str]]
) -> None:
    """Whatever a merge does with former ids: no object ends up with the lives of two, and none takes that of a living one."""
    if len(set().union(*before.values())) < sum(map(len, before.values())):
        return
    own = {name: former - {name} for name, former in after.items()}
    base = register(*(mitigation(name, formerly=sorted(former)) for name, former in before.items()))
    merged = register(*(mitigation(name, formerly=sorted(former)) for name, former in own.items()))
    life = {old: name for name, former in before.items() for old in (*former, name)}
    lives = {
        name: {
            life[old] for old in (*former, name) if old in life and (old not in before.get(name, ()) or name in life)
        }
        for name, former in own.items()
    }
    stolen = {name for name, of in lives.items() if len(of) > 1}
    found = {finding.message.split("'")[1] for finding in merged_id_findings(base, merged)}
    assert stolen <= found, (before, own)


def test_a_former_id_does_not_move_to_another_mitigation() -> None:
    before = register(mitigation("filter", formerly=["old"]), mitigation("training"))
    moved = register(mitigation("filter"), mitigation("training", formerly=["old"]))
    assert [finding.code for finding in merged_id_findings(before, moved)] == ["merged-history"]
    onward = register(mitigation("filter-2", formerly=["old", "filter"]), mitigation("training"))
    assert list(merged_id_findings(before, onward)) == []
