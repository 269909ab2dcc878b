"""Replays: they fire when the watch of the same incidents fires, and their lines cross on that day."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reassay.common.calendar import Duration, parse_duration
from reassay.signals.rates.accepted import CalendarCeiling, ExposureCeiling
from reassay.signals.rates.change_walk import change_walk
from reassay.signals.rates.walk import walk
from reassay.signals.replay.lines import rate_days
from reassay.signals.replay.replay import DecisionHabit, Replay, replay
from reassay.signals.replay.rules import CeilingRule, ChangeRule, PromiseRule, RateRule
from reassay.signals.replay.series import Series, SeriesIncident, series_of
from tests.examples import examples

FIRST = date(2026, 1, 1)
CEILING = CeilingRule(CalendarCeiling(6 / 365.25))
CHANGE = ChangeRule(CalendarCeiling(6 / 365.25), 3652)
PROMISE = PromiseRule(parse_duration("30 days"), 2)
HABITS = (DecisionHabit(), DecisionHabit(at_alarm=True), DecisionHabit(every=Duration(days=60)))
SERIES = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 40)), max_size=25)


def series(days: list[tuple[int, int]]) -> Series:
    rows = [SeriesIncident(FIRST + timedelta(days=day), f"cause {cause}") for day, cause in days]
    return series_of(rows, 1000, began=FIRST, until=FIRST + timedelta(days=320))


def at(*days: int) -> Series:
    return series([(day, number) for number, day in enumerate(days)])


def alarms(rule: RateRule, own: Series, habit: DecisionHabit = HABITS[0]) -> list[tuple[int, float]]:
    return [((alarm.on - FIRST).days, alarm.incidents) for alarm in replay(rule, own, habit).alarms]


def test_a_ceiling_fires_once_for_each_level_and_says_its_counts() -> None:
    alarm, second, *_ = replay(CEILING, at(5, 6, 7, 8, 9, 10, 11), HABITS[0]).alarms
    assert (alarm.level, alarm.depth, alarm.incidents, alarm.fires_at) == (20.0, "light", 3.0, 3)
    assert (second.level, second.depth) == (100.0, "full")
    assert alarm.since == FIRST


def test_decisions_between_two_incidents_do_not_wash_the_evidence_away() -> None:
    days = (10, 20, 30, 40, 50)
    alone = alarms(CEILING, at(*days))
    assert alone
    assert alarms(CEILING, at(*days), DecisionHabit(every=Duration(days=31))) == alone


def test_one_cause_counts_once() -> None:
    assert alarms(CEILING, series([(day, 1) for day in range(10, 30)])) == []


def test_a_promise_fires_on_the_letter_and_after_a_decision_again() -> None:
    own = at(10, 20, 30, 41, 42, 43, 200)
    assert alarms(PROMISE, own) == [(30, 3.0)]
    assert alarms(PROMISE, own, DecisionHabit(at_alarm=True)) == [(30, 3.0), (41, 3.0), (42, 4.0), (43, 5.0)]


def test_an_import_day_only_sets_the_baseline() -> None:
    rows = [SeriesIncident(FIRST + timedelta(days=9), f"r{number}") for number in range(1005)]
    own = series_of([*rows, SeriesIncident(FIRST, "a"), SeriesIncident(FIRST + timedelta(days=40), "b")], 50)
    assert [(day.day, day.rows) for day in own.imports] == [(FIRST + timedelta(days=9), 1005)]
    assert len(own.incidents) == 2
    for rule in (CEILING, CHANGE, PROMISE):
        assert alarms(rule, own) == []


def test_fifty_rows_of_a_day_are_no_import() -> None:
    own = series_of([SeriesIncident(FIRST, f"r{number}") for number in range(50)], 50)
    assert own.imports == ()
    assert len(alarms(CEILING, own)) >= 1


def test_incidents_before_the_watch_are_counted_as_such() -> None:
    rows = [SeriesIncident(FIRST + timedelta(days=day), str(day)) for day in (0, 1, 2, 50)]
    own = series_of(rows, 50, began=FIRST + timedelta(days=2))
    assert (own.before, len(own.incidents)) == (2, 2)


@pytest.mark.parametrize("days", [(None, None), (FIRST, None), (FIRST, FIRST - timedelta(days=1))])
def test_a_series_without_days_is_refused(days: tuple[date | None, date | None]) -> None:
    with pytest.raises(ValueError, match=r"no days to replay|before the first"):
        series_of([], 50, began=days[0], until=days[1])


def test_a_ceiling_by_exposure_accepts_nothing_where_the_exposure_is_unknown() -> None:
    exposure = {FIRST + timedelta(days=day): 1000.0 for day in range(300) if day > 100}
    rule = CeilingRule(ExposureCeiling(1 / 20000, exposure))
    days = rate_days(
        rule,
        replay(rule, at(150), HABITS[0]).stretches,
        FIRST - timedelta(days=1),
        FIRST + timedelta(days=200),
        exposure,
    )
    assert (days[50].exposure, days[50].accepted) == (None, 0.0)
    assert days[200].accepted == pytest.approx(5.0)


@pytest.mark.slow
@settings(max_examples=examples(60), deadline=None)
@given(SERIES, st.sampled_from(HABITS))
def test_the_last_alarm_of_a_ceiling_is_that_of_its_watch(days: list[tuple[int, int]], habit: DecisionHabit) -> None:
    done = replay(CEILING, series(days), habit)
    state = walk(done.stretches, done.series.began, done.series.until)
    last = max([done.series.began, *done.decisions])
    here = [alarm for alarm in done.alarms if alarm.on > last]
    assert (here[-1].on, here[-1].level) == (state.alarm.on, state.alarm.level) if state.alarm else not here
    assert [outcome.settled for outcome in state.outcomes if outcome.settled] == _highest(done)


def _highest(done: Replay) -> list[float]:
    """The highest level between each two decisions, where there is one."""
    levels = []
    after = done.series.began
    for day in done.decisions:
        own = [alarm.level or 0.0 for alarm in done.alarms if after < alarm.on <= day]
        levels += [max(own)] if own else []
        after = day
    return levels


@pytest.mark.slow
@settings(max_examples=examples(60), deadline=None)
@given(SERIES, st.sampled_from(HABITS))
def test_the_alarm_of_a_change_is_that_of_its_watch(days: list[tuple[int, int]], habit: DecisionHabit) -> None:
    done = replay(CHANGE, series(days), habit)
    state = change_walk(done.stretches, done.series.began, done.series.until, CHANGE.run_length)
    last = max([done.series.began, *done.decisions])
    here = [alarm.on for alarm in done.alarms if alarm.on > last]
    assert here == ([state.alarm.on] if state.alarm else [])


@pytest.mark.slow
@settings(max_examples=examples(60), deadline=None)
@given(SERIES, st.sampled_from(HABITS), st.sampled_from([CEILING, CHANGE, PROMISE]))
def test_the_incidents_reach_the_firing_line_on_the_day_of_each_alarm(
    days: list[tuple[int, int]], habit: DecisionHabit, rule: RateRule
) -> None:
    done = replay(rule, series(days), habit)
    lines = {own.day: own for own in rate_days(rule, done.stretches, done.series.began, done.series.until)}
    assert len(lines) == (done.series.until - done.series.began).days
    for alarm in done.alarms:
        assert lines[alarm.on].incidents >= lines[alarm.on].fires_at
    after = done.series.began
    for end in (*done.decisions, done.series.until):
        own = sorted(alarm.on for alarm in done.alarms if after < alarm.on <= end)
        quiet = [day for day in lines if after < day < (own[0] if own else end + timedelta(days=1))]
        news = {incident.first_seen for incident in done.series.incidents}
        crossed = [day for day in quiet if day in news and lines[day].incidents >= lines[day].fires_at]
        # A window may still be crowded with what was decided about.
        assert not crossed or (rule is PROMISE and after != done.series.began)
        after = end
