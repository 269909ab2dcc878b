"""The rules of a simulation are those of a watch: both give the same levels for the same incidents."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassay.common.calendar import Duration
from reassay.signals.rates.accepted import CalendarCeiling
from reassay.signals.rates.change import ChangeEvidence
from reassay.signals.rates.evidence import level_reached
from reassay.signals.rates.promise import in_window
from reassay.signals.rates.walk import walk
from reassay.signals.rates.watch_events import CountedIncident, Stretch, WatchDecision
from reassay.signals.tuning.detectors import CeilingDetector, ChangeDetector, PromiseDetector

BEGAN = date(2026, 1, 1)
DAYS = st.dictionaries(st.integers(1, 300), st.integers(1, 3), max_size=15)
RATES = st.sampled_from([0.005, 0.03, 0.5])


def counted(days: dict[int, int]) -> list[CountedIncident]:
    return [
        CountedIncident(BEGAN + timedelta(days=day), f"{day}-{number}")
        for day in sorted(days)
        for number in range(days[day])
    ]


@pytest.mark.slow
@given(DAYS, RATES)
def test_change(days: dict[int, int], rate: float) -> None:
    detector, evidence, last = ChangeDetector(rate, 100.0), ChangeEvidence(), 0
    for day in sorted(days):
        for _ in range(day - last - 1):
            evidence = evidence.after(0, rate)
        evidence, last = evidence.after(days[day], rate), day
        assert detector.level(day, days[day]) == (100.0 if evidence.days >= 100.0 else 0.0)
        assert sum(detector._evidence) / 4 == pytest.approx(evidence.days, rel=1e-9)


@pytest.mark.slow
@given(DAYS, RATES, st.sampled_from([None, 31, 100]))
def test_ceiling(days: dict[int, int], rate: float, every: int | None) -> None:
    detector, incidents, ceiling = CeilingDetector(rate, every), counted(days), CalendarCeiling(rate)
    for day in sorted(days):
        ends = [] if every is None else list(range(every, day, every))
        stretches, after = [], BEGAN
        for end in ends:
            at = BEGAN + timedelta(days=end)
            own = tuple(one for one in incidents if after < one.day <= at)
            stretches.append(Stretch(own, ceiling, WatchDecision(at, "decision")))
            after = at
        now = BEGAN + timedelta(days=day)
        rest = Stretch(tuple(one for one in incidents if after < one.day <= now), ceiling)
        state = walk([*stretches, rest], BEGAN, now)
        assert detector.level(day, days[day]) == level_reached(state.incidents, state.accepted)


@pytest.mark.slow
@given(DAYS, st.integers(1, 4))
def test_promise(days: dict[int, int], most: int) -> None:
    detector, incidents = PromiseDetector(most, 30), counted(days)
    for day in sorted(days):
        number = in_window(incidents, Duration(days=30), BEGAN + timedelta(days=day))
        assert (detector.level(day, days[day]) > 0) == (number > most)
