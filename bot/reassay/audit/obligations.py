"""Obligations of the period and their outcomes: the re-assessments that were open in it or due in it.

`unopened_obligations.py` finds the due dates for which no re-assessment was opened.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from reassay.assessment.subjects import grace_of
from reassay.audit.audit_input import AuditInput
from reassay.common.calendar import Duration, due_words, span_words
from reassay.ledger.entry import Joined
from reassay.ledger.reassessment import Reassessment
from reassay.ledger.sweep_records import Missed

Outcome = Literal[
    "on time",
    "extended",
    "late",
    "missed",
    "still open",
    "not opened",
    "moved",
    "withdrawn",
    "superseded",
    "side exit",
    "not covered",
]
OUTCOMES: Final = {
    "on time": "decided by the original due date",
    "extended": "past the original due date but within an extension: decided by then, or still open",
    "late": "decided after the due date, extensions included",
    "missed": "due date and grace period have passed, and nothing was decided by the end of the period",
    "still open": "open at the end of the period, with the due date or the grace period still running",
    "not opened": "due at the end of the period, but no re-assessment was opened",
    "moved": "a due date fell in the period, but the register moved it before anything was opened: see the note",
    "withdrawn": "decided, but the decision was withdrawn and no longer counts",
    "superseded": "closed because it was no longer due",
    "side exit": "closed by two people without a decision",
    "not covered": "due after the ledger's last entry: whether it was decided is not in this ledger",
}
"""Outcome -> its meaning in words."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """One re-assessment, or one due date for which none was opened."""

    record: str
    """Id of the re-assessment; "" if none was opened."""
    subject: str
    cells: tuple[str, ...]
    depth: str
    triggers: tuple[str, ...]
    """Kinds of triggers, without repetition."""
    opened_on: date | None
    first_due: date | None
    """Due date at opening."""
    due_without_extension: date | None
    """Due date without extensions; triggers that joined later may have moved it earlier."""
    due: date | None
    """The date in force at the end of the period or when it was closed."""
    grace_until: date | None
    extensions: int
    outcome: Outcome
    closed_on: date | None
    decision: str
    days_late: int
    """Calendar days after `due`, until it was closed, or until the end of the period or the ledger's last entry; 0 if none."""
    missed_recorded_on: date | None
    """Date on which a sweep recorded that the due date had passed; None if no sweep did."""
    note: str
    verdict: str
    """The decision with its basis; "" if nothing was decided."""
    due_at: datetime | None = None
    """The instant (UTC) of a deadline that has an hour, on the day `due`; None for a date alone."""


def reassessment_obligations(audit: AuditInput) -> tuple[Obligation, ...]:
    """Obligations that have a re-assessment, in order of opening."""
    reassessments = audit.history.reassessments.values()
    return tuple(_row(reassessment, audit) for reassessment in reassessments if _belongs(reassessment, audit))


def _belongs(reassessment: Reassessment, audit: AuditInput) -> bool:
    """Whether it was open at some time in the period, or due in it."""
    closed = closed_on(reassessment, audit)
    return closed is None or closed >= audit.period.start or audit.period.contains_day(reassessment.due)


def closed_on(reassessment: Reassessment, audit: AuditInput) -> date | None:
    """The date of closing; None if it is open at the end of the period."""
    if reassessment.decided is not None:
        return reassessment.decided.decided_on
    return audit.period.day(reassessment.closed_at) if reassessment.closed_at else None


def _row(reassessment: Reassessment, audit: AuditInput) -> Obligation:
    closed = closed_on(reassessment, audit)
    entry = audit.closing.register.subjects.get(reassessment.subject) or audit.opening.register.subjects.get(
        reassessment.subject
    )
    grace = (grace_of(entry.value) if entry else Duration()).after(reassessment.due)
    plain = min((reassessment.opened.due, *(joined.due for _, joined in reassessment.records_of(Joined))))
    missed = [audit.period.day(record.at) for record, _ in reassessment.records_of(Missed)]
    return Obligation(
        record=reassessment.id,
        subject=reassessment.subject,
        cells=reassessment.cells,
        depth=str(reassessment.depth),
        triggers=tuple(dict.fromkeys(trigger.kind for trigger in reassessment.triggers)),
        opened_on=reassessment.opened.opened_on,
        first_due=reassessment.opened.due,
        due_without_extension=plain,
        due=reassessment.due,
        grace_until=grace,
        extensions=reassessment.extensions,
        outcome=_outcome(reassessment, closed, (plain, grace), audit),
        closed_on=closed,
        decision=reassessment.decided.decision if reassessment.decided else "",
        days_late=max(0, ((closed or audit.covered_until) - reassessment.due).days),
        missed_recorded_on=missed[0] if missed else None,
        note="; ".join(_notes(reassessment)),
        verdict=reassessment.decided.verdict if reassessment.decided else "",
        due_at=reassessment.due_at,
    )


def _outcome(reassessment: Reassessment, closed: date | None, dates: tuple[date, date], audit: AuditInput) -> Outcome:
    plain, _ = dates
    match reassessment.state:
        case "superseded":
            return "superseded"
        case "side-exit":
            return "side exit"
        case "decided" if not reassessment.counts:
            return "withdrawn"
        case "decided":
            day = closed or audit.period.end
            if day > reassessment.due or _is_past_its_instant(reassessment):
                return "late"
            return "on time" if day <= plain else "extended"
        case "open":
            return _still_open(reassessment, dates, audit)


def _still_open(reassessment: Reassessment, dates: tuple[date, date], audit: AuditInput) -> Outcome:
    """What became of one that is open at the end: nothing is missed after the ledger's last entry."""
    plain, grace = dates
    if audit.covered_until > grace:
        return "missed"
    if audit.period.end > grace:
        return "not covered"
    return "extended" if reassessment.extensions and audit.period.end > plain else "still open"


def _is_past_its_instant(reassessment: Reassessment) -> bool:
    """Whether it was decided after the instant of its deadline, be it on the same day."""
    return bool(reassessment.due_at and reassessment.closed_at and reassessment.closed_at > reassessment.due_at)


def _notes(reassessment: Reassessment) -> Iterator[str]:
    if reassessment.opened.opened_on > reassessment.opened.due:
        yield "opened after its due date"
    if reassessment.due_at is not None and reassessment.closed_at is not None and _is_past_its_instant(reassessment):
        late = span_words(reassessment.closed_at - reassessment.due_at)
        yield f"{late} after {due_words(reassessment.due, reassessment.due_at)}"
    if reassessment.superseded is not None:
        yield reassessment.superseded.reason
    if reassessment.side_exit is not None:
        yield reassessment.side_exit.how + (f" {reassessment.side_exit.into}" if reassessment.side_exit.into else "")
    if reassessment.withdrawn_seq is not None:
        yield f"withdrawn by entry {reassessment.withdrawn_seq}"
    if reassessment.decided is not None and reassessment.decided.decision == "inconclusive":
        yield "inconclusive: the due date did not move"
