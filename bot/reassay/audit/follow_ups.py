"""Follow-ups of decisions, with their due dates.

The ledger does not record that a follow-up was done: an auditor has to ask.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from reassay.audit.audit_input import AuditInput
from reassay.ledger.entry import Decided
from reassay.ledger.reassessment import Reassessment


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """One follow-up."""

    record: str
    seq: int
    subject: str
    promised_on: date
    in_period: bool
    """Whether it was promised in the period rather than before it."""
    due: date
    status: Literal["open", "past due", "withdrawn"]
    """At the end of the period or at the ledger's last entry, by its date alone; `withdrawn` with its decision."""
    days_past_due: int
    decided_again: str
    """Id of the next record that decided the same subject; "" if there is none."""
    by: str
    text: str


def follow_ups(audit: AuditInput) -> tuple[FollowUpRow, ...]:
    """Follow-ups promised until the end of the period, by due date."""
    rows = [
        _row(reassessment, reassessment.decided, index, audit)
        for reassessment in audit.history.reassessments.values()
        if reassessment.decided is not None
        for index in range(len(reassessment.decided.follow_ups))
    ]
    return tuple(sorted(rows, key=lambda row: (row.due, row.seq)))


def _row(reassessment: Reassessment, decided: Decided, index: int, audit: AuditInput) -> FollowUpRow:
    promise, end = decided.follow_ups[index], audit.covered_until
    late = (end - promise.due).days
    again = [
        later
        for later in audit.by_subject[reassessment.subject]
        if later.counts and (later.decided_seq or 0) > (reassessment.decided_seq or 0)
    ]
    return FollowUpRow(
        record=reassessment.id,
        seq=reassessment.decided_seq or 0,
        subject=reassessment.subject,
        promised_on=decided.decided_on,
        in_period=audit.period.contains_day(decided.decided_on),
        due=promise.due,
        status="withdrawn" if not reassessment.counts else "past due" if late > 0 else "open",
        days_past_due=max(0, late),
        decided_again=min(again, key=lambda later: later.decided_seq or 0).id if again else "",
        by=audit.person(reassessment.decided_by),
        text=audit.text(promise.text),
    )
