"""The figures that documentation states, by simulation with fixed seeds: false alarms, and days until a rise is seen.

Each tolerance is three standard errors of the simulation and what the rounding of the stated figure adds.
"""

import math
from collections.abc import Callable
from random import Random
from statistics import NormalDist

import pytest

from reassay.signals.tuning.settings import Measured, RateSetting, measure
from reassay.signals.tuning.simulation import Course, Estimate, Uniform, incident_days

CHANGES = [(0.03, 215, 53), (0.1, 85, 21), (0.5, 26, 5)]
"""Accepted incidents a day, and the stated medians of days after a doubling and a fourfold rise."""


def seeded(seed: int = 20) -> Callable[[], Uniform]:
    return lambda: Random(seed).random


def of_change(rate: float, runs: int) -> Measured:
    (measured,) = measure(
        [RateSetting("change", rate, run_length=3650)], (2.0, 4.0), Course(runs=runs, years=1), seeded()
    )
    return measured


@pytest.mark.slow
@pytest.mark.parametrize(("rate", "doubled", "fourfold"), CHANGES)
def test_a_change_is_found_after_the_stated_days_with_few_false_alarms(
    rate: float, doubled: int, fourfold: int
) -> None:
    measured = of_change(rate, 400)
    assert 0.01 <= measured.false.in_a_year.value <= 0.09
    for (_, found), stated in zip(measured.delays, (doubled, fourfold), strict=True):
        assert found.value == pytest.approx(stated, rel=0.15, abs=3)


@pytest.mark.long
@pytest.mark.parametrize(("rate", "doubled", "fourfold"), CHANGES)
def test_the_same_closely(rate: float, doubled: int, fourfold: int) -> None:
    measured = of_change(rate, 6000)
    assert 0.03 <= measured.false.in_a_year.value <= 0.06
    for (_, found), stated in zip(measured.delays, (doubled, fourfold), strict=True):
        assert found.value == pytest.approx(stated, rel=0.05, abs=1.5)


def at_the_ceiling(per_year: float, runs: int) -> Measured:
    setting = RateSetting("ceiling", per_year / 365.25, decide_every=183)
    (measured,) = measure([setting], (), Course(runs=runs), seeded())
    return measured


@pytest.mark.slow
def test_a_ceiling_has_the_stated_false_alarms_over_ten_years_of_half_yearly_decisions() -> None:
    false = at_the_ceiling(6, 1200).false
    assert false.in_all.value == pytest.approx(0.29, abs=3 * 0.0131)
    assert false.full_in_all.value == pytest.approx(0.055, abs=3 * 0.0066)


@pytest.mark.long
def test_the_stated_false_alarms_are_those_of_five_to_six_accepted_a_year() -> None:
    shares = {per_year: at_the_ceiling(per_year, 4000).false for per_year in (1, 5, 6, 12, 50)}
    assert shares[5].in_all.value < 0.295 < shares[6].in_all.value + 3 * shares[6].in_all.error
    assert shares[5].full_in_all.value == pytest.approx(0.055, abs=0.011)
    # They grow with the number that is accepted between two decisions, as each may start the watch afresh.
    for per_year, light, full in ((1, 0.12, 0.02), (12, 0.36, 0.08), (50, 0.44, 0.10)):
        assert shares[per_year].in_all.value == pytest.approx(light, abs=0.023)
        assert shares[per_year].full_in_all.value == pytest.approx(full, abs=0.014)


def test_a_promise_near_the_expected_number_fires_almost_always() -> None:
    setting = RateSetting("promise", 3 / 30, more_than=3, window=30)
    (measured,) = measure([setting], (), Course(runs=200, years=5), seeded())
    assert measured.false.in_all.value >= 0.97


def test_the_same_seed_gives_the_same_figures_and_another_gives_others() -> None:
    settings = [RateSetting("change", 0.1, run_length=3650)]
    course = Course(runs=100, years=1)
    once, again, other = (measure(settings, (2.0,), course, seeded(seed)) for seed in (1, 1, 2))
    assert once == again
    assert once != other


def test_a_figure_does_not_depend_on_the_other_settings() -> None:
    course, own = Course(runs=50, years=1), RateSetting("change", 0.1, run_length=3650)
    alone = measure([own], (2.0,), course, seeded())
    beside = measure([RateSetting("ceiling", 0.02, decide_every=183), own], (2.0,), course, seeded())
    assert beside[1] == alone[0]


@pytest.mark.parametrize("rate", [0.03, 0.5, 4.0])
def test_simulated_days_follow_a_poisson_process(rate: float) -> None:
    days = list(incident_days(rate, 10, 20010, Random(7).random))
    total = sum(number for _, number in days)
    allowed = NormalDist().inv_cdf(0.9999) * math.sqrt(rate * 20000)
    assert abs(total - rate * 20000) < allowed
    assert 10 < days[0][0] <= days[-1][0] <= 20010
    empty = 1 - len(days) / 20000
    assert empty == pytest.approx(math.exp(-rate), abs=0.015)


@pytest.mark.parametrize("rate", [0.0, -1.0, 51.0, math.nan])
def test_a_rate_that_cannot_be_simulated_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="cannot be simulated"):
        next(incident_days(rate, 0, 10, Random(1).random))


def test_a_change_that_is_not_found_has_an_endless_delay() -> None:
    setting = RateSetting("promise", 0.01, more_than=50, window=30)
    (measured,) = measure([setting], (2.0,), Course(runs=20, years=1, longest=100), seeded())
    assert measured.delays == ((2.0, Estimate(math.inf, math.inf)),)
