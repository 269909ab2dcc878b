"""Follow-ups of decisions: their due dates, and whether somebody else than the person who did them verified them."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from reassay.assessment.follow_ups import TrackedFollowUp, follow_ups_of
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
    status: Literal["open", "past due", "done, not verified", "verified", "withdrawn", "removed"]
    """At the end of the period or at the ledger's last entry. What is not verified after its date is `past due`, said to be done
    or not; `withdrawn` with its decision, `removed` with what it is about."""
    days_past_due: int
    decided_again: str
    """Id of the next record that decided the same subject; "" if there is none."""
    by: str
    text: str
    done_on: date | None = None
    """Day on which it was last said to be done."""
    done_by: str = ""
    verified_on: date | None = None
    verified_by: str = ""
    """Another person than `done_by`."""
    issue: int | None = None
    """Number of its issue."""


def follow_ups(audit: AuditInput) -> tuple[FollowUpRow, ...]:
    """Follow-ups promised until the end of the period, by due date."""
    states = follow_ups_of(audit.history)
    rows = [
        _row(reassessment, reassessment.decided, index, states.get(reassessment.id, ()), audit)
        for reassessment in audit.history.reassessments.values()
        if reassessment.decided is not None
        for index in range(len(reassessment.decided.follow_ups))
    ]
    return tuple(sorted(rows, key=lambda row: (row.due, row.seq)))


def _row(
    reassessment: Reassessment, decided: Decided, index: int, states: tuple[TrackedFollowUp, ...], audit: AuditInput
) -> FollowUpRow:
    promise, end = decided.follow_ups[index], audit.covered_until
    own = states[index] if states else None
    done, verified = own.done if own else None, own.checked if own and own.progress == "verified" else None
    late = 0 if own and not own.is_open else max(0, (end - promise.due).days)
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
        status="withdrawn" if own is None else "past due" if late else own.progress,
        days_past_due=late,
        decided_again=min(again, key=lambda later: later.decided_seq or 0).id if again else "",
        by=audit.person(reassessment.decided_by),
        text=audit.text(promise.text),
        done_on=audit.period.day(done.at) if done else None,
        done_by=audit.person(done.actor) if done else "",
        verified_on=audit.period.day(verified.at) if verified else None,
        verified_by=audit.person(verified.actor) if verified else "",
        issue=own.issue if own else None,
    )
