"""Decisions recorded in the period, with their basis and later corrections."""

from dataclasses import dataclass
from datetime import date

from reassay.audit.audit_input import AuditInput
from reassay.ledger.entry import Decided, Entry, basis_word
from reassay.ledger.reassessment import Reassessment, decision_of
from reassay.ledger.risks import Corrected
from reassay.ledger.views.words import criterion_result_words


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision, as recorded."""

    record: str
    seq: int
    """Number of the ledger entry."""
    decided_on: date
    subject: str
    version: int
    cells: tuple[str, ...]
    depth: str
    triggers: tuple[str, ...]
    decision: str
    deployment_decision: str
    basis: str
    self_assessed: bool
    by: str
    mode: str
    standing: str
    """Trust in the entry's signature: unsigned, self-attested, trusted, untrusted or unknown."""
    criteria: tuple[str, ...]
    follow_ups: int
    next_due: tuple[str, ...]
    because: str
    corrections: tuple[str, ...]
    """Errata and withdrawals recorded until the end of the period."""
    verdict: str
    """The decision with its basis, as pages show it."""


def decisions(audit: AuditInput) -> tuple[DecisionRow, ...]:
    """The decisions recorded in the period, in order of the ledger."""
    return tuple(
        _row(entry, decision_of(entry, entry.body, audit.reassessment(entry)), audit.reassessment(entry), audit)
        for entry in audit.in_period
        if isinstance(entry.body, Decided)
    )


def _row(entry: Entry, body: Decided, reassessment: Reassessment | None, audit: AuditInput) -> DecisionRow:
    return DecisionRow(
        record=body.reassessment,
        seq=entry.seq,
        decided_on=body.decided_on,
        subject=audit.history.present(body.subject),
        version=body.version,
        cells=body.cells,
        depth=str(reassessment.depth) if reassessment else "",
        triggers=tuple(dict.fromkeys(trigger.kind for trigger in reassessment.triggers)) if reassessment else (),
        decision=body.decision,
        deployment_decision=body.deployment_decision or "",
        basis=basis_word(body.basis),
        self_assessed=body.self_assessed,
        by=audit.person(entry.actor),
        mode=body.mode,
        standing=audit.trust.standing(entry.seq),
        criteria=tuple(criterion_result_words(criterion) for criterion in body.criteria),
        follow_ups=len(body.follow_ups),
        next_due=tuple(f"{entry.cell} {entry.due or 'no date'}" for entry in body.next_due),
        because=audit.text(body.because),
        corrections=corrections(reassessment),
        verdict=body.verdict,
    )


def corrections(reassessment: Reassessment | None) -> tuple[str, ...]:
    """Errata and withdrawals of a record, each with the seq of its entry."""
    words = {"erratum": "erratum", "withdraw": "withdrawn"}
    corrected = reassessment.records_of(Corrected) if reassessment else ()
    return tuple(f"{words[body.how]} by entry {record.seq}" for record, body in corrected)
