"""The queue of subjects that require a re-assessment, in order, each with the day on which it may open."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from reassay.assessment.cells import CellStatus, Situation, State
from reassay.assessment.schedule.pacing import openings
from reassay.assessment.schedule.risk import UNKNOWN, Risk
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


def asking_cells(cells: Iterable[CellStatus], situation: Situation) -> AskingCells:
    """The cells that require a re-assessment, by subject."""
    asking: dict[str, list[CellStatus]] = {}
    for cell in cells:
        if cell.fired and cell.subject not in situation.opened:
            asking.setdefault(cell.subject, []).append(cell)
    return asking


def opening_queue(situation: Situation, asking: AskingCells) -> Iterator[QueuedSubject]:
    """Subjects in order of opening: those due today by due date, then paced ones by risk."""
    decided = situation.history_index.decided
    backlog = {name for name, cells in asking.items() if name not in decided and _is_backlog(cells)}
    for name in sorted(asking.keys() - backlog, key=lambda name: (_earliest(asking[name]), name)):
        yield _queued(name, asking, situation, None)
    by_risk = sorted(backlog, key=situation.register_index.ranks.__getitem__)
    paced = situation.history_index.paced.values()
    for name, day in openings(by_risk, paced, situation.register.configuration, situation.today):
        yield _queued(name, asking, situation, day)


def _queued(name: str, asking: AskingCells, situation: Situation, day: date | None) -> QueuedSubject:
    return QueuedSubject(
        situation.register.subjects[name].value,
        tuple(asking[name]),
        paced=day is not None,
        opens=day or situation.today,
        risk=situation.register_index.risks.get(name, UNKNOWN),
    )


def _is_backlog(cells: Sequence[CellStatus]) -> bool:
    """Whether all cells are unassessed or overdue already, so that pacing cannot make them late."""
    return all(cell.state in _UNDONE for cell in cells)


def _earliest(cells: Sequence[CellStatus]) -> date:
    return min((cell.due for cell in cells if cell.due), default=date.max)


def delayed(situation: Situation) -> Mapping[str, QueuedSubject]:
    """The subjects that pacing delays, by id, in order of opening."""
    queue = opening_queue(situation, asking_cells(situation.cells, situation))
    return {item.subject.id: item for item in queue if item.opens > situation.today}


def scheduled(situation: Situation) -> tuple[CellStatus, ...]:
    """Every cell, with the opening day of those that pacing delays."""
    later = delayed(situation)
    return tuple(
        replace(cell, scheduled=later[cell.subject].opens) if cell.subject in later and cell.fired else cell
        for cell in situation.cells
    )
