"""Triggers evaluated against the base of a pull request, where the last assessment does not say what it was about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from reassay.assessment.cell_status import CellStatus
from reassay.assessment.cells import AssessmentInput, trigger_input
from reassay.assessment.rules import Rule, evaluate_all
from reassay.assessment.snapshot import snapshot
from reassay.assessment.subjects import cells_of
from reassay.assessment.triggers.base import Fired, LastAssessment
from reassay.assessment.triggers.invalidation_condition import KIND as INVALIDATION

LABEL = "the base, because nothing says what was assessed"


@dataclass(frozen=True)
class BothSides:
    """A pull request's base and its merge result, with the ledger of the default branch."""

    now: AssessmentInput
    then: AssessmentInput

    @cached_property
    def as_recorded(self) -> AssessmentInput:
        """The merge result with the evidence that both sides have: what the pull request adds takes nothing off it."""
        base, merged = self.now.register.evidence_items, self.then.register.evidence_items
        shared = {name: entry for name, entry in base.items() if name in merged and merged[name].value == entry.value}
        if shared.keys() == merged.keys():
            return self.then
        return replace(self.then, register=replace(self.then.register, evidence_items=shared))

    def former(self, subject: str) -> str:
        """The id of a subject in the base."""
        entry = self.then.register.subjects.get(subject)
        names = (subject, *(entry.value.formerly if entry else ()))
        return next((name for name in names if name in self.now.register.subjects), subject)

    def is_new(self, cell: CellStatus) -> bool:
        """Whether the base has no such cell, so that an imported assessment cannot have been about it."""
        entry = self.now.register.subjects.get(self.former(cell.subject))
        return entry is None or cell.cell not in cells_of(entry.value, self.now.register)


def fired_against_base(cell: CellStatus, sides: BothSides) -> Iterator[Fired]:
    """Triggers of a cell of the merge result that fire if the base counts as what was assessed, and that can be asked before.

    A missing snapshot exempts nothing. What the last assessment recorded is kept; only what it does not say comes from the base.
    Evidence that the pull request itself adds takes nothing off it. Triggers that ask for nothing before a merge are not
    evaluated for this.
    """
    former = sides.now.register.subjects.get(sides.former(cell.subject))
    entry = sides.then.register.subjects.get(cell.subject)
    if former is None or entry is None or not cell.results:
        return
    then = sides.as_recorded
    rules = then.rules_of(cell.subject)
    if not ask_before(rules):
        return
    facts = trigger_input(entry.value, cell.cell, then)
    base = snapshot(former.value, (cell.cell,), sides.now.register_index)
    last = facts.last or LastAssessment(facts.today, "imported")
    recorded = last.snapshot or {}
    if last.provenance == "decided" and then is sides.then and base.keys() <= recorded.keys():
        return
    label = "" if last.provenance == "decided" and last.snapshot is not None else LABEL
    version = former.value.version if last.version is None else last.version
    assumed = replace(last, snapshot={**base, **recorded}, version=version, label=label)
    full = assumed if facts.last is None or facts.last_full is facts.last else facts.last_full
    results = evaluate_all(replace(facts, last=assumed, last_full=full), rules)
    yield from (result for result in results if isinstance(result, Fired) and is_asked_before(result))


def ask_before(rules: Sequence[Rule]) -> bool:
    """Whether one of the triggers may ask for a decision before a merge: without one, nothing that fires is asked before."""
    return any(rule.spec.must_complete == "before_change" or rule.spec.kind == INVALIDATION for rule in rules)


def is_asked_before(fired: Fired) -> bool:
    """Whether the register may want a decision about a fired trigger before a merge."""
    return fired.before_change or fired.kind == INVALIDATION
