"""How often a run compares registers and evaluates cells: counted, never timed."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from reassay.assessment import cells
from reassay.changes import compare
from tests.gate_lab import API, AUDIO, FILES, GateLab
from tests.lab import Lab

CELLS = {("filter", "public-api"), ("monitor", "public-api"), ("monitor", "staff-app"), ("training", "public-api")}


@dataclass
class Counts:
    """What was computed since `clear`."""

    compared: int = 0
    evaluated: Counter[tuple[str, str]] = field(default_factory=Counter)

    def clear(self) -> None:
        self.compared = 0
        self.evaluated.clear()


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Counts:
    found = Counts()
    trigger_input = cells.trigger_input

    def counted_compare(*sides: object) -> object:
        found.compared += 1
        return compare(*sides)  # type: ignore[arg-type] # passed on as they are

    def counted_trigger_input(subject: object, cell: str, assessment_input: object) -> object:
        found.evaluated[subject.id, cell] += 1  # type: ignore[attr-defined] # passed on as it is
        return trigger_input(subject, cell, assessment_input)  # type: ignore[arg-type] # same

    monkeypatch.setattr("reassay.gate.comparison.compare", counted_compare)
    monkeypatch.setattr(cells, "trigger_input", counted_trigger_input)
    return found


@pytest.fixture
def gate(make_lab: Callable[..., Lab]) -> GateLab:
    gate = GateLab.of(make_lab(dict(FILES)))
    gate.lab.fine()
    return gate


@pytest.mark.long
def test_a_pull_request_event_compares_once_and_evaluates_each_cell_before_and_after(
    gate: GateLab, counts: Counts
) -> None:
    number = gate.propose({API: AUDIO})
    for event in ("opened: a re-assessment is claimed and its issue created", "the same again: nothing to do"):
        counts.clear()
        gate.lab.later(minutes=1)
        gate.lab.fine(pull=number)
        assert counts.compared == 1, event
        assert counts.evaluated.keys() == CELLS, event
        assert max(counts.evaluated.values()) == 2, (event, counts.evaluated)
    assert gate.kinds().count("opened") == 1


@pytest.mark.long
def test_a_sign_off_changes_no_cell_and_is_in_the_verdict_of_the_same_event(gate: GateLab, counts: Counts) -> None:
    number = gate.propose({API: AUDIO})
    before = gate.judge(number).summary
    gate.lab.later(minutes=2)
    gate.lab.say("red-team-lead", number, "/reassay signoff 1")
    counts.clear()
    gate.lab.fine(pull=number)
    assert counts.compared == 1
    assert max(counts.evaluated.values()) == 2, counts.evaluated
    assert "change-signed" in gate.kinds()
    assert gate.check(number).summary != before


@pytest.mark.long
def test_a_decision_is_evaluated_again_and_never_judged_by_what_was_before_it(gate: GateLab, counts: Counts) -> None:
    number = gate.propose({API: AUDIO})
    assert "must be decided before the merge" in gate.judge(number).summary
    issue = next(issue.number for issue in gate.lab.repo.issues() if "Input filter" in issue.title)
    gate.decide(issue)
    counts.clear()
    assert "must be decided before the merge" not in gate.judge(number).summary
    assert counts.compared == 2  # two events


def test_a_sweep_with_nothing_to_do_evaluates_each_cell_once(lab: Lab, counts: Counts) -> None:
    lab.fine()
    counts.clear()
    with lab.box.readonly():
        report = lab.fine()
    assert report.done == ()
    assert counts.evaluated == {("jailbreak-filter", "*"): 1, ("staff-training", "*"): 1}
    assert counts.evaluated.keys() == {(cell.subject, cell.cell) for cell in report.cells}
