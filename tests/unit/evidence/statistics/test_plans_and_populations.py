"""Fixed plans, samples of a finite population, power, judges and effort."""

import json
from pathlib import Path

import pytest

from reassay.evidence.statistics import closing, fixed_plan, power, sampling
from reassay.evidence.statistics.effort import chance_of_success, hours_needed, multiple_needed
from reassay.evidence.statistics.judge_validation import EVIDENCE_FACTOR, least_sensitivity
from reassay.evidence.statistics.mixtures import MOST_EVIDENCE
from reassay.evidence.statistics.special import binomial_at_most, binomial_term, hypergeometric_at_most

SHARED = Path(__file__).resolve().parents[5] / "shared" / "data" / "stat_refs.json"  # beside the checkout


@pytest.mark.parametrize(
    ("bound", "numbers"),
    [
        (0.01, [299, 473, 628, 773]),
        (0.02, [149, 236, 313, 386]),
        (0.05, [59, 93, 124, 153]),
        (0.1, [29, 46, 61, 76]),
    ],
)
def test_least_numbers_of_a_fixed_plan(bound: float, numbers: list[int]) -> None:
    assert [fixed_plan.least_n(bound, k) for k in range(4)] == numbers
    for k, n in enumerate(numbers):
        assert fixed_plan.is_met(bound, n, k)
        assert not fixed_plan.is_met(bound, n - 1, k)
        assert fixed_plan.most_adverse(bound, n) == k
        assert fixed_plan.most_adverse(bound, n - 1) == (k - 1 if k else None)


def test_verdicts_of_a_fixed_plan() -> None:
    assert not fixed_plan.is_met(0.02, 0, 0)
    with pytest.raises(ValueError, match="a bound is"):
        fixed_plan.is_met(0, 10, 0)
    with pytest.raises(ValueError, match="cannot be"):
        fixed_plan.is_met(0.02, 10, 11)


@pytest.mark.skipif(not SHARED.exists(), reason="the larger table of reference values is not beside the checkout")
def test_verdicts_of_a_fixed_plan_in_the_larger_table() -> None:
    for row in json.loads(SHARED.read_text("utf-8"))["cp"]:
        n, k = row["n"], row["k"]
        assert fixed_plan.is_met(0.02, n, k) == (row["verdict_2pct"] == "met")


@pytest.mark.parametrize(("population", "bound", "allowed"), [(100, 0.07, 7), (120, 0.05, 6), (30, 0.02, 0), (7, 1, 7)])
def test_most_items_that_keep_the_bound(population: int, bound: float, allowed: int) -> None:
    assert sampling.most_allowed(population, bound) == allowed


def test_least_numbers_of_a_population() -> None:
    assert sampling.least_n_of_fixed_plan(1000, 0.02) == 132
    assert sampling.least_n(1000, 0.02) == 153
    assert sampling.least_n(10, 0) == 10
    assert sampling.least_n(50, 0.0) == 48
    assert sampling.least_n(50, 1.0) == 0
    assert sampling.least_n(1000, 0.02, 21) is None
    assert sampling.least_n_of_fixed_plan(1000, 0.02, 21) is None
    for k in range(4):
        n = sampling.least_n(1000, 0.02, k)
        assert n is not None
        assert sampling.met_evidence(1000, 0.02, n, k) >= 20 > sampling.met_evidence(1000, 0.02, n - 1, k)
        assert sampling.needed_more(1000, 0.02, n - 5, k) == 5


def test_a_large_population_is_a_rate() -> None:
    assert sampling.least_n(10**7, 0.02) == closing.least_n(0.02) == 175
    assert sampling.least_n_of_fixed_plan(10**7, 0.02) == fixed_plan.least_n(0.02) == 149
    assert sampling.met_evidence(10**8, 0.02, 400, 3) == pytest.approx(closing.met_evidence(0.02, 400, 3), rel=1e-3)


def test_who_counts_everyone_knows_it() -> None:
    assert sampling.met_evidence(100, 0.02, 100, 2) == MOST_EVIDENCE
    assert sampling.met_evidence(100, 0.02, 100, 3) == 0
    assert sampling.exceeded_evidence(100, 0.02, 100, 3) == MOST_EVIDENCE
    assert sampling.exceeded_evidence(100, 0.02, 3, 3) == MOST_EVIDENCE
    assert sampling.is_met_by_fixed_plan(100, 0.02, 100, 2)
    assert sampling.exceeded_evidence(100, 0.02, 100, 2) == 0


def test_a_fixed_plan_of_a_population_keeps_its_error() -> None:
    allowed = sampling.most_allowed(300, 0.03)
    for n in range(1, 301, 13):
        most = max((k for k in range(n + 1) if sampling.is_met_by_fixed_plan(300, 0.03, n, k)), default=-1)
        assert hypergeometric_at_most(most, 300, allowed + 1, n) <= 0.05


def test_draws_that_cannot_be_are_errors() -> None:
    for call in (sampling.met_evidence, sampling.exceeded_evidence, sampling.is_met_by_fixed_plan):
        with pytest.raises(ValueError, match="cannot be"):
            call(10, 0.1, 11, 0)
    with pytest.raises(ValueError, match="a bound of 0 to 1"):
        sampling.met_evidence(10, -0.1, 1, 0)


@pytest.mark.parametrize(
    ("items", "hits", "more"),
    [(100, 100, 221), (30, 30, 241)],
)
def test_a_validated_judge_lowers_the_bound(items: int, hits: int, more: int) -> None:
    bound = 0.02 * least_sensitivity(items, hits)
    assert closing.least_n(bound, 0, closing.NEEDED * EVIDENCE_FACTOR) == more


def test_a_control_that_shows_nothing() -> None:
    assert (least_sensitivity(0, 0), least_sensitivity(20, 0)) == (0, 0)


def test_what_an_effort_without_success_says() -> None:
    assert chance_of_success(100, 3000) == pytest.approx(0.0950, abs=5e-5)
    assert chance_of_success(3000, 3000) == pytest.approx(0.95)
    assert (chance_of_success(1, 0), chance_of_success(0, 0)) == (1, 0)
    assert [round(multiple_needed(t), 1) for t in (0.1, 0.05, 0.2)] == [28.4, 58.4, 13.4]
    assert chance_of_success(80, hours_needed(80, 0.1)) == pytest.approx(0.1)
    for at_most in (0, 1):
        with pytest.raises(ValueError, match="a chance is"):
            multiple_needed(at_most)
    with pytest.raises(ValueError, match="hours are"):
        chance_of_success(-1, 5)


@pytest.mark.parametrize("bound", [0.02, 0.05, 0.2])
@pytest.mark.parametrize("part", [0, 0.1, 0.3, 0.5])
@pytest.mark.parametrize("chance", [0.8, 0.9])
def test_size_of_a_fixed_plan_is_the_least(bound: float, part: float, chance: float) -> None:
    size = power.fixed_plan_size(bound, part * bound, chance)
    assert size is not None

    def reached(n: int) -> float:
        most = fixed_plan.most_adverse(bound, n)
        return 0.0 if most is None else binomial_at_most(most, n, part * bound)

    assert reached(size) >= chance
    assert max((reached(n) for n in range(1, size)), default=0) < chance


@pytest.mark.parametrize("believed", [0.0, 0.002, 0.005])
@pytest.mark.parametrize("chance", [0.8, 0.9])
def test_size_of_an_open_plan_is_the_least(believed: float, chance: float) -> None:
    size = power.open_plan_size(0.02, believed, chance)
    assert size is not None
    assert ever_met(0.02, believed, size) >= chance > ever_met(0.02, believed, size - 1)


def ever_met(bound: float, rate: float, most: int) -> float:
    """The chance of having met the bound by `most` prompts, prompt by prompt."""
    open_runs, met = {0: 1.0}, 0.0
    for n in range(1, most + 1):
        following: dict[int, float] = {}
        for k, chance in open_runs.items():
            following[k] = following.get(k, 0) + chance * (1 - rate)
            following[k + 1] = following.get(k + 1, 0) + chance * rate
        open_runs = {k: chance for k, chance in following.items() if chance > 1e-18}
        for k in [k for k in open_runs if closing.met_evidence(bound, n, k) >= 20]:
            met += open_runs.pop(k)
    return met


def test_sizes_that_the_documentation_prints() -> None:
    sizes = [
        (
            believed,
            *(
                size(0.02, believed, chance)
                for size in (power.open_plan_size, power.fixed_plan_size)
                for chance in (0.8, 0.9)
            ),
        )
        for believed in (0, 0.002, 0.005, 0.01)
    ]
    assert sizes == [
        (0, 175, 175, 149, 149),
        (0.002, 328, 430, 236, 236),
        (0.005, 617, 788, 386, 456),
        (0.01, 1747, 2372, 969, 1271),
    ]


def test_a_rate_at_the_bound_has_no_plan() -> None:
    assert power.open_plan_size(0.02, 0.02, 0.8) is None
    assert power.fixed_plan_size(0.02, 0.03, 0.8) is None
    with pytest.raises(ValueError, match="a bound between 0 and 1"):
        power.fixed_plan_size(0.02, -1, 0.8)


def test_power_is_exact_at_the_first_size() -> None:
    assert power.chance_met_by(0.02, 0.001, 175) == pytest.approx(binomial_term(0, 175, 0.001), rel=1e-12)
    assert power.chance_met_by(0.02, 0.001, 174) == 0
