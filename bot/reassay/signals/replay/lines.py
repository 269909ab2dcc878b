"""The lines of a rule's picture, day by day: incidents so far, what was accepted by then, and the count at which it fires.

All are totals since the picture's first day, so that a decision with which the watch restarts moves the two other lines up
to where the incidents are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from reassay.signals.rates.accepted import DAY
from reassay.signals.rates.change import ChangeEvidence
from reassay.signals.rates.change_walk import change_walk
from reassay.signals.rates.evidence import firing_count, next_level
from reassay.signals.rates.promise import in_window
from reassay.signals.rates.walk import WatchState, walk
from reassay.signals.rates.watch_events import CountedIncident, Stretch
from reassay.signals.replay.rules import CeilingRule, ChangeRule, PromiseRule, RateRule


@dataclass(frozen=True, slots=True)
class RateDay:
    """One day of a picture; every count is a total since the picture's first day."""

    day: date
    incidents: float
    """Counted incidents that were first seen by this day, one for each root cause."""
    accepted: float | None
    """Incidents that were accepted by this day; None for a promise's own count, which accepts no rate."""
    fires_at: float
    """The total at which the rule fires on this day."""
    exposure: float | None = None
    """Exposure of this day, in the unit of the picture; None if it is unknown, or the rule has none."""


def rate_days(
    rule: RateRule, stretches: Sequence[Stretch], began: date, until: date, exposure: Mapping[date, float] | None = None
) -> tuple[RateDay, ...]:
    """The days after `began`, up to and including `until`."""
    match rule:
        case CeilingRule():
            days = _ceiling_days(stretches, began, until)
        case ChangeRule():
            days = _change_days(rule, stretches, began, until)
        case PromiseRule():
            days = _promise_days(rule, stretches, began, until)
    return tuple(replace(own, exposure=exposure.get(own.day)) for own in days) if exposure is not None else tuple(days)


def _ceiling_days(stretches: Sequence[Stretch], began: date, until: date) -> Iterator[RateDay]:
    state, earlier = WatchState(began, began), 0.0
    for index, stretch in enumerate(stretches):
        waiting = sorted(stretch.incidents, key=lambda own: own.day, reverse=True)
        for day in _days_of(stretch, state.until, until):
            if waiting and waiting[-1].day <= day:
                while waiting and waiting[-1].day <= day:
                    waiting.pop()
                by_then = tuple(own for own in stretch.incidents if own.day <= day)
                state = walk([*stretches[:index], replace(stretch, incidents=by_then, ends_with=None)], began, day)
            accepted = state.accepted + stretch.ceiling.between(state.until, day)
            fires_at = firing_count(accepted, next_level(state.settled))
            yield RateDay(day, earlier + state.incidents, earlier + accepted, earlier + fires_at)
        if stretch.ends_with is not None:
            decided = walk(stretches[: index + 1], began, stretch.ends_with.day)
            if decided.outcomes[-1].starts_afresh:
                earlier += state.incidents
            state = decided


def _change_days(rule: ChangeRule, stretches: Sequence[Stretch], began: date, until: date) -> Iterator[RateDay]:
    outcomes = change_walk(stretches, began, until, rule.run_length).outcomes
    after, evidence = began, ChangeEvidence()
    total = accepted = 0.0
    causes: set[str] = set()
    for index, stretch in enumerate(stretches):
        news = [own for own in _first_of_causes(stretch.incidents) if own.cause not in causes]
        start = after
        for day in _days_of(stretch, start, until):
            # What is dated before the stretch is known only now: it counts on its first day.
            today = sum(own.number for own in news if max(own.day, start + DAY) == day)
            step = stretch.ceiling.between(day - DAY, day)
            accepted += step
            fires_at = total + _least(evidence, step, rule.run_length)
            evidence, total = evidence.after(today, step), total + today
            yield RateDay(day, total, accepted, fires_at)
            after = day
        causes |= {own.cause for own in news}
        if index < len(outcomes) and outcomes[index].starts_afresh:
            evidence, accepted, causes = ChangeEvidence(), total, set()


def _least(evidence: ChangeEvidence, accepted: float, run_length: float) -> int:
    """The least number of incidents of one day at which the run length is reached; a day without any raises no alarm."""
    number = 1
    while evidence.after(number, accepted).days < run_length:
        number += 1
    return number


def _promise_days(rule: PromiseRule, stretches: Sequence[Stretch], began: date, until: date) -> Iterator[RateDay]:
    incidents = [own for stretch in stretches for own in stretch.incidents]
    first = _first_of_causes(incidents)
    for number in range(1, (until - began).days + 1):
        day = began + number * DAY
        total = sum(own.number for own in first if own.day <= day)
        earlier = total - in_window(incidents, rule.window, day)
        yield RateDay(day, total, None, earlier + rule.fires_at(day))


def _first_of_causes(incidents: Sequence[CountedIncident]) -> tuple[CountedIncident, ...]:
    """The first incident of each root cause, by day."""
    first: dict[str, CountedIncident] = {}
    for incident in sorted(incidents, key=lambda incident: (incident.day, -incident.number, incident.cause)):
        first.setdefault(incident.cause, incident)
    return tuple(first.values())


def _days_of(stretch: Stretch, after: date, until: date) -> Iterator[date]:
    """The days of a stretch that begins after a day."""
    last = min(until, stretch.ends_with.day) if stretch.ends_with else until
    return (after + number * DAY for number in range(1, (last - after).days + 1))
