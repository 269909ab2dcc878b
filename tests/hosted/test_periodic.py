"""Periodic tasks over a real PostgreSQL: once in each period, by one process, whatever clocks and tasks do."""

from datetime import UTC, datetime, timedelta

import pytest

from reassay.hosted.database.database import Database
from reassay.hosted.engine import look_for_missed
from reassay.hosted.job_services import REDELIVERY
from reassay.hosted.periodic import PeriodicClaims, PeriodicTask, Scheduler

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def claims(database: Database) -> PeriodicClaims:
    return PeriodicClaims(database)


def scheduler(claims: PeriodicClaims) -> Scheduler:
    return Scheduler((PeriodicTask("fine", MINUTE, lambda _now: ""),), claims, lambda *_: None)


def test_a_task_that_fails_is_noted_and_stops_no_other_one(claims: PeriodicClaims) -> None:
    record: list[tuple[str, str, str]] = []

    def broken(now: datetime) -> str:
        raise RuntimeError("it broke")

    tasks = (PeriodicTask("broken", MINUTE, broken), PeriodicTask("fine", MINUTE, lambda now: f"at {now:%H:%M}"))
    both = Scheduler(tasks, claims, lambda name, result, error: record.append((name, result, str(error or ""))))
    assert both.tick(NOW) == ("fine",)
    assert record == [("broken", "failed", "it broke"), ("fine", "at 09:00", "")]
    assert (claims.last_success("broken"), claims.last_success("fine")) == (None, NOW)


def test_a_task_is_run_once_in_its_period_and_at_once_where_it_is_released(claims: PeriodicClaims) -> None:
    one = scheduler(claims)
    assert [one.tick(NOW + offset) for offset in (timedelta(), MINUTE / 2, 30 * MINUTE, 30 * MINUTE)] == [
        ("fine",),
        (),
        ("fine",),
        (),
    ]
    claims.release("fine")
    assert one.tick(NOW + 30 * MINUTE) == ("fine",)


def test_one_of_two_processes_claims_it_and_missed_periods_are_caught_up_once(claims: PeriodicClaims, url: str) -> None:
    with Database.connect(url) as other:
        both = (claims, PeriodicClaims(other))
        assert [each.claim("sweeps", NOW, HOUR) for each in both] == [True, False]
        assert [each.claim("sweeps", NOW + timedelta(minutes=59), HOUR) for each in both] == [False, False]
        assert [each.claim("sweeps", NOW + 24 * HOUR, HOUR) for each in both] == [True, False]
        assert both[1].last_success("sweeps") is None
        both[0].succeeded("sweeps", NOW)
        assert both[1].last_success("sweeps") == NOW
        both[1].release("sweeps")
        assert both[0].claim("sweeps", NOW + 24 * HOUR, HOUR)


@pytest.mark.parametrize("ahead", [timedelta(days=400), timedelta(hours=2), timedelta(minutes=2)])
def test_a_clock_that_was_ahead_once_stops_no_task(claims: PeriodicClaims, ahead: timedelta) -> None:
    one = scheduler(claims)
    assert one.tick(NOW + ahead) == ("fine",)
    assert one.tick(NOW) == ("fine",)
    assert claims.last_success("fine") == NOW
    assert one.tick(NOW + MINUTE / 2) == ()
    assert one.tick(NOW + MINUTE) == ("fine",)


def test_clocks_that_differ_by_less_than_a_period_share_it(claims: PeriodicClaims) -> None:
    assert claims.claim("sweeps", NOW + MINUTE, HOUR)
    assert not claims.claim("sweeps", NOW, HOUR)
    assert claims.claim("sweeps", NOW + HOUR + MINUTE, HOUR)


def test_deliveries_missed_before_a_start_are_asked_for_at_once(claims: PeriodicClaims) -> None:
    assert claims.claim(REDELIVERY, NOW, HOUR)
    look_for_missed(claims)
    assert claims.claim(REDELIVERY, NOW, HOUR)
