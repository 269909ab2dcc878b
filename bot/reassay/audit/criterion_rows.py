"""Verdicts on the criteria of decisions, one row for each."""

from dataclasses import dataclass
from datetime import date

from reassay.audit.audit_input import AuditInput
from reassay.ledger.entry import Decided, basis_word
from reassay.ledger.reassessment import decision_of


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """One verdict on one criterion."""

    record: str
    seq: int
    """Number of the ledger entry of the decision."""
    decided_on: date
    subject: str
    decision: str
    """The decision with its basis."""
    criterion: str
    verdict: str
    basis: str
    inputs: str
    """Digest of the object with everything that it was computed from; "" where a person's word decides."""


def criterion_rows(audit: AuditInput) -> tuple[CriterionRow, ...]:
    """The verdicts of decisions that were recorded in the period, in order of the ledger."""
    decided = (
        (entry, decision_of(entry, entry.body, audit.reassessment(entry)))
        for entry in audit.in_period
        if isinstance(entry.body, Decided)
    )
    return tuple(
        CriterionRow(
            record=body.reassessment,
            seq=entry.seq,
            decided_on=body.decided_on,
            subject=audit.history.present(body.subject),
            decision=body.verdict,
            criterion=criterion.name,
            verdict=criterion.verdict,
            basis=basis_word(criterion.basis),
            inputs=criterion.inputs or "",
        )
        for entry, body in decided
        for criterion in body.criteria
    )
