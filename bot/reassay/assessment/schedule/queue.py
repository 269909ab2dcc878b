"""The queue of subjects that require a re-assessment, in order, each with the day on which it may open."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from reassay.assessment.cells import AssessmentInput, CellStatus, State
from reassay.assessment.risk import UNKNOWN, Risk
from reassay.assessment.schedule.pacing import openings
from reassay.register.assessable import Assessable

_UNDONE = frozenset({State.UNASSESSED, State.OVERDUE})


@dataclass(frozen=True, slots=True)
class QueuedSubject:
    """A subject that requires a re-assessment and has none open."""

    subject: Assessable
    cells: tuple[CellStatus, ...]
    """The cells that require it."""
    paced: bool
    """Whether it belongs to the paced first run, as it was never decided."""
    opens: date
    """The opening day: today, or the earliest that pacing allows."""
    risk: Risk


AskingCells = Mapping[str, Sequence[CellStatus]]
"""Cells that require a re-assessment, by subject; only subjects that have none open."""


def asking_cells(cells: Iterable[CellStatus], assessment_input: AssessmentInput) -> AskingCells:
    """The cells that require a re-assessment, by subject."""
    asking: dict[str, list[CellStatus]] = {}
    for cell in cells:
        if cell.fired and cell.subject not in assessment_input.opened:
            asking.setdefault(cell.subject, []).append(cell)
    return asking


def opening_queue(assessment_input: AssessmentInput, asking: AskingCells) -> Iterator[QueuedSubject]:
    """Subjects in order of opening: those due today by due date, then paced ones by risk."""
    decided = assessment_input.history_index.decided
    backlog = {name for name, cells in asking.items() if name not in decided and _is_backlog(cells)}
    for name in sorted(asking.keys() - backlog, key=lambda name: (_earliest(asking[name]), name)):
        yield _queued(name, asking, assessment_input, None)
    by_risk = sorted(backlog, key=assessment_input.register_index.ranks.__getitem__)
    paced = assessment_input.history_index.paced.values()
    for name, day in openings(by_risk, paced, assessment_input.register.configuration, assessment_input.today):
        yield _queued(name, asking, assessment_input, day)


def _queued(name: str, asking: AskingCells, assessment_input: AssessmentInput, day: date | None) -> QueuedSubject:
    return QueuedSubject(
        assessment_input.register.subjects[name].value,
        tuple(asking[name]),
        paced=day is not None,
        opens=day or assessment_input.today,
        risk=assessment_input.register_index.risks.get(name, UNKNOWN),
    )


def _is_backlog(cells: Sequence[CellStatus]) -> bool:
    """Whether all cells are unassessed or overdue already, so that pacing cannot make them late."""
    return all(cell.clock in _UNDONE for cell in cells)


def _earliest(cells: Sequence[CellStatus]) -> date:
    return min((cell.due for cell in cells if cell.due), default=date.max)


def delayed(assessment_input: AssessmentInput) -> Mapping[str, QueuedSubject]:
    """The subjects that pacing delays, by id, in order of opening."""
    queue = opening_queue(assessment_input, asking_cells(assessment_input.cells, assessment_input))
    return {item.subject.id: item for item in queue if item.opens > assessment_input.today}


def scheduled(assessment_input: AssessmentInput) -> tuple[CellStatus, ...]:
    """Every cell, with the opening day of those that pacing delays."""
    later = delayed(assessment_input)
    return tuple(
        replace(cell, scheduled=later[cell.subject].opens) if cell.subject in later and cell.fired else cell
        for cell in assessment_input.cells
    )
