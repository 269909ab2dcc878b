"""Playing the calendar forward: what would be opened when, if every re-assessment were concluded on its due date."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from reassay.assessment.cells import Situation, assess
from reassay.assessment.schedule.next_due import next_due
from reassay.assessment.schedule.plan import Claim, plan
from reassay.assessment.schedule.queue import scheduled, wanted
from reassay.assessment.triggers.base import Pending
from reassay.common.calendar import end_of_day
from reassay.ledger.entry import Body, Decided, Entry, LedgerIdentity, NextDue, Opened, Superseded
from reassay.ledger.history import History, Reassessment
from reassay.register.c14n import content_digest

_NOBODY = LedgerIdentity(host="", repository_id=0, ledger_id="")
_PLENTY = 100_000


@dataclass(frozen=True, slots=True)
class Step:
    """Something that would happen."""

    when: date
    kind: str
    """open, join, close."""
    subject: str
    """Id of the mitigation or commitment."""
    reason: str
    due: date | None = None


def now(situation: Situation) -> tuple[Step, ...]:
    """What a sweep would do now, and the days pacing has in mind for what has to wait."""
    done = tuple(_steps(situation, _bodies(situation)))
    risks = {each.subject.id: each for each in wanted(situation, assess(situation))}
    later = {cell.subject: cell.scheduled for cell in scheduled(situation) if cell.scheduled is not None}
    return done + tuple(
        Step(day, "open", name, f"not before then: paced, highest risk first ({risks[name].risk.words()})")
        for name, day in sorted(later.items(), key=lambda item: (item[1], item[0]))
    )


def forecast(situation: Situation, until: date) -> tuple[Step, ...]:
    """Everything up to and including `until`, day by day, skipping the days on which nothing can happen."""
    found: list[Step] = []
    day: date | None = situation.today
    while day is not None and day <= until:
        situation = replace(situation, now=_on(day, situation))
        bodies = _bodies(situation)
        found += _steps(situation, bodies)
        situation = _with(situation, bodies)
        concluded = [_conclusion(each, situation) for each in situation.history.open if _concludes_on(each) <= day]
        situation = _with(situation, concluded)
        day = _next_day(situation, day)
    return tuple(found)


def _on(day: date, situation: Situation) -> datetime:
    return max(situation.now, end_of_day(day, situation.register.configuration.timezone))


def _bodies(situation: Situation) -> tuple[Body, ...]:
    lease = datetime.combine(situation.today, time.min, UTC)
    claim = Claim("forecast", [f"{number:032x}" for number in range(_PLENTY)], lease, "")
    return tuple(record.body for record in plan(situation, claim).records)


def _steps(situation: Situation, bodies: tuple[Body, ...]) -> Iterator[Step]:
    for body in bodies:
        match body:
            case Opened():
                reasons = "; ".join(trigger.reason for trigger in body.triggers)
                yield Step(situation.today, "open", body.subject, reasons, body.due)
            case Superseded():
                subject = situation.history.reassessments[body.reassessment].subject
                yield Step(situation.today, "close", subject, body.reason)
            case Decided():
                continue
            case _:
                known = situation.history.reassessments.get(getattr(body, "reassessment", ""))
                if known and body.kind == "due":
                    reasons = "; ".join(trigger.reason for trigger in body.triggers)
                    yield Step(situation.today, "join", known.subject, reasons, body.due)


def _with(situation: Situation, bodies: tuple[Body, ...] | list[Decided]) -> Situation:
    history: History = situation.history
    for body in bodies:
        history = history.add(
            Entry(
                seq=history.seq + 1,
                prev=None,
                ledger=_NOBODY,
                recorded_at=situation.now,
                base_ref="",
                register_commit="",
                body=body,
            )
        )
    return replace(situation, history=history)


def _concludes_on(each: Reassessment) -> date:
    # What was overdue when it opened is assumed to take a fortnight, not to have been settled in the past.
    return each.due if each.due > each.opened.opened_on else each.opened.opened_on + timedelta(days=14)


def _conclusion(each: Reassessment, situation: Situation) -> Decided:
    entry = situation.register.subjects[each.subject].value
    return Decided(
        reassessment=each.id,
        subject=each.subject,
        version=entry.version,
        cells=each.cells,
        decision="effective",
        self_assessed=False,
        decided_on=situation.today,
        next_due=tuple(NextDue(cell=cell, due=next_due(entry, cell, each.depth, situation)) for cell in each.cells),
        snapshot=f"sha256:{'0' * 64}",
        content=content_digest(situation.register.subjects[each.subject].written),
    )


def _next_day(situation: Situation, day: date) -> date | None:
    """The next day on which anything can happen; None if there is none."""
    days = [_concludes_on(each) for each in situation.history.open]
    for cell in scheduled(situation):
        days += [result.opens for result in cell.results if isinstance(result, Pending)]
        days += [cell.scheduled] if cell.scheduled else []
        if cell.fired and cell.open is None and cell.scheduled is None:
            days.append(day + timedelta(days=1))
    return min((each for each in days if each > day), default=None)
