"""A mitigation or commitment explained: the state of its cells, why, since when, what follows, and what became known later."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from reassay.assessment.authority import assessors
from reassay.assessment.cells import AssessmentInput, CellStatus, State
from reassay.assessment.explanation import LaterFact
from reassay.assessment.schedule.forecast import Step, forecast
from reassay.assessment.schedule.queue import scheduled
from reassay.assessment.subject_labels import NO_LABEL, SubjectLabel, subject_labels
from reassay.assessment.triggers.base import Blind
from reassay.common.calendar import Duration
from reassay.ledger.entry import Decided, Joined, Opened
from reassay.ledger.history import History
from reassay.ledger.reassessment import Reassessment
from reassay.ledger.risks import Corrected

AHEAD = Duration(months=13)
"""How far ahead its next openings are computed: past a year's interval."""
MOST_STEPS = 3
_SINCE_OPENING = frozenset({State.TRIGGERED, State.EXTENDED, State.ACCEPTANCE_EXPIRED, State.EVIDENCE_STALE})


@dataclass(frozen=True, slots=True)
class ExplainedSubject:
    """A subject at one moment."""

    subject: str
    label: SubjectLabel
    assessors: tuple[str, ...]
    """Roles; empty where its entry cannot be read."""
    place: str
    """Its entry, such as `framework/mitigations.yml:4`."""
    cells: tuple[CellStatus, ...]
    open: Reassessment | None
    following: tuple[Step, ...]
    """Its next openings, if everything is concluded on its due date."""
    later: tuple[LaterFact, ...] = ()
    """What the ledger got to know after the moment."""
    now: tuple[CellStatus, ...] = ()
    """The same cells now; empty where the moment is now."""


class Reason(NamedTuple):
    """Why a cell is in its state."""

    kind: str | None
    """Kind of the trigger; None for the state itself."""
    words: str
    """In lower case, without its full stop."""


def explained_subject(
    subject: str,
    deployment: str | None,
    assessment_input: AssessmentInput,
    present: AssessmentInput | None = None,
) -> ExplainedSubject | None:
    """A subject, or one cell of it, at the moment of `assessment_input`, and as it is in `present`; None without such a cell."""
    cells = cells_of_subject(subject, deployment, assessment_input)
    if not cells:
        return None
    register, today = assessment_input.register, assessment_input.today
    entry = register.subjects.get(subject)
    lost = assessment_input.register_index.unreadable_subjects.get(subject)
    origin = entry.origin.at() if entry else None
    steps = forecast(assessment_input, AHEAD.after(today)) if entry else ()
    return ExplainedSubject(
        subject=subject,
        label=subject_labels(assessment_input).get(subject, NO_LABEL),
        assessors=assessors(entry.value, register, today) if entry else (),
        place=f"{origin.path}:{origin.line}" if origin else lost.place if lost else "",
        cells=cells,
        open=assessment_input.opened.get(subject),
        following=tuple(step for step in steps if step.subject == subject)[:MOST_STEPS],
        later=tuple(_later(subject, assessment_input.now, present.history)) if present else (),
        now=cells_of_subject(subject, deployment, present) if present else (),
    )


def cells_of_subject(subject: str, deployment: str | None, assessment_input: AssessmentInput) -> tuple[CellStatus, ...]:
    """The cells of a subject, or the one of a deployment."""
    return tuple(
        cell for cell in scheduled(assessment_input) if cell.subject == subject and deployment in {None, cell.cell}
    )


def since(cell: CellStatus, grace: Duration) -> date | None:
    """The first day on which a cell was in its state, by what the ledger and the register say; None if they do not say."""
    if cell.unreadable is not None:
        return cell.unreadable.since
    if cell.state in {State.INEFFECTIVE, State.DEGRADED, State.CURRENT} or cell.order is not None:
        return cell.last.on if cell.last else None
    if cell.state is State.OVERDUE and cell.due is not None:
        return grace.after(cell.due) + timedelta(days=1)
    if cell.state is State.DUE and cell.due is not None:
        return cell.due
    return cell.open.opened.opened_on if cell.open and cell.state in _SINCE_OPENING else None


def reasons(cell: CellStatus) -> tuple[Reason, ...]:
    """Every trigger that has fired and every one that is blind, after the reason of the state if it is another one."""
    fired = tuple(Reason(result.kind, result.reason) for result in cell.fired)
    blind = tuple(Reason(own.kind, f"cannot be judged: {own.reason}") for own in cell.results if isinstance(own, Blind))
    own = () if any(reason.words == cell.reason for reason in fired) else (Reason(None, cell.reason),)
    return (*own, *fired, *blind)


def _later(subject: str, at: datetime, history: History) -> Iterator[LaterFact]:
    """What was recorded about a subject after an instant, in order of the ledger."""
    facts = [fact for own in history.reassessments.values() if own.subject == subject for fact in _facts(own)]
    return (fact for fact in sorted(facts, key=lambda fact: fact.entry) if fact.at > at)


def _facts(own: Reassessment) -> Iterator[LaterFact]:
    yield LaterFact(own.opened_seq, own.opened_at, f"{own.id} was opened: {_trigger_words(own.opened)}")
    for record in own.log:
        body = record.body
        if isinstance(body, Joined):
            yield LaterFact(record.seq, record.at, f"{own.id}: {_trigger_words(body)}")
        elif isinstance(body, Decided):
            yield LaterFact(record.seq, record.at, f"{own.id} was decided: {body.verdict}", body.because)
        elif isinstance(body, Corrected):
            yield LaterFact(record.seq, record.at, f"{own.id} was corrected: {body.how}", body.because)


def _trigger_words(body: Opened | Joined) -> str:
    return "; ".join(trigger.reason for trigger in body.triggers) or "it covers more"
