"""The method for long intervals: run length, delays and decisions."""

import random
from collections.abc import Iterable
from datetime import timedelta
from statistics import mean, median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassay.signals.rates.accepted import CalendarCeiling
from reassay.signals.rates.change import FACTORS, ChangeEvidence
from reassay.signals.rates.change_walk import change_walk
from reassay.signals.rates.watch_events import CountedIncident, Stretch, WatchDecision
from tests.unit.signals.rates.series import BEGAN, incidents, on, poisson_days


def alarm_day(days: Iterable[tuple[float, float]], run_length: float) -> int | None:
    """The number, from 1, of the first day with an incident on which the evidence is at least `run_length` days; None if none.

    `days` are incidents and accepted incidents, day by day.
    """
    evidence = ChangeEvidence()
    for number, (count, accepted) in enumerate(days, 1):
        evidence = evidence.after(count, accepted)
        if count and evidence.days >= run_length:
            return number
    return None


def series(generator: random.Random, rate: float, days: int) -> list[float]:
    """Numbers of incidents of so many days."""
    numbers = [0.0] * (days + 1)
    for day in poisson_days(generator, rate * 365.25, days / 365.25):
        numbers[day - 1] += 1
    return numbers[:days]


def test_the_evidence_is_the_recursion() -> None:
    evidence, expected = ChangeEvidence(), [0.0] * len(FACTORS)
    for number, accepted in [(0, 0.1), (2, 0.1), (0, 0.3), (1, 0.1)]:
        evidence = evidence.after(number, accepted)
        expected = [
            (1 + value) * factor**number * 2.718281828459045 ** (-(factor - 1) * accepted)
            for value, factor in zip(expected, FACTORS, strict=True)
        ]
    assert evidence.days == pytest.approx(mean(expected), rel=1e-12)


def test_it_stays_finite() -> None:
    evidence = ChangeEvidence()
    for _ in range(50):
        evidence = evidence.after(100, 0.0)
    assert evidence.days == 1e300


@pytest.mark.slow
def test_the_mean_time_to_a_false_alarm_is_at_least_the_run_length() -> None:
    """At the ceiling itself; 120 series, a run length of 200 days, the tolerance is a fifth for their spread."""
    generator = random.Random(3)
    times = [alarm_day(((x, 0.2) for x in series(generator, 0.2, 6000)), 200) or 6000 for _ in range(120)]
    assert mean(times) >= 0.8 * 200


@pytest.mark.slow
@pytest.mark.parametrize(("rate", "doubled", "fourfold"), [(0.03, 215, 53), (0.1, 85, 21), (0.5, 26, 5)])
def test_a_rise_is_seen_after_the_stated_delays(rate: float, doubled: float, fourfold: float) -> None:
    """Medians of 80 series after a year at the ceiling, run length ten years; the tolerance is 40%, at least 3 days."""
    generator = random.Random(4)
    for times, stated in ((2, doubled), (4, fourfold)):
        delays: list[int] = []
        for _ in range(80):
            numbers = [*series(generator, rate, 365), *series(generator, times * rate, 1500)]
            alarm = alarm_day(((number, rate) for number in numbers), 3650) or len(numbers)
            delays += [alarm - 365] if alarm > 365 else []
        assert median(delays) == pytest.approx(stated, rel=0.4, abs=3)


@pytest.mark.parametrize("run_length", [1, 0, -5, float("nan")])
def test_a_run_length_is_more_than_a_day(run_length: float) -> None:
    with pytest.raises(ValueError, match="more than one day"):
        change_walk((), BEGAN, BEGAN, run_length)


CEILING = CalendarCeiling(0.03)
BURST = incidents([10, 11, 12, 13, 14])


def test_a_decision_settles_an_alarm_and_begins_afresh_and_another_one_changes_nothing() -> None:
    alarm = change_walk([Stretch(BURST, CEILING)], BEGAN, on(20), 365).alarm
    assert alarm is not None
    settled = change_walk(
        [Stretch(BURST, CEILING, WatchDecision(on(20), "R")), Stretch((), CEILING)], BEGAN, on(20), 365
    )
    assert (settled.alarm, settled.evidence, settled.outcomes[0].settled) == (None, 0, 5 * 365)
    few = BURST[:2]
    plain = change_walk([Stretch(few, CEILING)], BEGAN, on(30), 365)
    between = [Stretch(few, CEILING, WatchDecision(on(20), "R")), Stretch((), CEILING)]
    assert change_walk(between, BEGAN, on(30), 365).evidence == pytest.approx(plain.evidence)
    unaware = [Stretch(BURST, CEILING, WatchDecision(on(20), "R", settles_up_to=0)), Stretch((), CEILING)]
    assert change_walk(unaware, BEGAN, on(30), 365).alarm == alarm


def test_days_without_an_incident_raise_no_alarm() -> None:
    ceiling = CalendarCeiling(0.0001)
    assert change_walk([Stretch((), ceiling)], BEGAN, on(5000), 100).alarm is None
    alarm = change_walk([Stretch(incidents([501]), ceiling)], BEGAN, on(5000), 100).alarm
    assert alarm is not None
    assert alarm.on == on(501)


@pytest.mark.slow
@given(st.lists(st.integers(1, 120), max_size=12), st.integers(1, 120))
def test_one_more_incident_never_makes_it_calmer(days: list[int], more: int) -> None:
    before, after = (
        change_walk([Stretch(incidents(sorted(own)), CEILING)], BEGAN, on(120), 365) for own in (days, [*days, more])
    )
    assert after.evidence >= before.evidence * (1 - 1e-9)
    assert before.alarm is None or (after.alarm is not None and after.alarm.on <= before.alarm.on)


def test_what_is_known_late_counts_from_the_decision_that_did_not_know_it() -> None:
    late = tuple(CountedIncident(on(5), f"late {number}") for number in range(6))
    parts = [Stretch((), CEILING, WatchDecision(on(20), "R")), Stretch(late, CEILING)]
    alarm = change_walk(parts, BEGAN, on(22), 365).alarm
    assert alarm is not None
    assert alarm.on - on(20) <= timedelta(days=1)
