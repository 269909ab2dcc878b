"""The state of every cell (mitigation, deployment): derived, never stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Literal

from reassay.assessment.history_index import HistoryIndex
from reassay.assessment.imported_assessments import imported_assessment
from reassay.assessment.new_entries import bears_on_cells
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
from reassay.ledger.entry import Entry
from reassay.ledger.history import History, LastDecision, Reassessment, RecordedWaiver
from reassay.people.people import Directory
from reassay.register.assessable import Assessable
from reassay.register.base import Depth
from reassay.register.mitigation import Mitigation
from reassay.register.register import Register

NOTHING: Mapping[str, object] = MappingProxyType({})
Snapshots = Mapping[str, Mapping[str, object]]
"""Assessed snapshots by digest; those that cannot be read are left out."""


def snapshots(objects: Mapping[str, object]) -> Snapshots:
    """The objects of a ledger that are snapshots, by digest."""
    return {name: value for name, value in objects.items() if isinstance(value, dict)}


class State(StrEnum):
    """The state of a cell, most urgent first as views list them."""

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
    """The evaluated state of one cell, with its reason and its last assessment."""

    subject: str
    """Id of the mitigation, or of a commitment with a clock of its own."""
    cell: str
    state: State
    due: date | None
    """The day by which it must be decided; None if no trigger gives one."""
    reason: str
    results: tuple[Result, ...]
    last: LastAssessment | None
    open: Reassessment | None
    """The open re-assessment that covers it."""
    scheduled: date | None = None
    """Earliest day on which pacing lets its first re-assessment open."""
    kind: Literal["mitigation", "commitment"] = "mitigation"
    """Whether the subject is a mitigation or a commitment."""

    @property
    def fired(self) -> tuple[Fired, ...]:
        """The triggers that have fired."""
        return tuple(result for result in self.results if isinstance(result, Fired))

    @property
    def effectiveness(self) -> str:
        """The last decision; it reads "effective" only while the cell is current or due soon and no trigger is blind."""
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
        """The basis of the last assessment (measured, exercised, judged, attested or imported); None if there is none."""
        if self.last is None:
            return None
        if self.last.provenance == "imported":
            return "imported"
        return f"{self.last.basis}, self-assessed" if self.last.self_assessed else self.last.basis


@dataclass(frozen=True)
class AssessmentInput:
    """Everything that assessment decisions are computed from, the current time included."""

    register: Register
    history: History
    snapshots: Snapshots
    now: datetime
    """UTC."""
    people: Directory = field(default_factory=Directory)
    """The accounts behind the logins of the register."""

    def __post_init__(self) -> None:
        """Re-keys the history to present ids, so that a renamed mitigation keeps its history."""
        object.__setattr__(self, "history", self.history.renamed(self.register.renamed))

    @cached_property
    def today(self) -> date:
        """The calendar date in the configured time zone."""
        return local_date(self.now, self.register.configuration.timezone)

    @cached_property
    def register_index(self) -> RegisterIndex:
        """Indices over register and history."""
        return RegisterIndex(self.register, self.history)

    @property
    def history_index(self) -> HistoryIndex:
        """Indices over all re-assessments."""
        return self.register_index.history_index

    @property
    def opened(self) -> Mapping[str, Reassessment]:
        """The open re-assessment of each subject that has one."""
        return self.history_index.opened

    @cached_property
    def waivers(self) -> Mapping[str, tuple[RecordedWaiver, ...]]:
        """Recorded waivers by subject."""
        by_subject: dict[str, list[RecordedWaiver]] = defaultdict(list)
        for waiver in self.history.waivers:
            by_subject[waiver.subject].append(waiver)
        return {name: tuple(waivers) for name, waivers in by_subject.items()}

    @cached_property
    def side_exits(self) -> Mapping[str, tuple[Reassessment, ...]]:
        """Re-assessments closed without a decision, by subject."""
        return side_exits_by_subject(self.history)

    @property
    def decisions(self) -> Mapping[Depth, Mapping[tuple[str, str], LastDecision]]:
        """By depth, the last decision of each (subject, cell) that was at least that deep."""
        return self.history_index.last

    def at(self, now: datetime) -> AssessmentInput:
        """The same context at another instant. It shares the indices, none of which depends on time."""
        other = replace(self, now=now)
        vars(other).update(register_index=self.register_index, side_exits=self.side_exits, waivers=self.waivers)
        return other

    @cached_property
    def cells(self) -> tuple[CellStatus, ...]:
        """Every cell of the register, each evaluated once."""
        return assess(self) if self.same_cells is self else self.same_cells.cells

    @cached_property
    def same_cells(self) -> AssessmentInput:
        """The earliest situation of this run in which every cell reads as it does here; itself unless `after` made it."""
        return self

    def after(self, entries: Sequence[Entry], objects: Mapping[str, object] = NOTHING) -> AssessmentInput:
        """The same facts once further entries are recorded, with the `objects` that they name.

        Cells are evaluated again only if one of the entries may change them.
        """
        if not entries:
            return self
        together = {**self.snapshots, **snapshots(objects)}
        later = replace(self, history=self.history.with_entries(entries), snapshots=together)
        is_same = together.keys() == self.snapshots.keys()
        if is_same and not any(bears_on_cells(entry.body, later.history) for entry in entries):
            vars(later)["same_cells"] = self.same_cells
        return later


def assess(assessment_input: AssessmentInput, only: frozenset[str] | None = None) -> tuple[CellStatus, ...]:
    """The evaluated cells in order of subject and deployment; those of the subjects in `only`, or all."""
    return tuple(
        cell
        for name in assessment_input.register.subjects
        if only is None or name in only
        for cell in assess_subject(name, assessment_input)
    )


def assess_subject(name: str, assessment_input: AssessmentInput) -> tuple[CellStatus, ...]:
    """The cells of one subject; none if it is not in the register."""
    entry = assessment_input.register.subjects.get(name)
    if entry is None:
        return ()
    rules = rules_for(entry.value, assessment_input.register, assessment_input.today)
    return tuple(
        status_of(trigger_input(entry.value, cell, assessment_input), rules, assessment_input)
        for cell in cells_of(entry.value, assessment_input.register)
    )


def trigger_input(subject: Assessable, cell: str, assessment_input: AssessmentInput) -> TriggerInput:
    """The input for the triggers of a cell."""
    reassessment = assessment_input.opened.get(subject.id)
    last, last_full = _lasts(subject, cell, assessment_input)
    return TriggerInput(
        subject=subject,
        cell=cell,
        register_index=assessment_input.register_index,
        today=assessment_input.today,
        now=assessment_input.now,
        last=last,
        last_full=last_full,
        requests=_requests(reassessment if reassessment and cell in reassessment.cells else None),
        settled=settled_for(
            assessment_input.side_exits.get(subject.id, ()),
            assessment_input.history_index.reassessments,
            last.seq or 0 if last else 0,
        ),
        waivers=tuple(
            Waiver(waiver.waived.condition, waiver.waived.until, (waiver.waived.asked.by, waiver.waived.confirmed_by))
            for waiver in assessment_input.waivers.get(subject.id, ())
            if cell in waiver.waived.cells
        ),
    )


def _lasts(
    subject: Assessable, cell: str, assessment_input: AssessmentInput
) -> tuple[LastAssessment | None, LastAssessment | None]:
    """The last assessment of any depth and the last one in full; the same object if they are the same."""
    light, full = (assessment_input.decisions[depth].get((subject.id, cell)) for depth in (Depth.LIGHT, Depth.FULL))
    last = _decided(light, assessment_input) if light else _imported(subject, cell, assessment_input, Depth.LIGHT)
    if full is None:
        return last, _imported(subject, cell, assessment_input, Depth.FULL)
    return last, last if full is light else _decided(full, assessment_input)


def _imported(subject: Assessable, cell: str, assessment_input: AssessmentInput, depth: Depth) -> LastAssessment | None:
    """The imported assessment that counts where the ledger has no decision; future ones do not."""
    if assessment_input.history.end_of(subject.id, subject.formerly):
        # An id has one life: what was imported under it may be about another mitigation.
        return None
    past = imported_assessment(subject, cell, assessment_input.register_index, assessment_input.today, depth)
    return replace(past, snapshot=_first_seen(cell, past.on, assessment_input)) if past else None


def _decided(last: LastDecision, assessment_input: AssessmentInput) -> LastAssessment:
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
        snapshot=assessment_input.snapshots.get(last.decided.snapshot),
    )


def _first_seen(cell: str, since: date, assessment_input: AssessmentInput) -> Mapping[str, object] | None:
    """A snapshot of the deployments as first seen after an imported assessment; None if none was recorded."""
    deployments: dict[str, object] = {}
    for name, (day, snapshot) in assessment_input.register_index.first_seen.items():
        document = assessment_input.snapshots.get(snapshot)
        if cell in {name, EVERYWHERE} and day >= since and document is not None:
            recorded = document.get("deployments")
            deployments |= recorded if isinstance(recorded, dict) else {}
    return {"deployments": deployments} if deployments else None


def status_of(facts: TriggerInput, rules: Sequence[Rule], assessment_input: AssessmentInput) -> CellStatus:
    """The evaluated status of one cell. `rules` are those of its subject."""
    subject, cell = facts.subject, facts.cell
    opened = assessment_input.opened.get(subject.id)
    covering = opened if opened and cell in opened.cells else None
    stopped = not_assessed(subject, assessment_input.register, assessment_input.today)
    if stopped is not None:
        return _inactive(facts, stopped, covering, assessment_input)
    results = evaluate_all(facts, rules)
    state, due, reason = _state(facts, results, covering)
    return CellStatus(subject.id, cell, state, due, reason, results, facts.last, covering, kind=_kind(subject))


def _inactive(
    facts: TriggerInput, stopped: str, covering: Reassessment | None, assessment_input: AssessmentInput
) -> CellStatus:
    subject, state, reason = facts.subject, State.UNASSESSED, stopped
    if is_over(subject, assessment_input.register, assessment_input.today):
        state = State.RETIRED
    elif isinstance(subject, Mitigation):
        reason = f"{stopped}, and is assessed once it is active"
    return CellStatus(subject.id, facts.cell, state, None, reason, (), facts.last, covering, kind=_kind(subject))


def _kind(subject: Assessable) -> Literal["mitigation", "commitment"]:
    return "mitigation" if isinstance(subject, Mitigation) else "commitment"


def _requests(covering: Reassessment | None) -> tuple[ManualRequest, ...]:
    triggers = covering.triggers if covering else ()
    return tuple(
        ManualRequest(trigger.reason, trigger.requested_by, trigger.depth, trigger.about, trigger.because)
        for trigger in triggers
        if trigger.kind == manual.KIND
    )


def _state(
    facts: TriggerInput, results: tuple[Result, ...], covering: Reassessment | None
) -> tuple[State, date | None, str]:
    fired = [result for result in results if isinstance(result, Fired)]
    reason = "; ".join(result.reason for result in fired)
    dates = [result.due for result in fired if result.due] + ([covering.due] if covering else [])
    due = min(dates, default=None)
    if covering is not None and covering.extensions and fired:
        # Triggers that joined later have moved its date already; the extension covers all others.
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
    """State, due date and reason of a cell of which no trigger fired: unknown if a trigger is blind, else current."""
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
    """The number of cells by state; states without cells are left out."""
    return {state: count for state in State if (count := sum(cell.state is state for cell in cells))}
