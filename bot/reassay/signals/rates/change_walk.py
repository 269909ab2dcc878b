"""The method for long intervals, walked over the incidents and the decisions of a cell.

A decision that settles an alarm, a new version and a higher signed ceiling restart it. Another decision changes nothing, so
deciding early washes nothing away. An alarm that somebody settles without a decision is not the last one: there are levels above.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reassay.signals.rates.accepted import DAY
from reassay.signals.rates.change import ChangeEvidence
from reassay.signals.rates.evidence import STEP
from reassay.signals.rates.walk import RateAlarm
from reassay.signals.rates.watch_events import DecisionOutcome, Stretch


@dataclass(frozen=True, slots=True)
class ChangeState:
    """The state of a watch for a change, at the end of a day."""

    began: date
    """The last day before the watch."""
    evidence: float
    """R, in days of run length."""
    incidents: float
    """Incidents since the watch began, one for each root cause."""
    accepted: float
    """Accepted incidents since the watch began."""
    alarms: tuple[RateAlarm, ...]
    """The days since the last decision on which the run length was reached, and then each level above it: five times as much."""
    outcomes: tuple[DecisionOutcome, ...]

    @property
    def alarm(self) -> RateAlarm | None:
        """The first of them; None if there is none."""
        return self.alarms[0] if self.alarms else None


def change_walk(stretches: Sequence[Stretch], began: date, until: date, run_length: float) -> ChangeState:
    """The state at the end of `until`; `run_length` in days. Raises ValueError."""
    if not run_length > 1:
        raise ValueError(f"a run length is more than one day, not {run_length}")
    run = _Run(began, began, run_length)
    for stretch in stretches:
        last_day = min(until, stretch.ends_with.day) if stretch.ends_with else until
        run.through(stretch, max(run.day, last_day))
    return ChangeState(
        run.began, run.evidence.days, run.incidents, run.accepted, tuple(run.alarms), tuple(run.outcomes)
    )


class _Run:
    """The days of a watch, one after the other."""

    def __init__(self, began: date, day: date, run_length: float) -> None:
        self.began, self.day, self.run_length = began, day, run_length
        self.alarms: list[RateAlarm] = []
        self.outcomes: list[DecisionOutcome] = []
        self._afresh()

    def _afresh(self) -> None:
        self.began, self.evidence = self.day, ChangeEvidence()
        self.incidents = self.accepted = 0.0
        self.causes: set[str] = set()

    def through(self, stretch: Stretch, last_day: date) -> None:
        numbers = self._numbers(stretch, last_day)
        # What is dated before the stretch is known only now: it counts on its first day.
        late = numbers.pop(self.day, 0.0)
        while self.day < last_day:
            self._next_day(numbers.get(self.day + DAY, 0.0) + late, stretch)
            late = 0.0
        if late:
            self._count(late, 0.0)
        self._decide(stretch)

    def _numbers(self, stretch: Stretch, last_day: date) -> dict[date, float]:
        """New causes by day."""
        first: dict[str, tuple[date, float]] = {}
        for incident in sorted(
            stretch.incidents, key=lambda incident: (incident.day, -incident.number, incident.cause)
        ):
            if incident.cause not in self.causes:
                day = min(max(incident.day, self.day), last_day)
                first.setdefault(incident.cause, (day, incident.number))
        self.causes |= first.keys()
        numbers: dict[date, float] = {}
        for day, number in first.values():
            numbers[day] = numbers.get(day, 0.0) + number
        return numbers

    def _next_day(self, incidents: float, stretch: Stretch) -> None:
        accepted = stretch.ceiling.between(self.day, self.day + DAY)
        self.day += DAY
        self._count(incidents, accepted)

    def _count(self, incidents: float, accepted: float) -> None:
        self.incidents += incidents
        self.accepted += accepted
        self.evidence = self.evidence.after(incidents, accepted)
        level = self.alarms[-1].level * STEP if self.alarms else self.run_length
        if not incidents or self.evidence.days < level:
            return
        while self.evidence.days >= level * STEP:
            level *= STEP
        self.alarms.append(RateAlarm(level, self.day, self.began, self.incidents, self.accepted))

    def _decide(self, stretch: Stretch) -> None:
        decision = stretch.ends_with
        if decision is None:
            return
        settled = self.alarms[-1].level if self.alarms and decision.settles_up_to > 0 else 0.0
        starts_afresh = bool(settled) or decision.effect != "unchanged"
        self.outcomes.append(DecisionOutcome(decision, self.evidence.days, settled, starts_afresh))
        if settled:
            self.alarms = []
        if starts_afresh:
            self._afresh()
