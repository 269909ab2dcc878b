"""The queue: which mitigations ask for a re-assessment, in which order, and when pacing lets them open."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from reassay.assessment.cells import CellStatus, Situation, State
from reassay.assessment.schedule.pacing import schedule
from reassay.assessment.schedule.risk import UNKNOWN, Risk, risks
from reassay.register.assessable import Assessable


@dataclass(frozen=True, slots=True)
class Wanted:
    """A subject with cells that ask for a re-assessment, and none open."""

    subject: Assessable
    cells: tuple[CellStatus, ...]
    """Those that ask."""
    paced: bool
    """Nobody has decided anything about it yet: the pacing of the first run counts it."""
    opens: date
    """Today, or the earliest day that pacing allows."""
    risk: Risk


def wanted(situation: Situation, cells: Sequence[CellStatus]) -> tuple[Wanted, ...]:
    """Subjects to open, first those not paced in order of due date, then the paced ones in order of risk."""
    asking: dict[str, list[CellStatus]] = {}
    for cell in cells:
        if cell.fired and cell.subject not in situation.opened:
            asking.setdefault(cell.subject, []).append(cell)
    decided = {each.subject for each in situation.history.reassessments.values() if each.decided}
    by_risk = risks(situation.register)
    backlog = {name for name, own in asking.items() if name not in decided and _is_backlog(own)}
    first = sorted(backlog, key=lambda name: (by_risk.get(name, UNKNOWN).key, name))
    days = schedule(first, situation.history, situation.register.configuration, situation.today)
    regular = sorted(asking.keys() - backlog, key=lambda name: (_earliest(asking[name]), name))
    return tuple(
        Wanted(
            situation.register.subjects[name].value,
            tuple(asking[name]),
            paced=name in backlog,
            opens=days.get(name, situation.today),
            risk=by_risk.get(name, UNKNOWN),
        )
        for name in (*regular, *first)
    )


def _is_backlog(own: Sequence[CellStatus]) -> bool:
    """What a first run finds undone. A date that is still to come, or just reached, is kept: pacing never makes it late."""
    return all(cell.state in {State.UNASSESSED, State.OVERDUE} for cell in own)


def _earliest(cells: Sequence[CellStatus]) -> date:
    return min((cell.due for cell in cells if cell.due), default=date.max)


def scheduled(situation: Situation) -> tuple[CellStatus, ...]:
    """Every cell, with the day pacing has in mind for those that have to wait."""
    cells = situation.cells
    waiting = {
        each.subject.id: each.opens for each in wanted(situation, cells) if each.paced and each.opens > situation.today
    }
    return tuple(
        replace(cell, scheduled=waiting[cell.subject]) if cell.subject in waiting and cell.fired else cell
        for cell in cells
    )
