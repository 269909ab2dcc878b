"""A register and its ledger played forward: every re-assessment is concluded effective on its due date.

It goes from event to event. On a day only those subjects are evaluated whose answer can have changed since: because a date
has come that they name (`next_change`), because their own re-assessment was concluded or closed the day before, or because
a sibling that was failing was concluded effective.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from reassay.assessment.cells import CellStatus, Situation, status_of, trigger_input
from reassay.assessment.rules import Rule, rules_for
from reassay.assessment.schedule.agenda import Agenda
from reassay.assessment.schedule.next_change import next_change
from reassay.assessment.schedule.opening import opening
from reassay.assessment.schedule.progress import progress
from reassay.assessment.schedule.queue import opening_queue
from reassay.assessment.snapshot import snapshot
from reassay.assessment.subjects import cells_of, not_in_force
from reassay.common.calendar import end_of_day
from reassay.common.canonical import canonical, digest
from reassay.ledger.entry import Body, Decided, Entry, Joined, LedgerIdentity, Opened, Place, Superseded
from reassay.ledger.history import Reassessment
from reassay.ledger.reassessment import Noted, opened
from reassay.register.base import Status
from reassay.register.c14n import content_digest

_NOBODY = LedgerIdentity(host="", repository_id=0, ledger_id="")
_NOWHERE = Place(commit="", path="", line=0)
_DAY = timedelta(days=1)
LATE = timedelta(days=14)
"""How long a re-assessment is assumed to take that was overdue when it opened: it is not settled in the past."""
Change = Joined | Superseded | Opened


def concludes_on(reassessment: Reassessment) -> date:
    """The day on which a forecast assumes that it is concluded."""
    opened_on = reassessment.opened.opened_on
    return reassessment.due if reassessment.due > opened_on else opened_on + LATE


def in_order(reassessments: Iterable[Reassessment]) -> list[Reassessment]:
    """In order of opening."""
    return sorted(reassessments, key=lambda reassessment: reassessment.opened_seq)


@dataclass(slots=True)
class Timeline:
    """Where a forecast has come to. It changes with each day that is played."""

    situation: Situation
    """As at the end of the day that was played last; its indices hold everything that happened until then."""
    documents: dict[str, Mapping[str, object]]
    """The snapshots of `situation`, to which those of the forecast's own conclusions are added."""
    seq: int
    """Of the last entry, forecast ones included."""
    looks: Agenda = field(default_factory=Agenda)
    """When which subject is evaluated next."""
    conclusions: Agenda = field(default_factory=Agenda)
    """When which re-assessment is concluded, by id."""
    asking: dict[str, tuple[CellStatus, ...]] = field(default_factory=dict)
    """By subject without an open re-assessment, its cells that ask for one: pacing holds it back."""
    opens: date | None = None
    """The next day on which pacing lets something open."""
    digests: dict[tuple[str, tuple[str, ...]], str] = field(default_factory=dict)
    """By subject and cells, the digest of the snapshot that a conclusion keeps: the register stays as it is."""
    in_force: frozenset[str] = frozenset()
    """Commitments that hold on the day that was played last: `rules` are those of that day."""
    rules: dict[str, tuple[Rule, ...]] = field(default_factory=dict)
    """By subject that was evaluated, the triggers that hold for it."""
    merged_into: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By re-assessment, the subjects whose own ones were closed in favour of it."""

    @staticmethod
    def of(situation: Situation) -> "Timeline":
        """At the beginning: everything is looked at today."""
        # The forecast adds to indices and snapshots; those of the caller stay as they are.
        documents = dict(situation.snapshots)
        own = replace(situation, snapshots=documents)
        timeline = Timeline(own, documents, situation.history.seq, merged_into=_merged(own))
        timeline.looks.hasten([*own.register.subjects, *own.opened], own.today)
        for reassessment in own.opened.values():
            timeline.conclusions.move(reassessment.id, concludes_on(reassessment))
        return timeline

    def play(self, day: date) -> Iterator[tuple[Change, Reassessment]]:
        """One day: what a sweep at its end would record, each with the re-assessment it is about; then conclusions."""
        timezone = self.situation.register.configuration.timezone
        self.situation = self.situation.at(max(self.situation.now, end_of_day(day, timezone)))
        self._notice_commitments()
        changes = [*self._look(day), *self._openings()]
        for change in changes:
            yield change, self._record(change)
        self._conclude(day)

    def next_day(self) -> date | None:
        """The next day on which anything can happen; None if there is none."""
        days = (self.looks.next_day(), self.conclusions.next_day(), self.opens)
        return min((day for day in days if day is not None), default=None)

    def _notice_commitments(self) -> None:
        """Which triggers hold for a subject depends on the day through the commitments in force alone."""
        register, today = self.situation.register, self.situation.today
        in_force = frozenset(
            name for name, entry in register.commitments.items() if not not_in_force(entry.value, register, today)
        )
        if in_force != self.in_force:
            self.in_force = in_force
            self.rules.clear()

    def _look(self, day: date) -> list[Joined | Superseded]:
        """Evaluates the subjects whose turn it is; what becomes of their open re-assessments, in order of opening."""
        index = self.situation.history_index
        cells: dict[str, tuple[CellStatus, ...]] = {}
        for name in self.looks.take(day):
            cells[name] = self._evaluate(name)
            asks = tuple(cell for cell in cells[name] if cell.fired)
            if asks and name not in index.opened:
                self.asking[name] = asks
            else:
                self.asking.pop(name, None)
        open_ones = in_order(index.opened[name] for name in cells if name in index.opened)
        changes = (progress(reassessment, cells[reassessment.subject], self.situation) for reassessment in open_ones)
        return [change for change in changes if change]

    def _evaluate(self, name: str) -> tuple[CellStatus, ...]:
        """The cells of a subject today; puts the next day on which they can read differently on the agenda."""
        register = self.situation.register
        entry = register.subjects.get(name)
        if entry is None:
            return ()
        if name not in self.rules:
            self.rules[name] = rules_for(entry.value, register, self.situation.today)
        rules = self.rules[name]
        inputs = [trigger_input(entry.value, cell, self.situation) for cell in cells_of(entry.value, register)]
        days = [day for facts in inputs if (day := next_change(facts, rules))]
        self.looks.hasten((name,), min(days, default=date.max))
        return tuple(status_of(facts, rules, self.situation) for facts in inputs)

    def _openings(self) -> list[Opened]:
        """What opens today; notes the next day on which pacing lets something open."""
        self.opens = None
        bodies: list[Opened] = []
        for item in opening_queue(self.situation, self.asking):
            if item.opens > self.situation.today:
                self.opens = item.opens
                break
            name = self.situation.history_index.next_id(self.situation.today.year, len(bodies))
            bodies.append(opening(item, name, _NOWHERE, self.situation))
        return bodies

    def _record(self, body: Change | Decided) -> Reassessment:
        """Adds an entry to the indices, and whatever follows from it to the agendas."""
        self.seq += 1
        index, tomorrow = self.situation.history_index, self.situation.today + _DAY
        if isinstance(body, Opened):
            reassessment = opened(_entry(body, self.seq, self.situation), body)
            self.asking.pop(body.subject, None)
        else:
            noted = Noted(self.seq, self.situation.now, body)
            reassessment = index.reassessments[body.reassessment].add(noted)
            self.looks.hasten((reassessment.subject,), tomorrow)
        index.put(reassessment)
        if reassessment.state == "open":
            self.conclusions.move(reassessment.id, concludes_on(reassessment))
        else:
            self.conclusions.strike(reassessment.id)
            self.looks.hasten(self.merged_into.get(reassessment.id, ()), tomorrow)
        return reassessment

    def _conclude(self, day: date) -> None:
        reassessments = self.situation.history_index.reassessments
        for reassessment in in_order(reassessments[name] for name in self.conclusions.take(day)):
            # What cannot be read, nobody can conclude.
            if reassessment.subject in self.situation.register.subjects:
                if self.situation.history_index.is_failing(reassessment.subject):
                    self.looks.hasten(self._siblings(reassessment.subject), day + _DAY)
                self._record(self._conclusion(reassessment))

    def _siblings(self, subject: str) -> Iterator[str]:
        """What stands beside a mitigation, and asks for nothing more on its account once it is effective again."""
        entry = self.situation.register.mitigations.get(subject)
        for threat in entry.value.threat_models if entry else ():
            for sibling in self.situation.register_index.siblings.get(threat, ()):
                if sibling.status is Status.ACTIVE:
                    yield sibling.id

    def _conclusion(self, reassessment: Reassessment) -> Decided:
        """What a person would record who finds it effective on this day."""
        entry = self.situation.register.subjects[reassessment.subject]
        covered = cells_of(entry.value, self.situation.register)
        return Decided(
            reassessment=reassessment.id,
            subject=reassessment.subject,
            version=entry.value.version,
            cells=tuple(cell for cell in reassessment.cells if cell in covered) or reassessment.cells,
            decision="effective",
            self_assessed=False,
            decided_on=self.situation.today,
            next_due=(),
            snapshot=self._snapshot(reassessment),
            content=content_digest({}),
        )

    def _snapshot(self, reassessment: Reassessment) -> str:
        """The digest of the register as a decision on this day would keep it; the snapshot itself is made readable."""
        key = (reassessment.subject, reassessment.cells)
        if key not in self.digests:
            entry = self.situation.register.subjects[reassessment.subject]
            data = canonical(snapshot(entry.value, reassessment.cells, self.situation.register_index))
            self.digests[key] = digest(data)
            self.documents[digest(data)] = json.loads(data)
        return self.digests[key]


def _merged(situation: Situation) -> Mapping[str, Sequence[str]]:
    merged: dict[str, list[str]] = defaultdict(list)
    for subject, left in situation.side_exits.items():
        for reassessment in left:
            if reassessment.side_exit and reassessment.side_exit.into:
                merged[reassessment.side_exit.into].append(subject)
    return merged


def _entry(body: Body, seq: int, situation: Situation) -> Entry:
    return Entry(
        seq=seq, prev=None, ledger=_NOBODY, recorded_at=situation.now, base_ref="", register_commit="", body=body
    )
