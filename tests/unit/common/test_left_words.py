"""A time span in days and hours, never more than it is."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassay.common.calendar import left_words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(days=2, hours=4, minutes=59), "2 days 4 h"),
        (timedelta(days=1), "1 day"),
        (timedelta(hours=3), "3 h"),
        (timedelta(minutes=59), "less than an hour"),
        (timedelta(0), "less than an hour"),
        (timedelta(days=-1), "less than an hour"),
    ],
)
def test_a_span_is_said_in_days_and_hours(span: timedelta, words: str) -> None:
    assert left_words(span) == words


@given(st.timedeltas(min_value=timedelta(hours=1), max_value=timedelta(days=9999)))
def test_it_is_never_said_longer_than_it_is_and_less_than_an_hour_shorter(span: timedelta) -> None:
    parts = left_words(span).replace("days", "day").split(" ")
    units = {"day": timedelta(days=1), "h": timedelta(hours=1)}
    said = sum((int(count) * units[unit] for count, unit in zip(parts[::2], parts[1::2], strict=True)), timedelta())
    assert timedelta(0) <= span - said < timedelta(hours=1)
