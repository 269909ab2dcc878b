"""All figures of a pack: the rows of its tables, and their counts."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reassay.audit.acts import ActRow, acts
from reassay.audit.audit_input import AuditInput
from reassay.audit.criterion_rows import CriterionRow, criterion_rows
from reassay.audit.decisions import DecisionRow, decisions
from reassay.audit.derived_exceptions import derived_exceptions
from reassay.audit.evidence_rows import EvidenceRow, evidence_rows
from reassay.audit.exceptions import ExceptionRow, recorded_exceptions
from reassay.audit.follow_ups import FollowUpRow, follow_ups
from reassay.audit.gate_changes import GateChangeRow, gate_changes
from reassay.audit.obligations import Obligation, reassessment_obligations
from reassay.audit.population import CellRow, population
from reassay.audit.roles import RoleRow, roles
from reassay.audit.runs import RunRow, runs
from reassay.audit.sample import SampleRow, sample
from reassay.audit.sign_offs import SignOffRow, sign_offs
from reassay.audit.unopened_obligations import unopened_obligations

Counts = Mapping[str, Mapping[str, int]]
"""Table -> value -> number of rows with that value."""


@dataclass(frozen=True, slots=True)
class AuditFigures:
    """The rows of every table, and the counts."""

    population: tuple[CellRow, ...]
    obligations: tuple[Obligation, ...]
    decisions: tuple[DecisionRow, ...]
    criteria: tuple[CriterionRow, ...]
    evidence: tuple[EvidenceRow, ...]
    changes: tuple[GateChangeRow, ...]
    exceptions: tuple[ExceptionRow, ...]
    sign_offs: tuple[SignOffRow, ...]
    acts: tuple[ActRow, ...]
    follow_ups: tuple[FollowUpRow, ...]
    roles: tuple[RoleRow, ...]
    runs: tuple[RunRow, ...]
    sample: tuple[SampleRow, ...]
    counts: Counts


def figures(audit: AuditInput) -> AuditFigures:
    """All figures of an audit."""
    decided = decisions(audit)
    tables = AuditFigures(
        population=population(audit),
        obligations=(*reassessment_obligations(audit), *unopened_obligations(audit)),
        decisions=decided,
        criteria=criterion_rows(audit),
        evidence=evidence_rows(audit),
        exceptions=(*recorded_exceptions(audit), *derived_exceptions(audit)),
        sign_offs=sign_offs(audit),
        acts=acts(audit),
        changes=gate_changes(audit),
        follow_ups=follow_ups(audit),
        roles=roles(audit),
        runs=runs(audit),
        sample=sample(decided, audit.sample),
        counts={},
    )
    return AuditFigures(
        **{name: getattr(tables, name) for name in tables.__slots__} | {"counts": _counts(tables, audit)}
    )


def _counts(tables: AuditFigures, audit: AuditInput) -> Counts:
    return {
        "cells_from": _tally(row.state for row in tables.population if row.side == "from"),
        "cells_to": _tally(row.state for row in tables.population if row.side == "to"),
        "cells_to_by_basis": _tally(row.basis or "none" for row in tables.population if row.side == "to"),
        "obligations": _tally(row.outcome for row in tables.obligations),
        "decisions": _tally(row.decision for row in tables.decisions),
        "criteria": _tally(row.verdict for row in tables.criteria),
        "evidence": _tally(row.evidence for row in tables.evidence),
        "decisions_by_basis": _tally(row.basis for row in tables.decisions),
        "decisions_self_assessed": _tally("yes" if row.self_assessed else "no" for row in tables.decisions),
        "changes": {
            "pull requests": sum(row.request != "push" for row in tables.changes),
            "merged": sum(row.request != "push" and row.merged == "yes" for row in tables.changes),
            "looser": sum("looser" in row.direction.split(", ") for row in tables.changes),
            "direction unknown": sum(row.request != "push" and not row.direction for row in tables.changes),
            "overridden": sum(bool(row.overridden) for row in tables.changes),
            "bypassed": sum(bool(row.bypassed) for row in tables.changes),
            "held": sum(bool(row.held) for row in tables.changes),
        },
        "exceptions": _tally(row.kind for row in tables.exceptions),
        "follow_ups": _tally(row.status for row in tables.follow_ups),
        "sign_offs": _tally(row.says for row in tables.sign_offs),
        "runs": _tally(row.state for row in tables.runs),
        "acts": _tally(row.kind for row in tables.acts),
        "entries_in_period": _tally(entry.body.kind for entry in audit.in_period),
        "entries": {
            "until the first date": sum(entry.recorded_at <= audit.period.opening for entry in audit.until_end),
            "until the last date": len(audit.until_end),
            "after it, in no figure": len(audit.after_end),
        },
        "sample": {"decisions": len(tables.decisions), "drawn": len(tables.sample)},
    }


def _tally(names: Iterable[str]) -> Mapping[str, int]:
    """Number of occurrences by name, sorted by name so that the document is reproducible."""
    return dict(sorted(Counter(names).items()))
