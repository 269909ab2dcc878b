"""Significant changes measured against the base, for cells whose last assessment left no snapshot to compare with."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from reassay.assessment.cells import CellStatus
from reassay.assessment.register_index import EVERYWHERE
from reassay.assessment.rules import Rule, rules_for
from reassay.assessment.triggers.base import Fired
from reassay.assessment.triggers.deployment_change import KIND
from reassay.changes.base import Change
from reassay.changes.words import change_words
from reassay.register.register import Register
from reassay.register.trigger_specs import DeploymentChangeSpec


def against_base(cell: CellStatus, changes: Sequence[Change], register: Register, today: date) -> Iterator[Fired]:
    """Results of `deployment-change` for a cell, compared with the base; none where there is a snapshot."""
    if cell.last is not None and cell.last.snapshot is not None:
        return
    own = [
        change
        for change in changes
        if change.kind == "deployment" and change.significant and cell.cell in {change.name, EVERYWHERE}
    ]
    entry = register.subjects.get(cell.subject)
    if not own or entry is None:
        return
    for rule in rules_for(entry.value, register, today):
        fired = _fired(rule, own)
        if fired is not None:
            yield fired


def _fired(rule: Rule, changes: Sequence[Change]) -> Fired | None:
    spec = rule.spec
    if not isinstance(spec, DeploymentChangeSpec):
        return None
    significant = [change for change in changes if not spec.of or change.sort in spec.of]
    if not significant:
        return None
    said = "; ".join(f"{change.name}: {change_words(change)}, {change.why}" for change in significant)
    source = f" ({rule.commitment.id})" if rule.commitment else ""
    fired = Fired(KIND, f"compared with the base, because nothing says what was assessed: {said}{source}", about=said)
    return replace(fired, depth=spec.depth, before_change=spec.must_complete == "before_change", within=spec.within)
