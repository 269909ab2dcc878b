"""Laws of counting from series: a restart loses no increase that was seen, unknown is never less, and order says nothing."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassay.signals.sources.counter_series import DAY, CounterSeries, counter_days, days_between, midnight, number_days

FIRST = date(2026, 11, 22)
STEP = 3_600
DAYS = days_between(FIRST, date(2026, 11, 24))
LENGTH = len(DAYS) * DAY // STEP + 1
amounts = st.lists(st.integers(0, 1000), min_size=LENGTH, max_size=LENGTH)
counters = st.lists(amounts, min_size=1, max_size=4)


def series(values: list[float], name: str = "a") -> CounterSeries:
    return CounterSeries(
        name, tuple((float(midnight(FIRST) + STEP * place), value) for place, value in enumerate(values))
    )


@pytest.mark.slow
@given(st.lists(st.tuples(st.integers(0, 50), st.booleans()), min_size=LENGTH - 1, max_size=LENGTH - 1))
def test_a_counter_with_restarts_never_counts_less_than_the_increases_that_were_seen(
    steps: list[tuple[int, bool]],
) -> None:
    value, values, seen = 100, [100.0], dict.fromkeys(DAYS, 0)
    for place, (increase, restarts) in enumerate(steps):
        value = increase if restarts else value + increase
        rise = value - int(values[-1])
        seen[DAYS[place * STEP // DAY]] += max(rise, 0)
        values.append(float(value))
    counts = counter_days([series(values)], DAYS).counts
    assert all(counts[day] >= seen[day] for day in DAYS)
    if not any(restarts for _, restarts in steps):
        assert sum(counts.values()) == values[-1] - values[0]


@pytest.mark.slow
@given(counters, st.randoms())
def test_the_order_of_series_does_not_matter(values: list[list[int]], random: object) -> None:
    lines = [series([float(value) / 7 for value in line], f"s{place}") for place, line in enumerate(values)]
    mixed = list(lines)
    random.shuffle(mixed)  # type: ignore[attr-defined] # Hypothesis types it loosely
    assert counter_days(lines, DAYS) == counter_days(mixed, DAYS)
    assert number_days(lines, DAYS) == number_days(mixed, DAYS)


@pytest.mark.slow
@given(counters, st.integers(0, LENGTH - 1), st.sampled_from([math.nan, math.inf, -1.0]))
def test_an_unknown_value_never_lowers_a_count_but_leaves_its_days_unknown(
    values: list[list[int]], place: int, odd: float
) -> None:
    lines = [[float(value) for value in line] for line in values]
    whole = counter_days([series(line) for line in lines], DAYS).counts
    lines[0][place] = odd
    sums = counter_days([series(line) for line in lines], DAYS)
    touched = {DAYS[min(place * STEP // DAY, len(DAYS) - 1)], DAYS[max(place * STEP - 1, 0) // DAY]}
    assert set(sums.unknown) == touched
    assert sums.counts == {day: count for day, count in whole.items() if day not in touched}


@pytest.mark.slow
@given(counters, st.integers(0, LENGTH - 1))
def test_a_value_that_is_missing_leaves_its_days_unknown(values: list[list[int]], place: int) -> None:
    lines = [series([float(value) for value in line]) for line in values]
    gap = CounterSeries("a", tuple(sample for number, sample in enumerate(lines[0].samples) if number != place))
    sums = counter_days([gap, *lines[1:]], DAYS)
    # Each hour has one value, so that leaving one out is a gap of two hours, or a day without its end.
    assert {DAYS[min(place * STEP // DAY, len(DAYS) - 1)], DAYS[max(place * STEP - 1, 0) // DAY]} == set(sums.unknown)


@pytest.mark.slow
@given(amounts)
def test_a_series_that_began_late_leaves_its_first_days_unknown(values: list[int]) -> None:
    late = CounterSeries("b", series([float(value) for value in values]).samples[1:])
    assert FIRST in counter_days([series([1.0] * LENGTH), late], DAYS).unknown
    assert FIRST not in counter_days([series([1.0] * LENGTH)], DAYS).unknown


def test_no_series_is_no_count() -> None:
    assert counter_days([], DAYS).counts == {}
    assert number_days([], DAYS).counts == {}


def test_numbers_of_days_stand_at_their_ends() -> None:
    sums = number_days(
        [
            CounterSeries("a", ((float(midnight(FIRST) + DAY), 4.0),)),
            CounterSeries("b", ((float(midnight(FIRST) + DAY), 0.5),)),
        ],
        DAYS,
    )
    assert sums.counts == {FIRST: 4.5}
    assert list(sums.unknown) == [DAYS[1]]
