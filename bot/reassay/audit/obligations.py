"""Every obligation of the period and how it ended.

Each re-assessment that was open in it or fell due in it; `unopened.py` finds the dates that passed without one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from reassay.assessment.subjects import grace_of
from reassay.audit.facts import Facts
from reassay.common.calendar import Duration
from reassay.ledger.entry import Joined
from reassay.ledger.reassessment import Reassessment
from reassay.ledger.watching import Missed

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
]
OUTCOMES: Final = {
    "on time": "decided by its date, extensions not counted",
    "extended": "past its first date and within an extension: decided by then, or still open",
    "late": "decided after its date, extensions counted",
    "missed": "its date and its grace passed, and at the end of the period nothing was decided",
    "still open": "open at the end of the period, its date or its grace yet to pass",
    "not opened": "asked for at the end of the period, and no re-assessment was opened for it",
    "moved": "a date fell in the period, nothing was opened, and at its end it is not due: the note says what moved it",
    "withdrawn": "decided, and the decision was withdrawn: it counts for nothing",
    "superseded": "closed because it was no longer due",
    "side exit": "closed by two people without a decision",
}
"""What each outcome means, in words."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """One re-assessment, or one date for which none was opened."""

    record: str
    """Id of the re-assessment; "" if none was opened."""
    subject: str
    cells: tuple[str, ...]
    depth: str
    triggers: tuple[str, ...]
    """Kinds, each once."""
    opened_on: date | None
    first_due: date | None
    """As it was opened with."""
    due_without_extension: date | None
    """What joined it may have moved it nearer."""
    due: date | None
    """The date in force at the end of the period or when it was closed."""
    grace_until: date | None
    extensions: int
    outcome: Outcome
    closed_on: date | None
    decision: str
    days_late: int
    """Calendar days after `due`, until it was closed or the period ended; 0 if none."""
    missed_recorded_on: date | None
    """When a sweep recorded that the date had passed."""
    note: str


def reassessed(facts: Facts) -> tuple[Obligation, ...]:
    """Those for which a re-assessment exists, in order of opening."""
    known = facts.history.reassessments.values()
    return tuple(_row(each, facts) for each in known if _belongs(each, facts))


def _belongs(each: Reassessment, facts: Facts) -> bool:
    """Open at some time in the period, or due in it."""
    closed = closed_on(each, facts)
    return closed is None or closed >= facts.period.start or facts.period.has(each.due)


def closed_on(each: Reassessment, facts: Facts) -> date | None:
    """When it ended; None if it is open at the end of the period."""
    if each.decided is not None:
        return each.decided.decided_on
    return facts.period.day(each.closed_at) if each.closed_at else None


def _row(each: Reassessment, facts: Facts) -> Obligation:
    closed = closed_on(each, facts)
    entry = facts.closing.register.subjects.get(each.subject) or facts.opening.register.subjects.get(each.subject)
    grace = (grace_of(entry.value) if entry else Duration()).after(each.due)
    plain = min((each.opened.due, *(joined.due for _, joined in each.noted(Joined))))
    missed = [facts.period.day(noted.at) for noted, _ in each.noted(Missed)]
    return Obligation(
        record=each.id,
        subject=each.subject,
        cells=each.cells,
        depth=str(each.depth),
        triggers=tuple(dict.fromkeys(trigger.kind for trigger in each.triggers)),
        opened_on=each.opened.opened_on,
        first_due=each.opened.due,
        due_without_extension=plain,
        due=each.due,
        grace_until=grace,
        extensions=each.extensions,
        outcome=_outcome(each, closed, (plain, grace), facts.period.end),
        closed_on=closed,
        decision=each.decided.decision if each.decided else "",
        days_late=max(0, ((closed or facts.period.end) - each.due).days),
        missed_recorded_on=missed[0] if missed else None,
        note="; ".join(_notes(each)),
    )


def _outcome(each: Reassessment, closed: date | None, dates: tuple[date, date], end: date) -> Outcome:
    plain, grace = dates
    match each.state:
        case "superseded":
            return "superseded"
        case "side-exit":
            return "side exit"
        case "decided":
            if not each.counts:
                return "withdrawn"
            day = closed or end
            return "on time" if day <= plain else "extended" if day <= each.due else "late"
        case "open":
            if end > grace:
                return "missed"
            return "extended" if each.extensions and end > plain else "still open"


def _notes(each: Reassessment) -> Iterator[str]:
    if each.opened.opened_on > each.opened.due:
        yield "opened after its own due date"
    if each.superseded is not None:
        yield each.superseded.reason
    if each.side_exit is not None:
        yield each.side_exit.how + (f" {each.side_exit.into}" if each.side_exit.into else "")
    if each.withdrawn_seq is not None:
        yield f"withdrawn by entry {each.withdrawn_seq}"
    if each.decided is not None and each.decided.decision == "inconclusive":
        yield "inconclusive: its clock was not moved"
