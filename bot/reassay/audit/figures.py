"""All figures of a pack, and how many there are of each."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reassay.audit.decisions import DecisionRow, decisions
from reassay.audit.exceptions import ExceptionRow, from_entries
from reassay.audit.facts import Facts
from reassay.audit.follow_ups import FollowUpRow, follow_ups
from reassay.audit.obligations import Obligation, reassessed
from reassay.audit.population import CellRow, population
from reassay.audit.roles import RoleRow, roles
from reassay.audit.sample import SampleRow, sample
from reassay.audit.sign_offs import SignOffRow, sign_offs
from reassay.audit.standing_facts import from_facts
from reassay.audit.unopened import unopened

Counts = Mapping[str, Mapping[str, int]]
"""Table -> what was counted -> how many."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The rows of every table."""

    population: tuple[CellRow, ...]
    obligations: tuple[Obligation, ...]
    decisions: tuple[DecisionRow, ...]
    exceptions: tuple[ExceptionRow, ...]
    sign_offs: tuple[SignOffRow, ...]
    follow_ups: tuple[FollowUpRow, ...]
    roles: tuple[RoleRow, ...]
    sample: tuple[SampleRow, ...]
    counts: Counts


def figures(facts: Facts) -> Figures:
    """Everything, from the same facts."""
    decided = decisions(facts)
    found = Figures(
        population=population(facts),
        obligations=(*reassessed(facts), *unopened(facts)),
        decisions=decided,
        exceptions=(*from_entries(facts), *from_facts(facts)),
        sign_offs=sign_offs(facts),
        follow_ups=follow_ups(facts),
        roles=roles(facts),
        sample=sample(decided, facts.sample),
        counts={},
    )
    return Figures(**{name: getattr(found, name) for name in found.__slots__} | {"counts": _counts(found, facts)})


def _counts(found: Figures, facts: Facts) -> Counts:
    return {
        "cells_from": _tally(row.state for row in found.population if row.side == "from"),
        "cells_to": _tally(row.state for row in found.population if row.side == "to"),
        "cells_to_by_basis": _tally(row.basis or "none" for row in found.population if row.side == "to"),
        "obligations": _tally(row.outcome for row in found.obligations),
        "decisions": _tally(row.decision for row in found.decisions),
        "decisions_by_basis": _tally(row.basis for row in found.decisions),
        "decisions_self_assessed": _tally("yes" if row.self_assessed else "no" for row in found.decisions),
        "exceptions": _tally(row.kind for row in found.exceptions),
        "follow_ups": _tally(row.status for row in found.follow_ups),
        "sign_offs": _tally(row.says for row in found.sign_offs),
        "entries_in_period": _tally(entry.body.kind for entry in facts.recorded),
        "entries": {
            "until the first date": sum(each.recorded_at <= facts.period.opening for each in facts.known),
            "until the last date": len(facts.known),
            "after it, in no figure": len(facts.later),
        },
        "sample": {"decisions": len(found.decisions), "drawn": len(found.sample)},
    }


def _tally(names: Iterable[str]) -> Mapping[str, int]:
    """By name, in order of name, so that it is the same each time."""
    return dict(sorted(Counter(names).items()))
