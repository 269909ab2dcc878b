"""The walk of the evidence over decisions: what fires, what a decision settles, and what nobody can wash away."""

import math
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reassay.signals.rates.accepted import CalendarCeiling, ExposureCeiling, LowerCeiling
from reassay.signals.rates.evidence import level_reached, rate_evidence
from reassay.signals.rates.walk import walk
from reassay.signals.rates.watch_events import CountedIncident, Effect, Stretch, WatchDecision
from tests.examples import examples
from tests.unit.signals.rates.series import BEGAN, YEAR, incidents, on, stretches, walked

SIX = CalendarCeiling(6 / YEAR)
BURST = [10, 20, 30, 40, 50, 60]
"""Six incidents where one is accepted: it fires at 5."""


def test_it_fires_at_the_number_of_the_table() -> None:
    below, at = walked(BURST[:4], until=61), walked(BURST[:5], until=61)
    assert below.alarm is None
    assert below.next_level == 20
    assert at.alarm is not None
    assert (at.alarm.level, at.alarm.incidents, at.alarm.on) == (20, 5, on(50))
    assert at.alarm.needed == 5
    assert at.evidence == pytest.approx(rate_evidence(5, 61 * 6 / YEAR))


def test_what_was_reached_stays_until_a_decision() -> None:
    for until in (50, 100, 400):
        assert (state := walked(BURST[:5], until=until)).alarm is not None
        assert state.alarm.on == on(50)
    assert walked(BURST[:5], until=400).evidence < 20


def test_a_decision_settles_the_level_that_fired_and_the_next_one_fires_again() -> None:
    settled = walked(BURST[:5], [55], until=56)
    assert settled.alarm is None
    assert settled.settled == 20
    assert settled.next_level == 100
    assert [outcome.settled for outcome in settled.outcomes] == [20]
    assert walked(BURST, [55], until=62).alarm is None
    again = walked([*BURST, 61], [55], until=64).alarm
    assert again is not None
    assert again.level == 100


def test_a_decision_lifts_the_evidence_to_1_and_never_lowers_it() -> None:
    quiet = walked([], [290], until=290)
    assert quiet.outcomes[0].evidence < 1
    assert quiet.outcomes[0].starts_afresh
    assert quiet.evidence == 1
    busy = walked(BURST[:4], [45], until=45)
    assert busy.evidence == walked(BURST[:4], until=45).evidence > 1
    assert not busy.outcomes[0].starts_afresh


@pytest.mark.slow
@given(
    st.lists(st.integers(1, 400), max_size=25),
    st.lists(st.integers(1, 400), max_size=6, unique=True).map(sorted),
    st.sampled_from([1.0, 6.0, 40.0]),
)
def test_no_decision_ever_lowers_the_evidence(days: list[int], decisions: list[int], per_year: float) -> None:
    parts = stretches(sorted(days), decisions, CalendarCeiling(per_year / YEAR))
    for number, outcome in enumerate(walk(parts, BEGAN, on(400)).outcomes, 1):
        after = walk([*parts[:number], Stretch((), parts[0].ceiling)], BEGAN, outcome.decision.day)
        assert after.evidence >= min(outcome.evidence, 1e299) - 1e-9
        assert after.evidence >= 1 - 1e-9


@pytest.mark.parametrize("effect", ["changed", "restated"])
def test_only_a_new_version_or_a_higher_signed_ceiling_lets_it_fall_to_1(effect: Effect) -> None:
    first, last = stretches(BURST, [55], SIX)
    assert first.ends_with is not None
    state = walk([replace(first, ends_with=replace(first.ends_with, effect=effect)), last], BEGAN, on(59))
    assert (state.incidents, state.settled, state.began) == (1, 0, on(55))
    assert state.next_level == 20
    assert state.outcomes[0].starts_afresh


def test_washing_by_deciding_changes_nothing() -> None:
    often = list(range(12, 60, 3))
    days = [10, 14, 18, 22, 26, 31, 36, 41]
    once, washed = walked(days, until=60), walked(days, often, until=60)
    assert washed.evidence == pytest.approx(once.evidence)
    fired = [outcome.settled for outcome in washed.outcomes if outcome.settled]
    assert fired[:2] == [20, 100]


@pytest.mark.parametrize(("settles", "level"), [(20.0, 100.0), (0.0, 100.0), (math.inf, None)])
def test_a_decision_that_is_not_deep_enough_leaves_the_alarm(settles: float, level: float | None) -> None:
    first, last = stretches([*BURST, 61], [64], SIX)
    assert first.ends_with is not None
    decision = replace(first.ends_with, settles_up_to=settles)
    state = walk([replace(first, ends_with=decision), last], BEGAN, on(300))
    assert (state.alarm.level if state.alarm else None) == level


def test_an_alarm_that_no_decision_settles_outlives_a_fresh_start() -> None:
    first, last = stretches([*BURST, 61], [900], SIX)
    assert first.ends_with is not None
    light = replace(first.ends_with, settles_up_to=20.0)
    state = walk([replace(first, ends_with=light), last], BEGAN, on(901))
    assert state.outcomes[0].starts_afresh
    assert state.alarm is not None
    assert state.alarm.level == 100


def test_one_cause_counts_once_in_a_watch() -> None:
    reports = tuple(CountedIncident(on(day), "same cause") for day in BURST)
    state = walk([Stretch(reports, SIX)], BEGAN, on(70))
    assert (state.incidents, state.alarm) == (1, None)
    # After a fresh start it is news that the cause is still there.
    start, end = WatchDecision(on(300), "R"), CountedIncident(on(310), "same cause")
    again = walk([Stretch(reports, SIX, start), Stretch((end,), SIX)], BEGAN, on(320))
    assert (again.began, again.incidents) == (on(300), 1)


def test_an_incident_that_a_decision_did_not_know_counts_from_it_on() -> None:
    late = CountedIncident(on(5), "written down later")
    parts = [Stretch((), SIX, WatchDecision(on(300), "R")), Stretch((late,), SIX)]
    state = walk(parts, BEGAN, on(301))
    assert (state.began, state.incidents) == (on(300), 1)


def test_ceilings_by_exposure_and_the_lower_of_two() -> None:
    exposure = {on(day): 1e6 for day in range(1, 11)} | {on(4): 0.0}
    by_use = ExposureCeiling(2e-6, exposure)
    assert by_use.between(on(0), on(10)) == pytest.approx(18)
    assert by_use.between(on(3), on(4)) == 0
    assert by_use.between(on(10), on(99)) == 0
    lower = LowerCeiling(by_use, CalendarCeiling(1.0))
    assert lower.between(on(0), on(10)) == pytest.approx(9)
    assert CalendarCeiling(1.0).between(on(9), on(3)) == 0


DAYS = st.lists(st.integers(1, 300), max_size=20)
RATES = st.sampled_from([1.0, 6.0, 30.0])


@pytest.mark.slow
@given(DAYS, st.integers(1, 300), RATES, st.lists(st.integers(1, 299), max_size=3, unique=True).map(sorted))
def test_one_more_incident_since_the_last_decision_never_makes_it_calmer(
    days: list[int], more: int, per_year: float, decisions: list[int]
) -> None:
    last = decisions[-1] if decisions else 0
    more = max(more, last + 1)
    before, after = (walked(sorted(own), decisions, per_year, 300) for own in (days, [*days, more]))
    assert after.evidence >= before.evidence * (1 - 1e-9)
    if before.alarm is not None:
        assert after.alarm is not None
        assert after.alarm.level >= before.alarm.level


@pytest.mark.slow
@given(DAYS, RATES, st.lists(st.integers(1, 300), max_size=8))
def test_when_anybody_looks_changes_nothing(days: list[int], per_year: float, looks: list[int]) -> None:
    """The highest level that any look sees is what the last look says was reached."""
    seen = [walked([day for day in sorted(days) if day <= look], (), per_year, look).alarm for look in looks]
    last = walked(sorted(days), (), per_year, 300).alarm
    every = [walked([day for day in sorted(days) if day <= look], (), per_year, look) for look in sorted({*days})]
    highest = max((level_reached(state.incidents, state.accepted) for state in every), default=0)
    assert (last.level if last else 0) == highest
    assert all(alarm.level <= highest for alarm in seen if alarm)


@given(st.permutations(incidents([3, 3, 9, 40, 41, 41, 80])), st.integers(0, 90))
def test_the_order_of_entries_does_not_matter(shuffled: list[CountedIncident], until: int) -> None:
    state = walk([Stretch(tuple(shuffled), SIX)], BEGAN, on(until))
    assert state == walk([Stretch(tuple(sorted(shuffled, key=lambda each: each.cause)), SIX)], BEGAN, on(until))


@settings(max_examples=examples(50))
@given(DAYS, st.lists(st.integers(1, 300), max_size=4, unique=True).map(sorted), st.floats(1, 20))
def test_a_lower_ceiling_is_never_calmer(days: list[int], decisions: list[int], per_year: float) -> None:
    high, low = (walked(sorted(days), (), rate, 300) for rate in (per_year, per_year / 2))
    assert low.evidence >= high.evidence * (1 - 1e-9)
    assert max([0, *(a.level for a in [low.alarm] if a)]) >= max([0, *(a.level for a in [high.alarm] if a)])
    assert timedelta(0) <= low.until - BEGAN
