"""The deadlines of a commitment as rows of a table: what started each, when it ends, and what is left.

Instants are exact. What is left is counted from the end of the day in the register's time zone: so it is never more than what
is really left, and changes once a day, as does the issue.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from reassay.assessment.cells import AssessmentInput, trigger_input
from reassay.assessment.deadlines import KIND, IdleDeadline, RunningDeadline, deadlines_of
from reassay.assessment.rules import stated_rules
from reassay.common.calendar import day_words, due_words, end_of_day, left_words, local_date
from reassay.common.inert import Markdown, inert
from reassay.ledger.reassessment import Reassessment
from reassay.register.commitment import Commitment
from reassay.register.deadlines import Deadline

MOST_DATES = 5
"""Dates of one deadline that an issue lists: the first, and the latest."""


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """One date of a deadline, or why it has none. Every part is Markdown for a cell of a table."""

    deadline: str
    """The deadline in words: `15 days from discovered`."""
    what: str
    """What must be done, and how long evidence of it is kept; the deadline in words if nothing is stated."""
    started: str
    """The event, the anchor that started its clock, and when."""
    ends: str
    """When it ends, with its hour."""
    left: str
    """What is left after today, or why it does not run; empty once it is met."""
    met: str
    """When it was met, and by which record."""
    is_counted: bool = False
    """Whether what is left counts from the end of the day."""


def deadline_rows(
    commitment: Commitment, reassessment: Reassessment, assessment_input: AssessmentInput
) -> tuple[DeadlineRow, ...]:
    """The rows of an open re-assessment; of a decided one those that it met, as its text stays."""
    entry = assessment_input.register.subjects.get(reassessment.subject)
    if entry is None or not commitment.deadlines or not _has_rows(reassessment):
        return ()
    is_open = reassessment.state == "open"
    rules = assessment_input.rules_of(reassessment.subject)
    rows: dict[str, list[DeadlineRow]] = {deadline.words(): [] for deadline in commitment.deadlines}
    for cell in reassessment.cells:
        facts = trigger_input(entry.value, cell, assessment_input)
        states = deadlines_of(commitment, stated_rules(facts, rules), facts)
        for running in states.running:
            if is_open or running.met_by == reassessment.id:
                rows[running.deadline.words()].append(_running(running, assessment_input))
        for idle in states.idle if is_open else ():
            rows[idle.deadline.words()].append(_idle(idle))
    # Of deadlines that are one duty, those that apply have rows, and the others would only be in the way.
    shown = {deadline.id for deadline in commitment.deadlines if deadline.id and rows[deadline.words()]}
    for deadline in commitment.deadlines if is_open else ():
        if not rows[deadline.words()] and deadline.id not in shown:
            rows[deadline.words()].append(_unstarted(deadline))
    return tuple(row for own in rows.values() for row in _shortened(tuple(dict.fromkeys(own))))


def _has_rows(reassessment: Reassessment) -> bool:
    """Whether it is open, or was decided after a deadline had started."""
    asked = any(trigger.kind == KIND for trigger in reassessment.triggers)
    return reassessment.state == "open" or (reassessment.state == "decided" and asked)


def left_heading(rows: Iterable[DeadlineRow], today: date) -> str:
    """The heading of what is left, with the day from whose end it counts if any row does: `left after Tue 1 Dec 2026`."""
    return f"left after {day_words(today, year=True)}" if any(row.is_counted for row in rows) else "left"


def _shortened(rows: tuple[DeadlineRow, ...]) -> Iterator[DeadlineRow]:
    """The first date and the latest ones, with the number of those between: a clock that repeats may have thousands."""
    hidden = len(rows) - MOST_DATES
    if hidden <= 0:
        yield from rows
        return
    yield rows[0]
    yield DeadlineRow(rows[0].deadline, rows[0].what, "", f"and {hidden} dates between", "", "")
    yield from rows[1 - MOST_DATES :]


def _what(deadline: Deadline) -> str:
    kept = f"evidence of it is kept for {deadline.retain.words()}" if deadline.retain else ""
    return "; ".join(filter(None, [deadline.what or deadline.words(), kept]))


def _running(running: RunningDeadline, assessment_input: AssessmentInput) -> DeadlineRow:
    left, is_counted = ("", False) if running.met_at else _left(running, assessment_input)
    return DeadlineRow(
        inert(running.deadline.words()),
        inert(_what(running.deadline)),
        inert(_started(running)),
        _ends(running, assessment_input.register.configuration.timezone),
        Markdown(left),
        inert(_met(running)),
        is_counted,
    )


def _started(running: RunningDeadline) -> str:
    if running.lacks:
        return f"{running.event.words}: not known, as {running.lacks}"
    by = f"'{running.started_by}' met" if running.deadline.after else running.started_by
    return f"{running.event.words}: {by} {due_words(running.start.date(), running.start)}"


def _ends(running: RunningDeadline, timezone: str) -> Markdown:
    """The instant; for business days also the day, as it ends with the day in its time zone."""
    number = f"number {running.number + 1}, " if running.number else ""
    place = running.deadline.timezone or timezone
    is_day = running.deadline.calendar == "business" and not running.stated_in
    day = f"the end of {day_words(local_date(running.end, place), year=True)} in {place}: " if is_day else ""
    stated = f", as stated in {running.stated_in}" if running.stated_in else ""
    unknown = ", the earliest that it can be" if running.lacks else ""
    return inert(f"{number}{day}{due_words(running.end.date(), running.end)}{stated}{unknown}")


def _left(running: RunningDeadline, assessment_input: AssessmentInput) -> tuple[str, bool]:
    """What is left in words, and whether it counts from the end of today."""
    now, zone = assessment_input.now, assessment_input.register.configuration.timezone
    if running.end < now:
        return f"**overdue**, ended {_ago(local_date(running.end, zone), assessment_input.today)}", False
    tonight = end_of_day(assessment_input.today, zone) + timedelta(microseconds=1)
    if running.end <= tonight:
        return "**ends today**", False
    return left_words(running.end - tonight), True


def _ago(day: date, today: date) -> str:
    days = (today - day).days
    return "today" if days <= 0 else "yesterday" if days == 1 else f"{days} days ago"


def _met(running: RunningDeadline) -> str:
    if running.met_at is None:
        return ""
    late = f", {left_words(running.met_at - running.end)} late" if running.met_at > running.end else ""
    by = f" by {running.met_by}" if running.met_by else ", as imported"
    return f"{due_words(running.met_at.date(), running.met_at)}{by}{late}"


def _idle(idle: IdleDeadline) -> DeadlineRow:
    return _resting(idle.deadline, idle.event.words, idle.why)


def _unstarted(deadline: Deadline) -> DeadlineRow:
    """The row of a deadline that no event has anything to do with."""
    only = f"no incident here has the circumstance '{deadline.circumstance}'" if deadline.circumstance else ""
    return _resting(deadline, "", only or "no event that starts it is recorded")


def _resting(deadline: Deadline, event: str, why: str) -> DeadlineRow:
    words, empty = deadline.words(), Markdown("")
    return DeadlineRow(inert(words), inert(_what(deadline)), inert(event), empty, inert(f"does not run: {why}"), empty)
