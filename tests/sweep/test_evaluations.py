"""How often a run compares registers and evaluates cells: counted, never timed."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from reassay.assessment.rules import evaluate_all
from reassay.assessment.triggers.base import TriggerInput
from reassay.changes import compare
from tests.gate_lab import API, AUDIO, FILES, MITIGATIONS, GateLab
from tests.lab import Lab

CELLS = {("filter", "public-api"), ("monitor", "public-api"), ("monitor", "staff-app"), ("training", "public-api")}

FILTER = ("filter", "public-api")
"""Wants a decision before a change, and nothing says what its imported assessment was about: compared with the base as well."""
BEFORE_AND_AFTER = Counter(dict.fromkeys(CELLS, 2))


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

    def counted_compare(*sides: object) -> object:
        found.compared += 1
        return compare(*sides)  # type: ignore[arg-type] # passed on as they are

    def counted_evaluation(facts: TriggerInput, rules: object) -> object:
        found.evaluated[facts.subject.id, facts.cell] += 1
        return evaluate_all(facts, rules)  # type: ignore[arg-type] # same

    monkeypatch.setattr("reassay.gate.comparison.compare", counted_compare)
    for module in ("reassay.assessment.cells", "reassay.gate.base_results"):
        monkeypatch.setattr(f"{module}.evaluate_all", counted_evaluation)
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
        assert counts.evaluated == BEFORE_AND_AFTER | {FILTER: 3}, event
    assert gate.kinds().count("opened") == 1


@pytest.mark.long
def test_what_the_same_pull_request_changes_as_well_is_judged_by_the_base_too(
    make_lab: Callable[..., Lab], counts: Counts
) -> None:
    apart = b"[]".join(MITIGATIONS.rsplit(b"[misuse]", 1))  # training works against another threat
    gate = GateLab.of(make_lab({**FILES, "framework/mitigations.yml": apart}))
    gate.lab.fine()
    shorter = apart.replace(b"every: 1 year", b"every: 6 months", 1)
    number = gate.propose({API: AUDIO, "framework/mitigations.yml": shorter})
    counts.clear()
    gate.lab.fine(pull=number)
    assert counts.compared == 1
    monitor = {cell: 3 for cell in CELLS if cell[0] == "monitor"}  # it shares a threat with the filter
    assert counts.evaluated == BEFORE_AND_AFTER | monitor | {FILTER: 5}


@pytest.mark.long
def test_a_sign_off_changes_no_cell_and_is_in_the_verdict_of_the_same_event(gate: GateLab, counts: Counts) -> None:
    number = gate.propose({API: AUDIO})
    before = gate.judge(number).summary
    gate.lab.later(minutes=2)
    gate.lab.say("red-team-lead", number, "/reassay signoff 1")
    counts.clear()
    gate.lab.fine(pull=number)
    assert counts.compared == 1
    assert counts.evaluated == BEFORE_AND_AFTER | {FILTER: 3}
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
