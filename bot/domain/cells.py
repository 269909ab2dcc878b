"""Where every cell (mitigation, deployment) stands: derived, never stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.calendar import local_date
from bot.domain.ledger.history import History, LastDecision, Reassessment
from bot.domain.register.base import Status
from bot.domain.register.mitigation import Mitigation
from bot.domain.register.register import Register
from bot.domain.triggers import evaluate_all, manual
from bot.domain.triggers.base import CellFacts, Fired, LastAssessment, Pending, Request, Result

Snapshots = Mapping[str, Mapping[str, object]]
"""Assessed snapshots by digest, as they could be read."""


class State(StrEnum):
    """What a cell reads as. The order is the order of urgency in views."""

    OVERDUE = "overdue"
    DUE = "due"
    TRIGGERED = "triggered"
    UNASSESSED = "unassessed"
    DUE_SOON = "due-soon"
    UNKNOWN = "unknown"
    CURRENT = "current"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class CellStatus:
    """One cell: its state, why, and what was last known of it."""

    mitigation: str
    cell: str
    state: State
    due: date | None
    """When it must be or had to be decided; None if nobody can say."""
    reason: str
    results: tuple[Result, ...]
    last: LastAssessment | None
    open: Reassessment | None
    """The open re-assessment that covers it."""
    scheduled: date | None = None
    """Earliest day on which pacing lets its first re-assessment open."""

    @property
    def fired(self) -> tuple[Fired, ...]:
        """Triggers that ask for a re-assessment."""
        return tuple(result for result in self.results if isinstance(result, Fired))

    @property
    def effectiveness(self) -> str:
        """As last decided; never "effective" unless the cell is current or only soon due."""
        if self.last is None:
            return "unassessed"
        if self.last.provenance == "imported":
            return "imported, not verified"
        word = self.last.decision or "unknown"
        if word == "effective" and self.state not in {State.CURRENT, State.DUE_SOON}:
            return f"was effective on {self.last.on}"
        return word

    @property
    def basis(self) -> str | None:
        """What the last assessment rests on."""
        if self.last is None:
            return None
        if self.last.provenance == "imported":
            return "imported"
        return "attested, self-assessed" if self.last.self_assessed else "attested"


@dataclass(frozen=True, slots=True)
class Situation:
    """The facts every decision is made from; time is one of them."""

    register: Register
    history: History
    snapshots: Snapshots
    now: datetime
    """UTC."""

    def __post_init__(self) -> None:
        """A renamed mitigation has the history it had: every decision is made from present ids."""
        object.__setattr__(self, "history", self.history.renamed(self.register.renamed))

    @property
    def today(self) -> date:
        """The calendar date in the configured time zone."""
        return local_date(self.now, self.register.configuration.timezone)


def assess(situation: Situation) -> tuple[CellStatus, ...]:
    """Every cell of the register, in order of mitigation and deployment."""
    decisions = situation.history.last_decisions()
    opened = {each.mitigation: each for each in situation.history.open}
    return tuple(
        _cell(
            entry.value,
            cell,
            _last(entry.value, decisions.get((entry.value.id, cell)), situation),
            opened.get(entry.value.id),
            situation,
        )
        for entry in situation.register.mitigations.values()
        for cell in entry.value.cells
    )


def _last(mitigation: Mitigation, found: LastDecision | None, situation: Situation) -> LastAssessment | None:
    """The assessment the clock counts from: the ledger's, else the imported one if it is not still to come."""
    if found is None:
        imported = mitigation.last_assessed
        return LastAssessment(imported, "imported") if imported and imported <= situation.today else None
    written = situation.snapshots.get(found.decided.snapshot, {}).get("mitigation")
    return LastAssessment(
        on=found.decided.decided_on,
        provenance="decided",
        decision=found.decided.decision,
        version=found.decided.version,
        record=found.reassessment.id,
        self_assessed=found.decided.self_assessed,
        snapshot=written if isinstance(written, dict) else None,
    )


def _cell(
    mitigation: Mitigation,
    cell: str,
    last: LastAssessment | None,
    opened: Reassessment | None,
    situation: Situation,
) -> CellStatus:
    covering = opened if opened and cell in opened.cells else None
    if mitigation.status is not Status.ACTIVE:
        return _inactive(mitigation, cell, last, covering)
    today = situation.today
    configuration = situation.register.configuration
    results = evaluate_all(CellFacts(mitigation, cell, configuration, today, last, _requests(covering)))
    state, due, reason = _state(mitigation, last, results, covering, today)
    return CellStatus(mitigation.id, cell, state, due, reason, results, last, covering)


def _inactive(
    mitigation: Mitigation, cell: str, last: LastAssessment | None, covering: Reassessment | None
) -> CellStatus:
    if mitigation.status is Status.RETIRED:
        return CellStatus(mitigation.id, cell, State.RETIRED, None, "it is retired", (), last, covering)
    reason = "it is proposed, and is assessed once it is active"
    return CellStatus(mitigation.id, cell, State.UNASSESSED, None, reason, (), last, covering)


def _requests(covering: Reassessment | None) -> tuple[Request, ...]:
    triggers = covering.triggers if covering else ()
    return tuple(Request(each.reason, each.requested_by) for each in triggers if each.kind == manual.KIND)


def _state(
    mitigation: Mitigation,
    last: LastAssessment | None,
    results: tuple[Result, ...],
    covering: Reassessment | None,
    today: date,
) -> tuple[State, date | None, str]:
    fired = [result for result in results if isinstance(result, Fired)]
    reason = "; ".join(result.reason for result in fired)
    dates = [result.due for result in fired if result.due] + ([covering.due] if covering else [])
    due = min(dates, default=None)
    if due is not None and mitigation.grace.after(due) < today:
        return State.OVERDUE, due, reason
    if fired and last is None:
        return State.UNASSESSED, due or today, reason
    if any(result.due is None for result in fired):
        return State.TRIGGERED, due or today, reason
    if fired and due is not None:
        return (State.DUE if today >= due else State.DUE_SOON), due, reason
    pending = next((result for result in results if isinstance(result, Pending)), None)
    if pending is not None:
        return State.CURRENT, pending.due, pending.reason
    assessed = f"assessed on {last.on}" if last else "not assessed"
    return State.UNKNOWN, None, f"{assessed}, and no interval is stated, so nobody can say when it is due"


def summary(cells: tuple[CellStatus, ...]) -> Mapping[str, int]:
    """How many cells are in each state; states with none are left out."""
    return {state: count for state in State if (count := sum(cell.state is state for cell in cells))}
