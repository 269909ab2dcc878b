"""The steps that a sweep would take now, and a forecast in which every re-assessment is concluded on its due date."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final

from reassay.assessment.cell_status import ORDERED, URGENCY, CellStatus, State
from reassay.assessment.cells import AssessmentInput
from reassay.assessment.register_index import EVERYWHERE
from reassay.assessment.schedule.plan import Claim, plan
from reassay.assessment.schedule.queue import delayed
from reassay.assessment.schedule.timeline import Timeline
from reassay.ledger.entry import Body, Joined, Opened, Superseded, Trigger
from reassay.ledger.history import Reassessment
from reassay.ledger.reassessment import instant_due

_TO_MEND: Final = frozenset({State.UNREADABLE, State.INEFFECTIVE})


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a sweep: a re-assessment that opens, is joined or closes."""

    when: date
    kind: str
    """`open`, `join` or `close`; for an obligation, of a verdict or of an error, the state of its cell."""
    subject: str
    """Id of the mitigation or commitment."""
    reason: str
    due: date | None = None
    due_at: datetime | None = None
    """The instant of a deadline that has an hour."""


def now(assessment_input: AssessmentInput) -> tuple[Step, ...]:
    """The steps of a sweep now, then the openings that pacing delays, each on its earliest day."""
    later = (
        Step(item.opens, "open", name, f"earliest day that pacing allows, highest risk first ({item.risk.words()})")
        for name, item in delayed(assessment_input).items()
    )
    return (*planned_steps(assessment_input), *sorted(later, key=lambda step: (step.when, step.subject)))


def obligations(assessment_input: AssessmentInput) -> tuple[Step, ...]:
    """Tasks that only people can do now: fix unreadable entries, carry out orders, act on bad verdicts."""
    cells = [cell for cell in assessment_input.cells if cell.state in ORDERED or cell.state in _TO_MEND]
    cells.sort(key=lambda cell: (URGENCY.index(cell.state), cell.subject, cell.cell))
    return tuple(
        Step(
            assessment_input.today,
            str(cell.state),
            cell.subject,
            "; ".join(filter(None, (_place(cell), cell.verdict if cell.last else "", cell.reason))),
        )
        for cell in cells
    )


def _place(cell: CellStatus) -> str:
    return "" if cell.cell == EVERYWHERE else cell.cell


def planned_steps(assessment_input: AssessmentInput) -> tuple[Step, ...]:
    """The steps of a sweep at the instant of `situation`."""
    lease = datetime.combine(assessment_input.today, time.min, UTC)
    claim = Claim("forecast", [f"{number:032x}" for number in range(len(assessment_input.cells))], lease, "")
    bodies = (record.body for record in plan(assessment_input, claim).records)
    return tuple(steps_of(bodies, assessment_input.history.reassessments, assessment_input.today))


def forecast(assessment_input: AssessmentInput, until: date) -> tuple[Step, ...]:
    """The steps of daily sweeps, each at the end of its day, up to and including `until`."""
    timeline = Timeline.of(assessment_input)
    steps: list[Step] = []
    day: date | None = assessment_input.today
    while day is not None and day <= until:
        for body, reassessment in timeline.play(day):
            steps += steps_of((body,), {reassessment.id: reassessment}, day)
        day = timeline.next_day()
    return tuple(steps)


def steps_of(bodies: Iterable[Body], reassessments: Mapping[str, Reassessment], today: date) -> Iterator[Step]:
    """Records as steps. `reassessments` are those open before, by id."""
    for body in bodies:
        match body:
            case Opened():
                yield Step(
                    today, "open", body.subject, _reasons(body.triggers), body.due, instant_due(body.triggers, body.due)
                )
            case Superseded():
                yield Step(today, "close", reassessments[body.reassessment].subject, body.reason)
            case Joined():
                subject = reassessments[body.reassessment].subject
                yield Step(
                    today, "join", subject, _reasons(body.triggers), body.due, instant_due(body.triggers, body.due)
                )
            case _:
                continue


def _reasons(triggers: Iterable[Trigger]) -> str:
    return "; ".join(trigger.reason for trigger in triggers)
