"""A timeline: a register and its ledger simulated forward, every re-assessment concluded effective on its due date.

The simulation goes from event to event. On a day it evaluates only subjects whose cells can have changed: because of a date
(`next_change`), because their own re-assessment was concluded or closed the day before, or because a failing sibling was
concluded effective.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from reassay.assessment.cells import AssessmentInput, CellStatus, status_of, trigger_input
from reassay.assessment.rules import Rule, rules_for
from reassay.assessment.schedule.agenda import Agenda
from reassay.assessment.schedule.next_change import next_change
from reassay.assessment.schedule.opening import opening
from reassay.assessment.schedule.progress import progress
from reassay.assessment.schedule.queue import opening_queue
from reassay.assessment.snapshot import snapshot
from reassay.assessment.unreadable_cells import present_cells
from reassay.common.calendar import end_of_day
from reassay.common.canonical import digest
from reassay.ledger.entry import Body, Decided, Entry, Joined, LedgerIdentity, Opened, Place, Superseded
from reassay.ledger.history import Reassessment
from reassay.ledger.reassessment import LedgerRecord, opened
from reassay.register.base import Status
from reassay.register.c14n import content_digest
from reassay.register.selection import not_in_force

_NOBODY = LedgerIdentity(host="", repository_id=0, ledger_id="")
_NOWHERE = Place(commit="", path="", line=0)
_DAY = timedelta(days=1)
LATE = timedelta(days=14)
"""The assumed time to conclude a re-assessment that was overdue when it opened."""
Change = Joined | Superseded | Opened


def concludes_on(reassessment: Reassessment) -> date:
    """The assumed day of conclusion."""
    opened_on = reassessment.opened.opened_on
    return reassessment.due if reassessment.due > opened_on else opened_on + LATE


def in_order(reassessments: Iterable[Reassessment]) -> list[Reassessment]:
    """The re-assessments in order of opening."""
    return sorted(reassessments, key=lambda reassessment: reassessment.opened_seq)


@dataclass(slots=True)
class Timeline:
    """The state of a simulation, which each played day changes."""

    assessment_input: AssessmentInput
    """The context at the end of the last played day; its indices include the simulated records."""
    documents: dict[str, Mapping[str, object]]
    """The snapshots of `situation` and those of simulated conclusions, by digest."""
    seq: int
    """Number of the last entry, simulated ones included."""
    evaluations: Agenda = field(default_factory=Agenda)
    """The next day of evaluation by subject."""
    conclusions: Agenda = field(default_factory=Agenda)
    """The day of conclusion by re-assessment id."""
    asking: dict[str, tuple[CellStatus, ...]] = field(default_factory=dict)
    """Cells that require a re-assessment, by subject that has none open because pacing delays it."""
    opens: date | None = None
    """The next day on which pacing allows an opening; None if it delays none."""
    digests: dict[tuple[str, tuple[str, ...]], str] = field(default_factory=dict)
    """The snapshot digest of a conclusion by subject and cells; constant, as the register does not change."""
    in_force: frozenset[str] = frozenset()
    """Ids of the commitments in force on the last played day, to which `rules` belong."""
    rules: dict[str, tuple[Rule, ...]] = field(default_factory=dict)
    """The rules of each evaluated subject."""
    merged_into: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By re-assessment id, the subjects whose re-assessments were merged into it."""

    @staticmethod
    def of(assessment_input: AssessmentInput) -> "Timeline":
        """A timeline at its start, on which every subject is evaluated today."""
        # A copy, because the simulation adds to indices and snapshots.
        documents = dict(assessment_input.snapshots)
        own = replace(assessment_input, snapshots=documents)
        timeline = Timeline(own, documents, assessment_input.history.seq, merged_into=_merged(own))
        timeline.evaluations.move_forward([*own.register.subjects, *own.opened], own.today)
        for reassessment in own.opened.values():
            timeline.conclusions.move(reassessment.id, concludes_on(reassessment))
        return timeline

    def play(self, day: date) -> Iterator[tuple[Change, Reassessment]]:
        """Plays one day: yields the records of a sweep at its end, each with its re-assessment, then adds the conclusions."""
        timezone = self.assessment_input.register.configuration.timezone
        self.assessment_input = self.assessment_input.at(max(self.assessment_input.now, end_of_day(day, timezone)))
        self._update_commitments()
        changes = [*self._evaluate_day(day), *self._openings()]
        for change in changes:
            yield change, self._record(change)
        self._conclude(day)

    def next_day(self) -> date | None:
        """The next day with an event; None if there is none."""
        days = (self.evaluations.next_day(), self.conclusions.next_day(), self.opens)
        return min((day for day in days if day is not None), default=None)

    def _update_commitments(self) -> None:
        """Clears the rules when other commitments are in force: rules depend on the day through these alone."""
        register, today = self.assessment_input.register, self.assessment_input.today
        in_force = frozenset(
            name for name, entry in register.commitments.items() if not not_in_force(entry.value, register, today)
        )
        if in_force != self.in_force:
            self.in_force = in_force
            self.rules.clear()

    def _evaluate_day(self, day: date) -> list[Joined | Superseded]:
        """Evaluates the subjects of the day; returns the changes of their open re-assessments, in order of opening."""
        index = self.assessment_input.history_index
        cells: dict[str, tuple[CellStatus, ...]] = {}
        for name in self.evaluations.pop_until(day):
            cells[name] = self._evaluate(name)
            asks = tuple(cell for cell in cells[name] if cell.fired)
            if asks and name not in index.opened:
                self.asking[name] = asks
            else:
                self.asking.pop(name, None)
        open_ones = in_order(index.opened[name] for name in cells if name in index.opened)
        changes = (
            progress(reassessment, cells[reassessment.subject], self.assessment_input) for reassessment in open_ones
        )
        return [change for change in changes if change]

    def _evaluate(self, name: str) -> tuple[CellStatus, ...]:
        """The cells of a subject today; schedules the next day on which they can change."""
        register = self.assessment_input.register
        entry = register.subjects.get(name)
        if entry is None:
            return ()
        if name not in self.rules:
            self.rules[name] = rules_for(entry.value, register, self.assessment_input.today)
        rules = self.rules[name]
        inputs = [
            trigger_input(entry.value, cell, self.assessment_input)
            for cell in present_cells(entry.value, self.assessment_input)
        ]
        days = [day for facts in inputs if (day := next_change(facts, rules))]
        self.evaluations.move_forward((name,), min(days, default=date.max))
        return tuple(status_of(facts, rules, self.assessment_input) for facts in inputs)

    def _openings(self) -> list[Opened]:
        """The openings of today; sets the next day on which pacing allows one."""
        self.opens = None
        bodies: list[Opened] = []
        for item in opening_queue(self.assessment_input, self.asking):
            if item.opens > self.assessment_input.today:
                self.opens = item.opens
                break
            name = self.assessment_input.history_index.next_id(self.assessment_input.today.year, len(bodies))
            bodies.append(opening(item, name, _NOWHERE, self.assessment_input))
        return bodies

    def _record(self, body: Change | Decided) -> Reassessment:
        """Adds a record to the indices and its consequences to the agendas."""
        self.seq += 1
        index, tomorrow = self.assessment_input.history_index, self.assessment_input.today + _DAY
        if isinstance(body, Opened):
            reassessment = opened(_entry(body, self.seq, self.assessment_input), body)
            self.asking.pop(body.subject, None)
        else:
            record = LedgerRecord(self.seq, self.assessment_input.now, body)
            reassessment = index.reassessments[body.reassessment].add(record)
            self.evaluations.move_forward((reassessment.subject,), tomorrow)
        index.put(reassessment)
        if reassessment.state == "open":
            self.conclusions.move(reassessment.id, concludes_on(reassessment))
        else:
            self.conclusions.remove(reassessment.id)
            self.evaluations.move_forward(self.merged_into.get(reassessment.id, ()), tomorrow)
        return reassessment

    def _conclude(self, day: date) -> None:
        reassessments = self.assessment_input.history_index.reassessments
        for reassessment in in_order(reassessments[name] for name in self.conclusions.pop_until(day)):
            # A subject that cannot be read cannot be concluded.
            if reassessment.subject in self.assessment_input.register.subjects:
                if self.assessment_input.history_index.is_failing(reassessment.subject):
                    self.evaluations.move_forward(self._siblings(reassessment.subject), day + _DAY)
                self._record(self._conclusion(reassessment))

    def _siblings(self, subject: str) -> Iterator[str]:
        """Active siblings of a mitigation, which are evaluated again once it is effective."""
        entry = self.assessment_input.register.mitigations.get(subject)
        for threat in entry.value.threat_models if entry else ():
            for sibling in self.assessment_input.register_index.siblings.get(threat, ()):
                if sibling.status is Status.ACTIVE:
                    yield sibling.id

    def _conclusion(self, reassessment: Reassessment) -> Decided:
        """The record of an effective decision on this day."""
        entry = self.assessment_input.register.subjects[reassessment.subject]
        covered = present_cells(entry.value, self.assessment_input)
        return Decided(
            reassessment=reassessment.id,
            subject=reassessment.subject,
            version=entry.value.version,
            cells=tuple(cell for cell in reassessment.cells if cell in covered) or reassessment.cells,
            decision="effective",
            self_assessed=False,
            decided_on=self.assessment_input.today,
            next_due=(),
            snapshot=self._snapshot(reassessment),
            content=content_digest({}),
        )

    def _snapshot(self, reassessment: Reassessment) -> str:
        """The digest of the snapshot of a decision on this day, which is added to `documents`."""
        key = (reassessment.subject, reassessment.cells)
        if key not in self.digests:
            entry = self.assessment_input.register.subjects[reassessment.subject]
            # No ledger holds it, so that its name need not be that of the canonical form, which takes much longer to make.
            data = json.dumps(snapshot(entry.value, reassessment.cells, self.assessment_input.register_index)).encode()
            self.digests[key] = digest(data)
            self.documents[digest(data)] = json.loads(data)
        return self.digests[key]


def _merged(assessment_input: AssessmentInput) -> Mapping[str, Sequence[str]]:
    merged: dict[str, list[str]] = defaultdict(list)
    for subject, left in assessment_input.side_exits.items():
        for reassessment in left:
            if reassessment.side_exit and reassessment.side_exit.into:
                merged[reassessment.side_exit.into].append(subject)
    return merged


def _entry(body: Body, seq: int, assessment_input: AssessmentInput) -> Entry:
    return Entry(
        seq=seq, prev=None, ledger=_NOBODY, recorded_at=assessment_input.now, base_ref="", register_commit="", body=body
    )
