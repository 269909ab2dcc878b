"""Scales, ages and durations: a text is understood wholly or not at all, and only then compared."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassay.changes.scale import growth, least_age, read_scale
from reassay.common.calendar import Duration, never_longer, parse_duration


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("1k-10k", 10_000),
        ("1-10k users", 10_000),
        ("2.5 million", 2_500_000),
        ("2,5 million", 2_500_000),
        ("1,000,000", 10**6),
        ("9 000 000", 9 * 10**6),
        ("9\u2009000\u202f000", 9 * 10**6),
        ("10'000", 10_000),
        ("10_000", 10_000),
        ("up to 5k accounts", 5000),
    ],
)
def test_figures_and_bands(text: str, figure: int) -> None:
    scale = read_scale(text)
    assert scale is not None
    assert scale.figure == figure


@pytest.mark.parametrize(
    "text",
    [
        "1M+", "many", "9 mio", "1.500", "1000 10", "1 0000", "10k-1k", "1k-10k pilots and the whole public", "30000 rps",
        "29999 requests/ms", "600/m", "600 requests/minute for trials, 9000000 requests/second for partners", "> 5", "", "5 per 0 days",
        "10k and more", "\u0661\u0660k users and more",
    ],
)  # fmt: skip
def test_what_is_not_wholly_understood_is_not_read(text: str) -> None:
    assert read_scale(text) is None


@pytest.mark.parametrize(
    ("before", "after", "times"),
    [
        ("60/hour", "2 requests/minute", None),
        ("60 requests/hour", "2 requests/minute", 2),
        ("1 request every 2 seconds", "30 requests per minute", 30),
        ("1000 requests/month", "999 requests/minute", Fraction(999, 1000) * 31 * 24 * 60),
        ("1000 requests/month", "1000 requests/year", 1),
        ("1000 requests/year", "1000 requests/month", 14),
        ("1000/day", "900/day", Fraction(9, 10)),
        ("600 tokens/minute", "600 requests/minute", None),
        ("600", "600/minute", None),
        ("10 000", "9 000 000", 900),
    ],
)
def test_growth_is_taken_at_its_worst(before: str, after: str, times: Fraction | None) -> None:
    then, now = read_scale(before), read_scale(after)
    assert then is not None
    assert now is not None
    assert growth(then, now) == times


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("18+", 18),
        ("18 and over", 18),
        ("at least 16 years", 16),
        ("18+ or 13+ with consent", None),
        ("18+, or 13+ with consent", None),
        ("18 and under allowed", None),
        ("18", None),
        ("adults", None),
    ],
)
def test_ages(text: str, age: int | None) -> None:
    assert least_age(text) == age


@pytest.mark.parametrize(
    ("left", "right", "is_never_longer"),
    [
        ("30 days", "1 month", False),
        ("1 month", "30 days", False),
        ("28 days", "1 month", True),
        ("1 month", "31 days", True),
        ("12 months", "366 days", True),
        ("365 days", "1 year", True),
        ("1 year", "365 days", False),
        ("2 weeks", "60 days", True),
        ("60 days", "2 weeks", False),
    ],
)
def test_durations_are_compared_from_every_day(left: str, right: str, is_never_longer: bool) -> None:
    assert never_longer(parse_duration(left), parse_duration(right)) is is_never_longer


DURATIONS = st.builds(Duration, st.integers(0, 30), st.integers(0, 900))


@pytest.mark.slow
@given(DURATIONS, DURATIONS, st.dates(date(1990, 1, 1), date(2200, 12, 31)))
def test_what_is_never_longer_ends_no_later_from_any_day(left: Duration, right: Duration, start: date) -> None:
    if never_longer(left, right):
        assert left.after(start) <= right.after(start)
