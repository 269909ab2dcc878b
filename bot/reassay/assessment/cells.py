"""The state of every cell (mitigation, deployment): derived, never stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Literal

from reassay.assessment.history_index import HistoryIndex
from reassay.assessment.imported_assessments import imported
from reassay.assessment.register_index import EVERYWHERE, RegisterIndex
from reassay.assessment.rules import Rule, evaluate_all, rules_for
from reassay.assessment.side_exits import settled_for, side_exits_by_subject
from reassay.assessment.subjects import cells_of, grace_of, is_over, not_assessed
from reassay.assessment.triggers import acceptance_expired, evidence_stale, manual, never_assessed
from reassay.assessment.triggers.base import (
    CLOCKS,
    Blind,
    Fired,
    LastAssessment,
    ManualRequest,
    Pending,
    Result,
    TriggerInput,
    Waiver,
)
from reassay.common.calendar import local_date
from reassay.ledger.history import History, LastDecision, Reassessment, RecordedWaiver
from reassay.people.people import Directory
from reassay.register.assessable import Assessable
from reassay.register.base import Depth
from reassay.register.mitigation import Mitigation
from reassay.register.register import Register

Snapshots = Mapping[str, Mapping[str, object]]
"""Assessed snapshots by digest, as they could be read."""


def snapshots(objects: Mapping[str, object]) -> Snapshots:
    """Those objects of the ledger that are snapshots."""
    return {name: value for name, value in objects.items() if isinstance(value, dict)}


class State(StrEnum):
    """What a cell reads as. The order is the order of urgency in views."""

    OVERDUE = "overdue"
    DUE = "due"
    TRIGGERED = "triggered"
    EXTENDED = "extended"
    ACCEPTANCE_EXPIRED = "acceptance-expired"
    EVIDENCE_STALE = "evidence-stale"
    UNASSESSED = "unassessed"
    DUE_SOON = "due-soon"
    UNKNOWN = "unknown"
    CURRENT = "current"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class CellStatus:
    """One cell: its state, why, and what was last known of it."""

    subject: str
    """Id of the mitigation, or of a commitment with a clock of its own."""
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
    kind: Literal["mitigation", "commitment"] = "mitigation"
    """What the subject is."""

    @property
    def fired(self) -> tuple[Fired, ...]:
        """Triggers that ask for a re-assessment."""
        return tuple(result for result in self.results if isinstance(result, Fired))

    @property
    def effectiveness(self) -> str:
        """As last decided; never "effective" unless the cell is current or only soon due, and nothing is blind."""
        if self.last is None:
            return "unassessed"
        word = self.last.decision or "unknown"
        stamp = " (imported, not verified)" if self.last.provenance == "imported" else ""
        if stamp and self.last.decision is None:
            return "imported, not verified"
        blind = any(isinstance(result, Blind) for result in self.results)
        if word == "effective" and (blind or self.state not in {State.CURRENT, State.DUE_SOON}):
            return f"was effective on {self.last.on}{stamp}"
        return f"{word}{stamp}"

    @property
    def basis(self) -> str | None:
        """What the last assessment rests on."""
        if self.last is None:
            return None
        if self.last.provenance == "imported":
            return "imported"
        return f"{self.last.basis}, self-assessed" if self.last.self_assessed else self.last.basis


@dataclass(frozen=True)
class Situation:
    """The facts every decision is made from; time is one of them."""

    register: Register
    history: History
    snapshots: Snapshots
    now: datetime
    """UTC."""
    people: Directory = field(default_factory=Directory)
    """Whose names those of the register are."""

    def __post_init__(self) -> None:
        """A renamed mitigation has the history it had: every decision is made from present ids."""
        object.__setattr__(self, "history", self.history.renamed(self.register.renamed))

    @cached_property
    def today(self) -> date:
        """The calendar date in the configured time zone."""
        return local_date(self.now, self.register.configuration.timezone)

    @cached_property
    def register_index(self) -> RegisterIndex:
        """Register and history, indexed."""
        return RegisterIndex(self.register, self.history)

    @property
    def history_index(self) -> HistoryIndex:
        """Re-assessments by subject and cell."""
        return self.register_index.history_index

    @property
    def opened(self) -> Mapping[str, Reassessment]:
        """The open re-assessment of each subject that has one."""
        return self.history_index.opened

    @cached_property
    def waivers(self) -> Mapping[str, tuple[RecordedWaiver, ...]]:
        """By subject."""
        found: dict[str, list[RecordedWaiver]] = defaultdict(list)
        for each in self.history.waivers:
            found[each.subject].append(each)
        return {name: tuple(own) for name, own in found.items()}

    @cached_property
    def side_exits(self) -> Mapping[str, tuple[Reassessment, ...]]:
        """Side exits by subject."""
        return side_exits_by_subject(self.history)

    @property
    def decisions(self) -> Mapping[Depth, Mapping[tuple[str, str], LastDecision]]:
        """The last decision of each cell, at least so deep."""
        return self.history_index.last

    @cached_property
    def cells(self) -> tuple[CellStatus, ...]:
        """Every cell of the register, each evaluated once."""
        return assess(self)

    def at(self, now: datetime) -> Situation:
        """The same facts at another instant. The indices are shared: none of them depends on time."""
        other = replace(self, now=now)
        vars(other).update(register_index=self.register_index, side_exits=self.side_exits, waivers=self.waivers)
        return other


def assess(situation: Situation, only: frozenset[str] | None = None) -> tuple[CellStatus, ...]:
    """Every cell of the register, in order of subject and deployment; of some subjects, where they are named."""
    return tuple(
        cell
        for name in situation.register.subjects
        if only is None or name in only
        for cell in assess_subject(name, situation)
    )


def assess_subject(name: str, situation: Situation) -> tuple[CellStatus, ...]:
    """The cells of one subject; none if it is not in the register."""
    entry = situation.register.subjects.get(name)
    if entry is None:
        return ()
    rules = rules_for(entry.value, situation.register, situation.today)
    return tuple(
        status_of(trigger_input(entry.value, cell, situation), rules, situation)
        for cell in cells_of(entry.value, situation.register)
    )


def trigger_input(subject: Assessable, cell: str, situation: Situation) -> TriggerInput:
    """What the triggers of a cell may look at."""
    found = situation.opened.get(subject.id)
    last, last_full = _lasts(subject, cell, situation)
    return TriggerInput(
        subject=subject,
        cell=cell,
        register_index=situation.register_index,
        today=situation.today,
        now=situation.now,
        last=last,
        last_full=last_full,
        requests=_requests(found if found and cell in found.cells else None),
        settled=settled_for(
            situation.side_exits.get(subject.id, ()),
            situation.history_index.reassessments,
            last.seq or 0 if last else 0,
        ),
        waivers=tuple(
            Waiver(each.waived.condition, each.waived.until, (each.waived.asked.by, each.waived.confirmed_by))
            for each in situation.waivers.get(subject.id, ())
            if cell in each.waived.cells
        ),
    )


def _lasts(subject: Assessable, cell: str, situation: Situation) -> tuple[LastAssessment | None, LastAssessment | None]:
    """The assessment the clock counts from, and the last one in full: one and the same object where they are the same."""
    light, full = (situation.decisions[depth].get((subject.id, cell)) for depth in (Depth.LIGHT, Depth.FULL))
    last = _decided(light, situation) if light else _imported(subject, cell, situation, Depth.LIGHT)
    if full is None:
        return last, _imported(subject, cell, situation, Depth.FULL)
    return last, last if full is light else _decided(full, situation)


def _imported(subject: Assessable, cell: str, situation: Situation, depth: Depth) -> LastAssessment | None:
    """Where the ledger has none: an imported one, if it is not still to come."""
    past = imported(subject, cell, situation.register_index, situation.today, depth)
    return replace(past, snapshot=_first_seen(cell, past.on, situation)) if past else None


def _decided(last: LastDecision, situation: Situation) -> LastAssessment:
    return LastAssessment(
        on=last.decided.decided_on,
        provenance="decided",
        decision=last.decided.decision,
        version=last.decided.version,
        record=last.reassessment.id,
        self_assessed=last.decided.self_assessed,
        basis=last.decided.basis,
        depth=last.reassessment.depth,
        seq=last.reassessment.decided_seq,
        snapshot=situation.snapshots.get(last.decided.snapshot),
    )


def _first_seen(cell: str, since: date, situation: Situation) -> Mapping[str, object] | None:
    """Deployments as they were first seen after an imported assessment; None if none was."""
    found: dict[str, object] = {}
    for name, (day, snapshot) in situation.register_index.first_seen.items():
        document = situation.snapshots.get(snapshot)
        if cell in {name, EVERYWHERE} and day >= since and document is not None:
            kept = document.get("deployments")
            found |= kept if isinstance(kept, dict) else {}
    return {"deployments": found} if found else None


def status_of(facts: TriggerInput, rules: Sequence[Rule], situation: Situation) -> CellStatus:
    """Evaluates one cell. `rules` are the triggers that hold for its subject."""
    subject, cell = facts.subject, facts.cell
    opened = situation.opened.get(subject.id)
    covering = opened if opened and cell in opened.cells else None
    stopped = not_assessed(subject, situation.register, situation.today)
    if stopped is not None:
        return _inactive(facts, stopped, covering, situation)
    results = evaluate_all(facts, rules)
    state, due, reason = _state(facts, results, covering)
    return CellStatus(subject.id, cell, state, due, reason, results, facts.last, covering, kind=_kind(subject))


def _inactive(facts: TriggerInput, stopped: str, covering: Reassessment | None, situation: Situation) -> CellStatus:
    subject, state, reason = facts.subject, State.UNASSESSED, stopped
    if is_over(subject, situation.register, situation.today):
        state = State.RETIRED
    elif isinstance(subject, Mitigation):
        reason = f"{stopped}, and is assessed once it is active"
    return CellStatus(subject.id, facts.cell, state, None, reason, (), facts.last, covering, kind=_kind(subject))


def _kind(subject: Assessable) -> Literal["mitigation", "commitment"]:
    return "mitigation" if isinstance(subject, Mitigation) else "commitment"


def _requests(covering: Reassessment | None) -> tuple[ManualRequest, ...]:
    triggers = covering.triggers if covering else ()
    return tuple(
        ManualRequest(each.reason, each.requested_by, each.depth, each.about, each.because)
        for each in triggers
        if each.kind == manual.KIND
    )


def _state(
    facts: TriggerInput, results: tuple[Result, ...], covering: Reassessment | None
) -> tuple[State, date | None, str]:
    fired = [result for result in results if isinstance(result, Fired)]
    reason = "; ".join(result.reason for result in fired)
    dates = [result.due for result in fired if result.due] + ([covering.due] if covering else [])
    due = min(dates, default=None)
    if covering is not None and covering.extensions and fired:
        # What joined it later has moved its date nearer already; what was granted holds for all the rest.
        due = covering.due
        if facts.today <= due:
            return State.EXTENDED, due, f"extended to {due}; {reason}"
    if due is not None and grace_of(facts.subject).after(due) < facts.today:
        return State.OVERDUE, due, reason
    if fired:
        return _asked_for(fired, due, facts), due or facts.today, reason
    return _not_asked_for(facts, results)


def _asked_for(fired: Sequence[Fired], due: date | None, facts: TriggerInput) -> State:
    kinds = {result.kind for result in fired}
    if facts.last is None and never_assessed.KIND in kinds and all(result.due is None for result in fired):
        return State.UNASSESSED
    if acceptance_expired.KIND in kinds:
        return State.ACCEPTANCE_EXPIRED
    if kinds - CLOCKS - {evidence_stale.KIND, never_assessed.KIND} or any(
        result.due is None and result.kind != evidence_stale.KIND for result in fired
    ):
        return State.UNASSESSED if facts.last is None and never_assessed.KIND in kinds else State.TRIGGERED
    if evidence_stale.KIND in kinds:
        return State.EVIDENCE_STALE
    return State.DUE if due is not None and facts.today >= due else State.DUE_SOON


def _not_asked_for(facts: TriggerInput, results: tuple[Result, ...]) -> tuple[State, date | None, str]:
    """Nothing fired: current, unless somebody would have to know what nobody knows."""
    pending = [result for result in results if isinstance(result, Pending)]
    first = min(pending, key=lambda result: (result.due, result.opens), default=None)
    blind = [result.reason for result in results if isinstance(result, Blind)]
    if blind:
        return State.UNKNOWN, first.due if first else None, "; ".join(dict.fromkeys(blind))
    clock = any(result.kind in CLOCKS | {never_assessed.KIND} for result in pending)
    if first is not None and (clock or not isinstance(facts.subject, Mitigation)):
        return State.CURRENT, first.due, first.reason
    if not isinstance(facts.subject, Mitigation):
        return State.CURRENT, None, "nothing has happened that it waits for"
    assessed = f"assessed on {facts.last.on}" if facts.last else "not assessed"
    return State.UNKNOWN, None, f"{assessed}, and no interval is stated, so nobody can say when it is due"


def summary(cells: tuple[CellStatus, ...]) -> Mapping[str, int]:
    """How many cells are in each state; states with none are left out."""
    return {state: count for state in State if (count := sum(cell.state is state for cell in cells))}
