import re
from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from reassay.common.calendar import (
    Duration,
    WorkingDays,
    add_months,
    day_words,
    end_of_day,
    local_date,
    parse_duration,
    zone,
)

DAYS = st.dates(date(1950, 1, 1), date(2150, 12, 31))
DURATIONS = st.builds(Duration, st.integers(0, 600), st.integers(0, 3000))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P6M", Duration(6)),
        ("6 months", Duration(6)),
        ("P1Y6M", Duration(18)),
        ("1 year 6 months", Duration(18)),
        ("1 year and 6 months", Duration(18)),
        ("1 year, 6 months", Duration(18)),
        ("p2w", Duration(0, 14)),
        ("2 weeks", Duration(0, 14)),
        ("90 days", Duration(0, 90)),
        ("P90D", Duration(0, 90)),
        ("a year", Duration(12)),
        ("six months", Duration(6)),
        ("one quarter", Duration(3)),
        ("quarterly", Duration(3)),
        ("Annually", Duration(12)),
        ("  6   months ", Duration(6)),
        ("6months", Duration(6)),
    ],
)
def test_durations_are_read_in_iso_and_in_words(text: str, expected: Duration) -> None:
    assert parse_duration(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "P", "6", "months", "6 moons", "P6", "6M", "PT6H", "6 hours", "0 days", "P0D", "-6 months", "6 months or so", "P1.5M",
     "6 months 3", "101 years", "9" * 5000 + " months", "P6M6M", "6 months; 1 year"],
)  # fmt: skip
def test_what_is_no_duration_says_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match=r"6 months|no time at all|longer than") as caught:
        parse_duration(text)
    assert text[:20] in str(caught.value)


@given(DURATIONS.filter(lambda each: each.months or each.days))
def test_a_duration_reads_back_from_both_its_forms(duration: Duration) -> None:
    if duration.months <= 1200:
        assert parse_duration(str(duration)) == duration
        assert parse_duration(duration.words()) == duration


@given(DAYS, DURATIONS)
def test_addition_agrees_with_dateutil_over_two_centuries(day: date, duration: Duration) -> None:
    expected = day + relativedelta(months=duration.months) + timedelta(days=duration.days)
    assert duration.after(day) == expected
    assert duration.before(day) == day - relativedelta(months=duration.months) - timedelta(days=duration.days)


@given(DAYS, DAYS, DURATIONS)
def test_a_later_anchor_never_falls_due_earlier(first: date, second: date, duration: Duration) -> None:
    earlier, later = sorted((first, second))
    assert duration.after(earlier) <= duration.after(later)


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_month_ends_clamp_and_leap_days_are_kept_where_they_exist(start: date, months: int, expected: date) -> None:
    assert add_months(start, months) == expected


def test_past_the_calendar_is_an_overflow_not_a_wrong_date() -> None:
    with pytest.raises(OverflowError):
        add_months(date(9999, 12, 1), 1)


@pytest.mark.parametrize(
    ("instant", "timezone", "expected"),
    [
        (datetime(2026, 12, 1, 23, 30, tzinfo=UTC), "Europe/Berlin", date(2026, 12, 2)),
        (datetime(2026, 12, 1, 23, 30, tzinfo=UTC), "America/New_York", date(2026, 12, 1)),
        (datetime(2026, 12, 1, 9, 59, tzinfo=UTC), "Pacific/Kiritimati", date(2026, 12, 1)),
        (datetime(2026, 12, 1, 10, 0, tzinfo=UTC), "Pacific/Kiritimati", date(2026, 12, 2)),
    ],
)
def test_today_depends_on_the_configured_zone(instant: datetime, timezone: str, expected: date) -> None:
    assert local_date(instant, timezone) == expected


@given(DAYS, st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "UTC"]))
def test_the_end_of_a_day_is_its_last_instant(day: date, timezone: str) -> None:
    end = end_of_day(day, timezone)
    # Whole days that a zone skipped (Apia, 2011-12-30) have no instant at all.
    if (day, timezone) != (date(2011, 12, 30), "Pacific/Apia"):
        assert local_date(end, timezone) == day
    assert local_date(end + timedelta(microseconds=1), timezone) > day or day == date(2011, 12, 29)


def test_an_unknown_zone_names_an_example() -> None:
    with pytest.raises(ValueError, match="Europe/Berlin"):
        zone("Europe/Atlantis")
    with pytest.raises(ValueError, match=re.escape("'../etc/passwd' is not a time zone")):
        zone("../etc/passwd")


def test_working_days_skip_weekends_and_holidays() -> None:
    christmas = WorkingDays(holidays=frozenset({date(2026, 12, 25)}))
    assert christmas.on_or_after(date(2026, 12, 25)) == date(2026, 12, 28)
    assert christmas.add(date(2026, 12, 24), 1) == date(2026, 12, 28)
    assert christmas.between(date(2026, 12, 23), date(2026, 12, 29)) == 3
    assert christmas.between(date(2026, 12, 29), date(2026, 12, 23)) == 0


def test_a_calendar_without_working_days_ends() -> None:
    assert WorkingDays(frozenset()).on_or_after(date(2026, 1, 1)) == date(2026, 1, 1)


def test_dates_read_the_same_on_every_machine() -> None:
    assert day_words(date(2026, 12, 11)) == "Fri 11 Dec"
    assert day_words(date(2027, 2, 2), year=True) == "Tue 2 Feb 2027"
