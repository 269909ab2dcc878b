"""Running deadlines: which clocks of a commitment an event has started, when each ends, and which a decision has met.

A decision meets the deadlines that its re-assessment was opened for, which the ledger names. Deadlines without an id are
alternatives and are met together. Those with an id are met one after the other, the earliest first; one that is past its end is
met together with it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from reassay.assessment.clock_events import ClockEvent, events_of, unique
from reassay.assessment.triggers.base import Blind, Fired, Pending, Result, Skipped, TriggerInput
from reassay.common.calendar import due_words, local_date
from reassay.ledger.reassessment import Reassessment
from reassay.register.anchors import StatedSchedule
from reassay.register.commitment import Commitment
from reassay.register.deadlines import LENGTH, Deadline
from reassay.register.trigger_specs import AnyTrigger

KIND: Final = "deadline"


@dataclass(frozen=True, slots=True)
class RunningDeadline:
    """One date of a deadline that an event has started."""

    deadline: Deadline
    event: ClockEvent
    key: str
    """Its name in the ledger: commitment, event, deadline and number."""
    number: int
    """Number of the repetition, from 0; 0 where the deadline does not repeat."""
    end: datetime
    """When it ends, in UTC."""
    begin: datetime
    """From when on it is asked for: its start, or the date before it."""
    start: datetime
    """When its clock started, in UTC; the earliest that this can be if a date is missing."""
    started_by: str
    """The anchor that started it, or the id of the deadline that it comes after."""
    met_at: datetime | None = None
    """When a decision met it; None if none has."""
    met_by: str = ""
    """The re-assessment whose decision met it; empty for one that was imported."""
    lacks: str = ""
    """The missing date without which its end is not known; then `end` is the earliest that it can be."""
    stated_in: str = ""
    """The document that states another schedule; empty if the deadline itself applies."""

    def words(self) -> str:
        """The deadline as part of a sentence: `'leak': report it, 15 days from discovered`."""
        what = f"{self.deadline.what}, " if self.deadline.what else ""
        again = f", number {self.number + 1}" if self.number else ""
        stated = f", as stated in {self.stated_in}" if self.stated_in else ""
        unknown = f", counted from the earliest it can be, as {self.lacks}" if self.lacks else ""
        return f"{self.event.words}: {what}{self.deadline.words()}{again}{stated}{unknown}"


@dataclass(frozen=True, slots=True)
class IdleDeadline:
    """A deadline that does not run, as the event of its anchor has not happened."""

    deadline: Deadline
    event: ClockEvent
    why: str

    def words(self) -> str:
        """The deadline, and why it does not run."""
        what = f"{self.deadline.what}, " if self.deadline.what else ""
        return f"{self.event.words}: {what}{self.deadline.words()} does not run: {self.why}"


@dataclass(frozen=True, slots=True)
class DeadlineStates:
    """The deadlines of one commitment for one cell."""

    running: tuple[RunningDeadline, ...] = ()
    idle: tuple[IdleDeadline, ...] = ()

    def asked(self, now: datetime) -> tuple[RunningDeadline, ...]:
        """The deadlines that have to be met now."""
        by_event: dict[str, list[RunningDeadline]] = defaultdict(list)
        for running in self.running:
            # The next date is asked for once the one before it has passed.
            if running.met_at is None and (running.number == 0 or running.begin < now):
                by_event[running.event.key].append(running)
        return tuple(each for own in by_event.values() for each in _first_group(own, now))


def _first_group(running: Sequence[RunningDeadline], now: datetime) -> Iterator[RunningDeadline]:
    first = min(running, key=lambda deadline: (deadline.end, deadline.key))
    return (other for other in running if other.deadline.id == first.deadline.id or other.end < now)


@dataclass(frozen=True)
class StatedRule:
    """A trigger that applies to a cell, with its result today."""

    spec: AnyTrigger
    commitment: Commitment | None
    """The commitment that states it; None if the mitigation does."""
    result: Result


def deadlines_of(commitment: Commitment, rules: Iterable[StatedRule], facts: TriggerInput) -> DeadlineStates:
    """The deadlines of a commitment for a cell, started by the events of its triggers."""
    own = [rule for rule in rules if rule.commitment is commitment]
    events = unique(event for rule in own for event in events_of(rule.spec, rule.result, commitment.id, facts))
    met = _MetDeadlines(facts, commitment)
    states = [_EventClocks(commitment, event, met, facts).states() for event in events]
    return DeadlineStates(
        tuple(running for state in states for running in state.running),
        tuple(idle for state in states for idle in state.idle),
    )


def with_deadlines(rules: Sequence[StatedRule], facts: TriggerInput) -> tuple[Result, ...]:
    """The results of triggers, due by the deadlines of their commitments, and then one result for each deadline."""
    named = {rule.commitment.id: rule.commitment for rule in rules if rule.commitment and rule.commitment.deadlines}
    states = {name: deadlines_of(commitment, rules, facts) for name, commitment in named.items()}
    dated = [_dated(rule, states.get(rule.commitment.id if rule.commitment else ""), facts) for rule in rules]
    own = (result for name, state in states.items() for result in _results(name, state, facts))
    return (*dated, *own)


def _dated(rule: StatedRule, states: DeadlineStates | None, facts: TriggerInput) -> Result:
    """A fired trigger, due with the earliest deadline of its events."""
    result = rule.result
    if states is None or not isinstance(result, Fired) or result.due is not None:
        return result
    about = [running for running in states.running if result.kind in {running.event.kind, "all"}]
    ends = [running.end for running in about if running.met_at is None] or [running.end for running in about]
    if not ends:
        return result
    end = min(ends)
    return replace(result, due=local_date(end, facts.configuration.timezone), due_at=end, within=None)


def _results(commitment: str, states: DeadlineStates, facts: TriggerInput) -> Iterator[Result]:
    zone = facts.configuration.timezone
    asked = states.asked(facts.now)
    for running in asked:
        yield Fired(
            KIND, f"{running.words()} ({commitment})", local_date(running.end, zone), about=running.key,
            depth=running.event.depth, due_at=running.end,
        )  # fmt: skip
        if running.lacks:
            yield Blind(
                KIND, f"{running.lacks}, so nobody can say when '{running.deadline.words()}' ends ({commitment})"
            )
    for running in states.running:
        if running.met_at is None and running not in asked:
            opens = local_date(max(running.begin, facts.now), zone)
            due = local_date(running.end, zone)
            yield Pending(KIND, f"{running.words()} ({commitment})", due, opens, running.end)
    for idle in states.idle:
        yield Skipped(KIND, f"{idle.words()} ({commitment})")


@dataclass(frozen=True, slots=True)
class _Start:
    at: datetime | None = None
    by: str = ""
    lacks: str = ""
    why_not: str = ""


@dataclass(frozen=True, slots=True, order=True)
class _Meeting:
    """A decision that met a deadline."""

    at: datetime
    record: str = ""
    """The id of its re-assessment; empty if it was imported."""


@dataclass
class _MetDeadlines:
    """The deadlines of a commitment that decisions about a cell have met, without its id, as it may have had another."""

    facts: TriggerInput
    commitment: Commitment
    by_key: dict[str, list[_Meeting]] = field(default_factory=lambda: defaultdict(list))
    by_start: dict[tuple[str, str], list[_Meeting]] = field(default_factory=lambda: defaultdict(list))
    """Of deadlines without an id, by event and start, as a changed length makes no other duty of it."""
    by_event: dict[str, list[_Meeting]] = field(default_factory=lambda: defaultdict(list))
    """Decisions of earlier versions, which recorded the event and not its deadlines."""

    def __post_init__(self) -> None:
        for reassessment in self.facts.register_index.history_index.of_subject(self.facts.subject.id):
            if reassessment.closed_at is not None and self._settles(reassessment):
                self._add(reassessment, _Meeting(reassessment.closed_at, reassessment.id))

    def _settles(self, reassessment: Reassessment) -> bool:
        decided = reassessment.decided
        if decided is not None:
            return reassessment.counts and decided.decision != "inconclusive" and self.facts.cell in decided.cells
        side_exit = reassessment.side_exit
        if side_exit is None:
            return False
        into = self.facts.register_index.history_index.reassessments.get(side_exit.into or "")
        return side_exit.into is None or (into is not None and (into.state == "open" or into.counts))

    def _add(self, reassessment: Reassessment, meeting: _Meeting) -> None:
        own = [trigger for trigger in reassessment.triggers if self.facts.cell in trigger.cells]
        deadlines = [rest for trigger in own if trigger.kind == KIND and (rest := self._own(trigger.about))]
        for key in deadlines:
            self.by_key[key].append(meeting)
            event, _, name = key.partition(" ")
            if match := LENGTH.match(name):
                self.by_start[event, name[match.end() :]].append(meeting)
        if not deadlines:
            for trigger in own:
                for cause in (self._own(trigger.about) or trigger.about).split(","):
                    self.by_event[f"{trigger.kind} {cause}"].append(meeting)

    def _own(self, about: str) -> str:
        """What a record says behind the id or a former id of the commitment; empty if it is about another one."""
        name, _, rest = about.partition(" ")
        return rest if name in {self.commitment.id, *self.commitment.formerly} else ""

    def first(self, key: str, event: ClockEvent, start: datetime) -> _Meeting | None:
        """The first decision that met a deadline which started at an instant; None without one.

        `key` is without the commitment.
        """
        name = key.partition(" ")[2]
        length = LENGTH.match(name)
        meetings = [*self.by_key.get(key, ()), *self.by_event.get(f"{event.kind} {event.cause}", ())]
        meetings += self.by_start.get((event.key, name[length.end() :]), ()) if length else ()
        last = self.facts.last
        if last is not None and last.provenance == "imported":
            zone = self.facts.configuration.timezone
            meetings += [_Meeting(start)] if local_date(start, zone) <= last.on else []
        return min((meeting for meeting in meetings if meeting.at >= start), default=None)


@dataclass(frozen=True, slots=True)
class _EventClocks:
    """The deadlines of a commitment that one event may start."""

    commitment: Commitment
    event: ClockEvent
    met: _MetDeadlines
    facts: TriggerInput

    def states(self) -> DeadlineStates:
        """Those that run, and those that do not."""
        running: list[RunningDeadline] = []
        idle: list[IdleDeadline] = []
        for deadline in _chained(self.commitment.deadlines):
            if deadline.circumstance is not None and deadline.circumstance not in self.event.circumstances:
                continue
            start = _start(deadline, self.event, running)
            if start.at is None:
                idle.append(IdleDeadline(deadline, self.event, start.why_not))
            elif start.at > self.facts.now:
                words = due_words(start.at.date(), start.at)
                idle.append(IdleDeadline(deadline, self.event, f"its clock starts on {words}"))
            else:
                running = _shortest([*running, *self._dates(deadline, start.at, start)])
        return DeadlineStates(tuple(running), tuple(idle))

    def _dates(self, deadline: Deadline, start: datetime, started: _Start) -> Iterator[RunningDeadline]:
        """The dates of a deadline from its start on: one, or those that have come so far and the next."""
        zone, schedule = self.facts.configuration.timezone, self._schedule(deadline)
        first = schedule.due if schedule else deadline.end(start, self.facts.configuration.working_days, zone)
        lacks = started.lacks
        if lacks and "occurred" in deadline.anchors:
            # It may have happened long before it was seen, so the clock may have run out by then.
            first = start
        repeats = schedule.repeats if schedule and schedule.repeats else deadline.repeats
        over = self.event.at(deadline.until) if deadline.until else None
        begin, number, end = start, 0, first
        while number == 0 or over is None or end <= over:
            again = [f"#{number + 1}"] if number else []
            own = " ".join([self.event.key, deadline.name, *again])
            met = self.met.first(own, self.event, begin)
            yield RunningDeadline(
                deadline, self.event, f"{self.commitment.id} {own}", number, end, begin, start, started.by,
                met.at if met else None, met.record if met else "", lacks, schedule.document if schedule else "",
            )  # fmt: skip
            if repeats is None or end > self.facts.now:
                return
            number += 1
            begin, end = end, deadline.repeated(first, number, zone, repeats)

    def _schedule(self, deadline: Deadline) -> StatedSchedule | None:
        """The latest other schedule that was stated for a deadline; None if it permits none or none is stated."""
        own = [
            schedule
            for schedule in self.event.schedules
            if deadline.or_as_stated and schedule.deadline == deadline.id and schedule.stated_on <= self.facts.now
        ]
        return max(own, key=lambda schedule: schedule.stated_on, default=None)


def _shortest(running: Sequence[RunningDeadline]) -> list[RunningDeadline]:
    """The dates without those of deadlines that share an id with one that ends earlier: one duty has one end."""
    first: dict[tuple[str, int], RunningDeadline] = {}
    for own in running:
        if own.deadline.id is not None:
            name = (own.deadline.id, own.number)
            first[name] = min(first.get(name, own), own, key=lambda date: (date.end, date.deadline.words()))
    return [own for own in running if own.deadline.id is None or first[own.deadline.id, own.number] is own]


def _chained(deadlines: Sequence[Deadline]) -> Iterator[Deadline]:
    """The deadlines, each behind the one that it comes after."""
    left = list(deadlines)
    placed: set[str] = set()
    while ready := [deadline for deadline in left if deadline.after is None or deadline.after in placed]:
        yield from ready
        placed |= {deadline.id for deadline in ready if deadline.id}
        left = [deadline for deadline in left if deadline not in ready]


def _start(deadline: Deadline, event: ClockEvent, running: Sequence[RunningDeadline]) -> _Start:
    if deadline.after is not None:
        before = [each for each in running if each.deadline.id == deadline.after and each.number == 0]
        ends = [at for at in (event.at(deadline.after), *(each.met_at for each in before)) if at is not None]
        if ends:
            return _Start(min(ends), deadline.after)
        return _Start(why_not=f"'{deadline.after}' is not met yet")
    dates = [(at, name) for name in deadline.anchors if (at := event.at(name)) is not None]
    if dates:
        return _Start(*min(dates, key=lambda date: date[0]))
    lacks = [(name, words) for name in deadline.anchors if (words := event.lacks(name))]
    if lacks:
        return _Start(event.earliest, lacks[0][0], " and ".join(words for _, words in lacks))
    return _Start(why_not=" and ".join(event.not_yet(name) for name in deadline.anchors))
