"""What a sweep would do now, and what would be opened when if every re-assessment were concluded on its due date."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from reassay.assessment.cells import Situation
from reassay.assessment.schedule.plan import Claim, plan
from reassay.assessment.schedule.queue import waiting
from reassay.assessment.schedule.timeline import Timeline
from reassay.ledger.entry import Body, Joined, Opened, Superseded, Trigger
from reassay.ledger.history import Reassessment


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
    """What a sweep would do now, and the days pacing has in mind for what has to wait. Evaluates each cell once."""
    later = (
        Step(item.opens, "open", name, f"not before then: paced, highest risk first ({item.risk.words()})")
        for name, item in waiting(situation).items()
    )
    return (*planned_steps(situation), *sorted(later, key=lambda step: (step.when, step.subject)))


def planned_steps(situation: Situation) -> tuple[Step, ...]:
    """What a sweep would do at the instant of `situation`."""
    lease = datetime.combine(situation.today, time.min, UTC)
    claim = Claim("forecast", [f"{number:032x}" for number in range(len(situation.cells))], lease, "")
    bodies = (record.body for record in plan(situation, claim).records)
    return tuple(steps_of(bodies, situation.history.reassessments, situation.today))


def forecast(situation: Situation, until: date) -> tuple[Step, ...]:
    """Everything up to and including `until`, as a sweep at the end of each day would do it."""
    timeline = Timeline.of(situation)
    steps: list[Step] = []
    day: date | None = situation.today
    while day is not None and day <= until:
        for body, reassessment in timeline.play(day):
            steps += steps_of((body,), {reassessment.id: reassessment}, day)
        day = timeline.next_day()
    return tuple(steps)


def steps_of(bodies: Iterable[Body], reassessments: Mapping[str, Reassessment], today: date) -> Iterator[Step]:
    """Records as steps. `reassessments` are those that were open before, by id."""
    for body in bodies:
        match body:
            case Opened():
                yield Step(today, "open", body.subject, _reasons(body.triggers), body.due)
            case Superseded():
                yield Step(today, "close", reassessments[body.reassessment].subject, body.reason)
            case Joined():
                subject = reassessments[body.reassessment].subject
                yield Step(today, "join", subject, _reasons(body.triggers), body.due)
            case _:
                continue


def _reasons(triggers: Iterable[Trigger]) -> str:
    return "; ".join(trigger.reason for trigger in triggers)
