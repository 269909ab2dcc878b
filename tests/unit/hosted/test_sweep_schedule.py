from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassay.common.calendar import local_date
from reassay.hosted.rules.sweep_schedule import AFTER_MIDNIGHT, HOUR, first_instant, next_sweep

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",
    "Africa/Cairo",
    "Pacific/Kiritimati",
    "America/Havana",
    "Australia/Lord_Howe",
    "Asia/Beirut",
    "Atlantic/Azores",
)
NOW = st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001 -- hypothesis draws naive ones
ZONE, ID = st.sampled_from(ZONES), st.integers(min_value=1, max_value=10**10)


@pytest.mark.slow
@given(NOW, ZONE, ID)
def test_the_next_one_is_to_come_and_within_the_hour(now: datetime, zone: str, repository: int) -> None:
    assert now < next_sweep(now, zone, repository) <= now + HOUR


@given(NOW, ZONE, ID)
def test_between_midnight_and_a_quarter_past_there_is_a_sweep(now: datetime, zone: str, repository: int) -> None:
    at, day = now, local_date(now, zone)
    while local_date(at, zone) == day:
        at = next_sweep(at, zone, repository)
    midnight = first_instant(local_date(at, zone), zone)
    assert midnight <= at <= midnight + AFTER_MIDNIGHT


@given(NOW, ZONE, ID, st.integers(min_value=1, max_value=24 * 400))
def test_however_many_were_missed_one_makes_up_for_all(now: datetime, zone: str, repository: int, hours: int) -> None:
    later = now + timedelta(hours=hours)
    assert later < next_sweep(later, zone, repository) <= later + HOUR


@given(NOW, ZONE, ID)
def test_a_day_has_between_24_and_27_of_them(now: datetime, zone: str, repository: int) -> None:
    at, count = now, 0
    while (at := next_sweep(at, zone, repository)) <= now + timedelta(hours=24):
        count += 1
    assert 24 <= count <= 27


@given(NOW, ZONE)
def test_before_its_first_instant_it_is_another_day(now: datetime, zone: str) -> None:
    day = local_date(now, zone)
    first = first_instant(day, zone)
    assert local_date(first, zone) == day
    assert local_date(first - timedelta(microseconds=1), zone) < day


@pytest.mark.parametrize(
    ("day", "zone", "local"),
    [
        (date(2026, 3, 29), "Europe/Berlin", "2026-03-29T00:00:00+01:00"),
        (date(2026, 10, 25), "Europe/Berlin", "2026-10-25T00:00:00+02:00"),
        # The clock leaps from midnight to one.
        (date(2026, 4, 24), "Africa/Cairo", "2026-04-24T01:00:00+03:00"),
        (date(2026, 3, 29), "Asia/Beirut", "2026-03-29T01:00:00+03:00"),
        # Midnight comes twice; the first one counts.
        (date(2026, 10, 25), "Atlantic/Azores", "2026-10-25T00:00:00+00:00"),
    ],
)
def test_days_begin_where_clocks_are_changed(day: date, zone: str, local: str) -> None:
    assert first_instant(day, zone).astimezone(ZoneInfo(zone)).isoformat() == local


def test_repositories_are_spread_over_the_hour() -> None:
    now = datetime(2026, 12, 1, 9, tzinfo=UTC)
    minutes = {next_sweep(now, "UTC", number).minute for number in range(1000)}
    assert len(minutes) == 60
