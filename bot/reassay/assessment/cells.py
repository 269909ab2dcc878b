"""The state of every cell (mitigation, deployment): derived, never stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from types import MappingProxyType
from typing import Literal

from reassay.assessment.cell_status import URGENCY as URGENCY  # noqa: PLC0414 -- as above
from reassay.assessment.cell_status import CellStatus as CellStatus  # noqa: PLC0414 -- everybody takes it from here
from reassay.assessment.cell_status import OpenOrder
from reassay.assessment.cell_status import State as State  # noqa: PLC0414 -- as above
from reassay.assessment.cell_status import summary as summary  # noqa: PLC0414 -- as above
from reassay.assessment.favour import counts_in_favour
from reassay.assessment.history_index import HistoryIndex
from reassay.assessment.imported_assessments import imported_assessment
from reassay.assessment.joined import assessor_roles
from reassay.assessment.new_entries import bears_on_cells
from reassay.assessment.orders import DeploymentOrders, cells_ordered, deployment_orders, left_of, order_for
from reassay.assessment.register_index import EVERYWHERE, RegisterIndex
from reassay.assessment.rules import Rule, evaluate_all, rules_for
from reassay.assessment.side_exits import settled_for, side_exits_by_subject
from reassay.assessment.subjects import grace_of, is_over, not_assessed
from reassay.assessment.triggers import acceptance_expired, evidence_expired, evidence_stale, manual, never_assessed
from reassay.assessment.triggers.base import CLOCKS, Blind, Fired, LastAssessment, Pending, Result, TriggerInput, Waiver
from reassay.assessment.unreadable import LastReadableRegister
from reassay.assessment.unreadable_cells import cell_of_nothing, decided_assessment, present_cells, unreadable_cells
from reassay.common.calendar import local_date
from reassay.ledger.entry import Entry
from reassay.ledger.history import History, LastDecision, Reassessment, RecordedWaiver
from reassay.people.people import Directory, recorded_role
from reassay.register.assessable import Assessable
from reassay.register.base import Depth
from reassay.register.mitigation import Mitigation
from reassay.register.register import Register

NOTHING: Mapping[str, object] = MappingProxyType({})
Snapshots = Mapping[str, Mapping[str, object]]
"""Assessed snapshots by digest; those that cannot be read are left out."""
_STALE = frozenset({evidence_expired.KIND, evidence_stale.KIND})


def snapshots(objects: Mapping[str, object]) -> Snapshots:
    """The objects of a ledger that are snapshots, by digest."""
    return {name: value for name, value in objects.items() if isinstance(value, dict)}


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
    last_readable: LastReadableRegister | None = None
    """The register as it last could be read, where objects of it cannot be read now; None if nobody has looked."""
    results: Mapping[str, object] = field(default_factory=dict)
    """Objects of the ledger by digest: what result files counted, and criteria as declared with them."""

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
        return RegisterIndex(self.register, self.history, self.last_readable)

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

    @cached_property
    def orders(self) -> DeploymentOrders:
        """Decisions about deployments by subject, in order of the ledger."""
        return deployment_orders(self.history)

    @property
    def decisions(self) -> Mapping[Depth, Mapping[tuple[str, str], LastDecision]]:
        """By depth, the last decision of each (subject, cell) that was at least that deep."""
        return self.history_index.last

    def at(self, now: datetime) -> AssessmentInput:
        """The same context at another instant. It shares the indices, none of which depends on time."""
        other = replace(self, now=now)
        vars(other).update(
            register_index=self.register_index, side_exits=self.side_exits, waivers=self.waivers, orders=self.orders
        )
        return other

    def rules_of(self, subject: str) -> tuple[Rule, ...]:
        """The triggers that apply to a subject, looked up once for all callers; none for one that is not re-assessed."""
        if subject not in self._rules:
            entry = self.register.subjects.get(subject)
            self._rules[subject] = rules_for(entry.value, self.register, self.today) if entry else ()
        return self._rules[subject]

    @cached_property
    def _rules(self) -> dict[str, tuple[Rule, ...]]:
        return {}

    @cached_property
    def cells(self) -> tuple[CellStatus, ...]:
        """Every cell of the register, each evaluated once."""
        return self.cells_of(frozenset({*self.register.subjects, *self.register_index.unreadable_subjects}))

    def cells_of(self, subjects: frozenset[str]) -> tuple[CellStatus, ...]:
        """The cells of some subjects, in order of subject and deployment; each is evaluated at most once for all callers."""
        if self.same_cells is not self:
            return self.same_cells.cells_of(subjects)
        evaluated: dict[str, tuple[CellStatus, ...]] = vars(self).setdefault("evaluated", {})
        for name in subjects - evaluated.keys():
            evaluated[name] = assess_subject(name, self)
        return tuple(cell for name in sorted(subjects) for cell in evaluated[name])

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
        together, results = {**self.snapshots, **snapshots(objects)}, {**self.results, **objects}
        later = replace(self, history=self.history.with_entries(entries), snapshots=together, results=results)
        is_same = together.keys() == self.snapshots.keys()
        if is_same and not any(bears_on_cells(entry.body, later.history) for entry in entries):
            vars(later)["same_cells"] = self.same_cells
        return later


def assess(assessment_input: AssessmentInput, only: frozenset[str] | None = None) -> tuple[CellStatus, ...]:
    """The evaluated cells in order of subject and deployment; those of the subjects in `only`, or all."""
    return tuple(
        cell
        for name in sorted({*assessment_input.register.subjects, *assessment_input.register_index.unreadable_subjects})
        if only is None or name in only
        for cell in assess_subject(name, assessment_input)
    )


def assess_subject(name: str, assessment_input: AssessmentInput) -> tuple[CellStatus, ...]:
    """The cells of one subject, the last known ones if it cannot be read; none if it is not in the register."""
    entry = assessment_input.register.subjects.get(name)
    if entry is None:
        lost = assessment_input.register_index.unreadable_subjects.get(name)
        return unreadable_cells(lost, assessment_input) if lost else ()
    rules = assessment_input.rules_of(name)
    cells = present_cells(entry.value, assessment_input)
    statuses = tuple(
        status_of(trigger_input(entry.value, cell, assessment_input), rules, assessment_input) for cell in cells
    )
    return (*statuses, *_no_longer_served(entry.value, cells, assessment_input)) or (
        cell_of_nothing(entry.value, assessment_input),
    )


def _no_longer_served(
    subject: Assessable, cells: Sequence[str], assessment_input: AssessmentInput
) -> Iterator[CellStatus]:
    """Cells that the subject dropped while an order about them is open: that carries no order out."""
    orders = assessment_input.orders.get(subject.id, ())
    for cell in cells_ordered(orders, assessment_input.register) if orders and EVERYWHERE not in cells else ():
        if cell not in cells:
            facts = trigger_input(subject, cell, assessment_input)
            dropped = CellStatus(
                subject.id, cell, State.RETIRED, None, f"{subject.id} no longer serves it", (), facts.last, None,
                kind=_kind(subject),
            )  # fmt: skip
            status = _with_consequences(dropped, assessment_input)
            if status.state is not State.RETIRED:
                yield status


def _with_consequences(status: CellStatus, assessment_input: AssessmentInput) -> CellStatus:
    """The status with the consequences of the last verdict, which dates and triggers never cover up."""
    order = order_for(status.cell, assessment_input.orders.get(status.subject, ()))
    if order is not None:
        snapshot = assessment_input.snapshots.get(order.snapshot or "")
        seen = assessment_input.register_index.observations
        left = left_of(order, status.cell, assessment_input.register, snapshot, assessment_input.today, seen)
        if left:
            is_withdrawal = order.action == "withdraw"
            state = State.WITHDRAW_ORDERED if is_withdrawal else State.RESTRICT_ORDERED
            words = f"{order.words()}: {left}"
            reason = "; ".join(filter(None, (words, status.reason)))
            standing = OpenOrder(order.record, "withdraw" if is_withdrawal else "restrict", words)
            return replace(status, state=state, reason=reason, timing=status.state, order=standing)
    decision = status.last.decision if status.last else None
    if decision == "ineffective" and status.state is not State.RETIRED:
        return replace(status, state=State.INEFFECTIVE, timing=status.state)
    if decision == "degraded" and status.state in {State.CURRENT, State.DUE_SOON}:
        return replace(status, state=State.DEGRADED, timing=status.state)
    return status


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
        requests=manual.requests_of(reassessment if reassessment and cell in reassessment.cells else None),
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
        results=assessment_input.results,
        snapshots=assessment_input.snapshots,
    )


def _lasts(
    subject: Assessable, cell: str, assessment_input: AssessmentInput
) -> tuple[LastAssessment | None, LastAssessment | None]:
    """The last assessment of any depth and the last one in full; the same object if they are the same."""
    light, full = (assessment_input.decisions[depth].get((subject.id, cell)) for depth in (Depth.LIGHT, Depth.FULL))
    last = (
        _decided(light, subject, assessment_input) if light else _imported(subject, cell, assessment_input, Depth.LIGHT)
    )
    if full is None:
        return last, _imported(subject, cell, assessment_input, Depth.FULL)
    return last, last if full is light else _decided(full, subject, assessment_input)


def _imported(subject: Assessable, cell: str, assessment_input: AssessmentInput, depth: Depth) -> LastAssessment | None:
    """The imported assessment that counts where the ledger has no decision; future ones do not."""
    if assessment_input.history.end_of(subject.id, subject.formerly):
        # An id has one life: what was imported under it may be about another mitigation.
        return None
    past = imported_assessment(subject, cell, assessment_input.register_index, assessment_input.today, depth)
    return replace(past, snapshot=_first_seen(cell, past.on, assessment_input)) if past else None


def _decided(last: LastDecision, subject: Assessable, assessment_input: AssessmentInput) -> LastAssessment:
    counts = counts_in_favour(last.reassessment, assessing_roles(subject, assessment_input))
    return replace(decided_assessment(last, assessment_input), counts=counts)


def assessing_roles(subject: Assessable, assessment_input: AssessmentInput) -> frozenset[str]:
    """The roles that assess a subject, its owner if it names none; as declared and as the ledger names them."""
    register, people = assessment_input.register, assessment_input.people
    roles = assessor_roles(subject, register, assessment_input.today) or (subject.owner,)
    return frozenset({*roles, *(recorded_role(role, register, people) for role in roles)})


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
        return _with_consequences(_inactive(facts, stopped, covering, assessment_input), assessment_input)
    results = evaluate_all(facts, rules)
    state, due, reason = _state(facts, results, covering)
    status = CellStatus(subject.id, cell, state, due, reason, results, facts.last, covering, kind=_kind(subject))
    return _with_consequences(status, assessment_input)


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
    if due is not None and (grace_of(facts.subject).after(due) < facts.today or _is_past(due, fired, covering, facts)):
        return State.OVERDUE, due, reason
    if fired:
        return _asked_for(fired, due, facts), due or facts.today, reason
    return _not_asked_for(facts, results)


def _is_past(due: date, fired: Sequence[Fired], covering: Reassessment | None, facts: TriggerInput) -> bool:
    """Whether the instant of a legal clock has passed on the day itself; a subject with days of grace is late after those."""
    if grace_of(facts.subject).after(due) > due:
        return False
    instants = [result.due_at for result in fired if result.due == due and result.due_at]
    if covering is not None and covering.due == due and covering.due_at:
        instants.append(covering.due_at)
    return any(instant < facts.now for instant in instants)


def _asked_for(fired: Sequence[Fired], due: date | None, facts: TriggerInput) -> State:
    kinds = {result.kind for result in fired}
    if facts.last is None and never_assessed.KIND in kinds and all(result.due is None for result in fired):
        return State.UNASSESSED
    if acceptance_expired.KIND in kinds:
        return State.ACCEPTANCE_EXPIRED
    if kinds - CLOCKS - _STALE - {never_assessed.KIND} or any(
        result.due is None and result.kind not in _STALE for result in fired
    ):
        return State.UNASSESSED if facts.last is None and never_assessed.KIND in kinds else State.TRIGGERED
    if any(result.kind in _STALE and result.due is None for result in fired):
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
        return State.CURRENT, None, "no event that it waits for has happened"
    assessed = f"assessed on {facts.last.on}" if facts.last else "not assessed"
    return State.UNKNOWN, None, f"{assessed}, and no interval is stated, so nobody can say when it is due"
