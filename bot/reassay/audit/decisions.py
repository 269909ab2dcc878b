"""Decisions of the period, with what they rest on and whether they still stand."""

from dataclasses import dataclass
from datetime import date

from reassay.audit.facts import Facts, account
from reassay.ledger.entry import Decided, Entry
from reassay.ledger.reassessment import Reassessment
from reassay.ledger.risks import Corrected


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision, as recorded."""

    record: str
    seq: int
    """Of its ledger entry."""
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
    """What is known of who wrote the entry: unsigned, self-attested, trusted, untrusted, unknown."""
    criteria: tuple[str, ...]
    follow_ups: int
    next_due: tuple[str, ...]
    because: str
    corrections: tuple[str, ...]
    """Errata and withdrawals recorded until the end of the period."""


def decisions(facts: Facts) -> tuple[DecisionRow, ...]:
    """In order of the ledger."""
    return tuple(
        _row(entry, entry.body, facts.reassessment(entry), facts)
        for entry in facts.recorded
        if isinstance(entry.body, Decided)
    )


def _row(entry: Entry, body: Decided, each: Reassessment | None, facts: Facts) -> DecisionRow:
    return DecisionRow(
        record=body.reassessment,
        seq=entry.seq,
        decided_on=body.decided_on,
        subject=facts.history.present(body.subject),
        version=body.version,
        cells=body.cells,
        depth=str(each.depth) if each else "",
        triggers=tuple(dict.fromkeys(trigger.kind for trigger in each.triggers)) if each else (),
        decision=body.decision,
        deployment_decision=body.deployment_decision or "",
        basis=body.basis,
        self_assessed=body.self_assessed,
        by=account(entry.actor),
        mode=body.mode,
        standing=facts.trust.standing(entry.seq),
        criteria=tuple(f"{one.name}: {one.verdict} ({one.basis})" for one in body.criteria),
        follow_ups=len(body.follow_ups),
        next_due=tuple(f"{one.cell} {one.due or 'no date'}" for one in body.next_due),
        because=facts.text(body.because),
        corrections=corrections(each),
    )


def corrections(each: Reassessment | None) -> tuple[str, ...]:
    """What became of a record since, by entry."""
    words = {"erratum": "erratum", "withdraw": "withdrawn"}
    found = each.noted(Corrected) if each else ()
    return tuple(f"{words[body.how]} by entry {noted.seq}" for noted, body in found)
