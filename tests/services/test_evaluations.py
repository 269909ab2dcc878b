"""How often a sweep evaluates the cells of a register."""

import pytest

from reassay.assessment import cells
from reassay.assessment.triggers.base import TriggerInput
from tests.lab import Lab


def test_a_sweep_with_nothing_to_do_evaluates_each_cell_once(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.fine()
    counted: list[tuple[str, str]] = []
    evaluate = cells.status_of

    def counting(facts: TriggerInput, *others: object) -> cells.CellStatus:
        counted.append((facts.subject.id, facts.cell))
        return evaluate(facts, *others)  # type: ignore[arg-type] # handed on as given

    monkeypatch.setattr(cells, "status_of", counting)
    assert lab.fine().done == ()
    assert sorted(counted) == [("jailbreak-filter", "*"), ("staff-training", "*")]
