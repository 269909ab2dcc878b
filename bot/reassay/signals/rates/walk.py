"""The evidence of a stated ceiling, walked over the incidents and the decisions of a cell.

The rules (design, incident rate): a decision settles the level that fired. It lifts the evidence to 1 if it is below, which
restarts the watch, and never lowers it: otherwise an owner could wash evidence away by deciding. The evidence falls to 1
only with a new version of the mitigation or with a higher ceiling that a decision signs. What was reached stays reached until a
decision, so the result does not depend on when anybody looks.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from reassay.signals.rates.accepted import Ceiling
from reassay.signals.rates.evidence import firing_count, level_reached, next_level, rate_evidence
from reassay.signals.rates.watch_events import CountedIncident, DecisionOutcome, Stretch, WatchDecision


@dataclass(frozen=True, slots=True)
class RateAlarm:
    """A level that the evidence reached, with the counts on that day."""

    level: float
    on: date
    began: date
    """The last day before the watch in which it was reached."""
    incidents: float
    accepted: float

    @property
    def needed(self) -> int:
        """The number of incidents at which the level is reached where so many were accepted."""
        return firing_count(self.accepted, self.level)


@dataclass(frozen=True, slots=True)
class WatchState:
    """The state of a watch at the end of a day."""

    began: date
    """The last day before the watch: that of the decision with which it restarted, if there was one."""
    until: date
    incidents: float = 0.0
    """Incidents since the watch began, one for each root cause."""
    accepted: float = 0.0
    """Accepted incidents since the watch began."""
    settled: float = 0.0
    """The highest level that a decision settled since it began; 0 if none."""
    alarm: RateAlarm | None = None
    """The highest level that was reached and that no decision has settled."""
    outcomes: tuple[DecisionOutcome, ...] = ()
    causes: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def evidence(self) -> float:
        """The evidence number."""
        return rate_evidence(self.incidents, self.accepted)

    @property
    def next_level(self) -> float:
        """The next level at which it fires."""
        return next_level(max(self.settled, self.alarm.level if self.alarm else 0.0))


def walk(stretches: Sequence[Stretch], began: date, until: date) -> WatchState:
    """The state at the end of `until`, of a watch whose first day is the one after `began`.

    Incidents that are dated before the watch, or before the decision that did not know them, count from that decision on.
    """
    state = WatchState(began, began)
    for stretch in stretches:
        last_day = min(until, stretch.ends_with.day) if stretch.ends_with else until
        state = _through(state, stretch, max(state.until, last_day))
        if stretch.ends_with is not None:
            state = _decided(state, stretch.ends_with)
    return state


def _through(state: WatchState, stretch: Stretch, last_day: date) -> WatchState:
    """The state at the end of a stretch, before its decision."""
    by_day: dict[date, list[CountedIncident]] = {}
    for incident in stretch.incidents:
        by_day.setdefault(min(max(incident.day, state.until), last_day), []).append(incident)
    for day in sorted(by_day):
        state = _with_incidents(_at(state, day, stretch.ceiling), by_day[day])
    return _at(state, last_day, stretch.ceiling)


def _at(state: WatchState, day: date, ceiling: Ceiling) -> WatchState:
    return replace(state, until=day, accepted=state.accepted + ceiling.between(state.until, day))


def _with_incidents(state: WatchState, incidents: Sequence[CountedIncident]) -> WatchState:
    """The state after all incidents of a day, and the alarm that they raise."""
    numbers: dict[str, float] = {}
    for incident in incidents:
        if incident.cause not in state.causes:
            numbers[incident.cause] = max(incident.number, numbers.get(incident.cause, 0.0))
    state = replace(state, incidents=state.incidents + sum(numbers.values()), causes=state.causes | numbers.keys())
    level = level_reached(state.incidents, state.accepted)
    if level <= max(state.settled, state.alarm.level if state.alarm else 0.0):
        return state
    return replace(state, alarm=RateAlarm(level, state.until, state.began, state.incidents, state.accepted))


def _decided(state: WatchState, decision: WatchDecision) -> WatchState:
    alarm, evidence = state.alarm, state.evidence
    settled = alarm.level if alarm and alarm.level <= decision.settles_up_to else 0.0
    starts_afresh = decision.effect != "unchanged" or evidence < 1
    state = replace(
        state,
        alarm=None if settled else alarm,
        settled=max(state.settled, settled),
        outcomes=(*state.outcomes, DecisionOutcome(decision, evidence, settled, starts_afresh)),
    )
    if not starts_afresh:
        return state
    return replace(state, began=state.until, incidents=0.0, accepted=0.0, settled=0.0, causes=frozenset())
