"""What was promised with a date. The ledger does not record that a promise was kept: an auditor has to ask."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from reassay.audit.facts import Facts, account
from reassay.ledger.entry import Decided
from reassay.ledger.reassessment import Reassessment


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    """One promise."""

    record: str
    seq: int
    subject: str
    promised_on: date
    in_period: bool
    """Whether it was promised in the period; the others were promised before it."""
    due: date
    status: Literal["open", "past due", "withdrawn"]
    """At the end of the period, by its date alone; `withdrawn` with the decision that promised it."""
    days_past_due: int
    decided_again: str
    """The next record that decided the same subject, if there is one: it may say what became of it."""
    by: str
    text: str


def follow_ups(facts: Facts) -> tuple[FollowUpRow, ...]:
    """Everything that was promised until the end of the period, by date."""
    rows = [
        _row(each, each.decided, index, facts)
        for each in facts.history.reassessments.values()
        if each.decided is not None
        for index in range(len(each.decided.follow_ups))
    ]
    return tuple(sorted(rows, key=lambda row: (row.due, row.seq)))


def _row(each: Reassessment, decided: Decided, index: int, facts: Facts) -> FollowUpRow:
    promise, end = decided.follow_ups[index], facts.period.end
    late = (end - promise.due).days
    again = [
        one for one in facts.by_subject[each.subject] if one.counts and (one.decided_seq or 0) > (each.decided_seq or 0)
    ]
    return FollowUpRow(
        record=each.id,
        seq=each.decided_seq or 0,
        subject=each.subject,
        promised_on=decided.decided_on,
        in_period=facts.period.has(decided.decided_on),
        due=promise.due,
        status="withdrawn" if not each.counts else "past due" if late > 0 else "open",
        days_past_due=max(0, late),
        decided_again=min(again, key=lambda one: one.decided_seq or 0).id if again else "",
        by=account(each.decided_by),
        text=facts.text(promise.text),
    )
