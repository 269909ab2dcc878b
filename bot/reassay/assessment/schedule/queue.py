"""The queue: which subjects ask for a re-assessment, in which order, and when pacing lets them open."""

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
    """A subject with cells that ask for a re-assessment, and none open."""

    subject: Assessable
    cells: tuple[CellStatus, ...]
    """Those that ask."""
    paced: bool
    """Nobody has decided anything about it yet: the pacing of the first run counts it."""
    opens: date
    """Today, or the earliest day that pacing allows."""
    risk: Risk


AskingCells = Mapping[str, Sequence[CellStatus]]
"""By subject that has no open re-assessment, its cells that ask for one."""


def asking_cells(cells: Iterable[CellStatus], situation: Situation) -> AskingCells:
    """What asks among some cells."""
    asking: dict[str, list[CellStatus]] = {}
    for cell in cells:
        if cell.fired and cell.subject not in situation.opened:
            asking.setdefault(cell.subject, []).append(cell)
    return asking


def opening_queue(situation: Situation, asking: AskingCells) -> Iterator[QueuedSubject]:
    """Subjects to open, in order of the day: those not paced by due date, today; then the paced ones by risk."""
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
    """What a first run finds undone. A date that is still to come, or just reached, is kept: pacing never makes it late."""
    return all(cell.state in _UNDONE for cell in cells)


def _earliest(cells: Sequence[CellStatus]) -> date:
    return min((cell.due for cell in cells if cell.due), default=date.max)


def waiting(situation: Situation) -> Mapping[str, QueuedSubject]:
    """By subject, what pacing holds back today, in order of the day."""
    queue = opening_queue(situation, asking_cells(situation.cells, situation))
    return {item.subject.id: item for item in queue if item.opens > situation.today}


def scheduled(situation: Situation) -> tuple[CellStatus, ...]:
    """Every cell, with the day pacing has in mind for those that have to wait."""
    later = waiting(situation)
    return tuple(
        replace(cell, scheduled=later[cell.subject].opens) if cell.subject in later and cell.fired else cell
        for cell in situation.cells
    )
