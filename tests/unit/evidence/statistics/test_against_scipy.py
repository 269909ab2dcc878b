"""Intervals and tests equal scipy to 1e-10, over a dense grid and up to a million prompts."""

import json
from itertools import product
from pathlib import Path

import pytest
from scipy import stats  # type: ignore[import-untyped]

from reassay.evidence.statistics.exact_tests import fisher, mcnemar
from reassay.evidence.statistics.holm import adjusted
from reassay.evidence.statistics.intervals import (
    clopper_pearson,
    garwood,
    garwood_lower,
    garwood_upper,
    lower_bound,
    newcombe,
    upper_bound,
    wilson,
)
from reassay.evidence.statistics.special import (
    beta_cdf,
    binomial_at_least,
    binomial_at_most,
    binomial_term,
    gamma_cdf,
    hypergeometric_at_least,
    hypergeometric_at_most,
    hypergeometric_term,
    poisson_term,
)

SHARED = Path(__file__).resolve().parents[5] / "shared" / "data" / "stat_refs.json"  # beside the checkout
CLOSE = 1e-10
SMALL = [(n, k) for n in range(1, 41) for k in range(n + 1)]
LARGE = [
    (n, k)
    for n in (149, 412, 1_000, 30_000, 10**6)
    for k in sorted({0, 1, 2, 3, 8, n // 100, n // 10, n // 3, n // 2, n - 2, n - 1, n})
]


def near(value: float, expected: float) -> bool:
    return abs(value - expected) <= CLOSE


@pytest.mark.slow
@pytest.mark.parametrize("error", [0.05, 0.025, 0.005])
def test_clopper_pearson_bounds(error: float) -> None:
    for n, k in SMALL + LARGE:
        assert near(upper_bound(n, k, error), 1.0 if k == n else float(stats.beta.ppf(1 - error, k + 1, n - k)))
        assert near(lower_bound(n, k, error), float(stats.beta.ppf(error, k, n - k + 1)) if k else 0.0)


@pytest.mark.slow
def test_two_sided_intervals_of_a_rate() -> None:
    for n, k in SMALL[::7] + LARGE:
        result = stats.binomtest(k, n)
        exact, score = result.proportion_ci(method="exact"), result.proportion_ci(method="wilson")
        assert clopper_pearson(n, k) == pytest.approx((exact.low, exact.high), abs=CLOSE)
        assert wilson(n, k) == pytest.approx((score.low, score.high), abs=CLOSE)


def test_sums_of_shares_have_an_interval() -> None:
    assert clopper_pearson(50, 1.5) == pytest.approx(
        (float(stats.beta.ppf(0.025, 1.5, 49.5)), float(stats.beta.ppf(0.975, 2.5, 48.5))), abs=CLOSE
    )


def test_garwood_intervals() -> None:
    for k in (*range(60), 100, 1_000, 10**5, 10**6):
        low = float(stats.chi2.ppf(0.025, 2 * k)) / 2 if k else 0.0
        assert garwood(k) == pytest.approx((low, float(stats.chi2.ppf(0.975, 2 * k + 2)) / 2), rel=CLOSE)


def test_terms_and_tails_of_the_binomial_distribution() -> None:
    for (n, k), rate in product(SMALL[::5] + LARGE, (1e-6, 0.001, 0.02, 0.3, 0.5, 0.97)):
        assert near(binomial_term(k, n, rate), float(stats.binom.pmf(k, n, rate)))
        assert near(binomial_at_most(k, n, rate), float(stats.binom.cdf(k, n, rate)))
        assert near(binomial_at_least(k, n, rate), float(stats.binom.sf(k - 1, n, rate)))


def test_far_tails_keep_their_digits() -> None:
    for n, k, rate in ((200, 60, 0.02), (1_000, 200, 0.05), (10**6, 30_000, 0.02)):
        assert binomial_at_least(k, n, rate) == pytest.approx(float(stats.binom.sf(k - 1, n, rate)), rel=1e-8)


def test_beta_poisson_and_gamma() -> None:
    for a, b, x in product((0.5, 1, 3.7, 60, 4_000), (0.5, 1, 12, 900), (1e-4, 0.05, 0.4, 0.9)):
        assert near(beta_cdf(x, a, b), float(stats.beta.cdf(x, a, b)))
    for a, x in product((1, 2, 17, 300), (0.01, 0.7, 3, 20, 290, 400)):
        assert near(gamma_cdf(x, a), float(stats.gamma.cdf(x, a)))
        assert near(poisson_term(a, x), float(stats.poisson.pmf(a, x)))


@pytest.mark.slow
def test_hypergeometric_terms_and_tails() -> None:
    for population in (1, 7, 30):
        for adverse, drawn in product(range(population + 1), range(population + 1)):
            for k in range(min(adverse, drawn) + 1):
                assert near(
                    hypergeometric_term(k, population, adverse, drawn),
                    float(stats.hypergeom.pmf(k, population, adverse, drawn)),
                ), (population, adverse, drawn, k)
                assert near(
                    hypergeometric_at_most(k, population, adverse, drawn),
                    float(stats.hypergeom.cdf(k, population, adverse, drawn)),
                )
    for population, adverse, drawn in ((1_000, 20, 400), (10**5, 2_000, 500), (10**6, 333_333, 50_000)):
        for k in (0, 1, drawn * adverse // population, drawn * adverse // population + 9, min(drawn, adverse)):
            assert near(
                hypergeometric_at_most(k, population, adverse, drawn),
                float(stats.hypergeom.cdf(k, population, adverse, drawn)),
            )
            assert near(
                hypergeometric_at_least(k, population, adverse, drawn),
                float(stats.hypergeom.sf(k - 1, population, adverse, drawn)),
            )


def test_exact_mcnemar() -> None:
    for worse, better in product(range(25), range(25)):
        if worse + better:
            one = stats.binomtest(worse, worse + better, 0.5, alternative="greater").pvalue
            assert near(mcnemar(worse, better), float(one))
    assert mcnemar(0, 0) == 1


def test_fishers_exact_test() -> None:
    for n, m in ((1, 1), (12, 9), (40, 55), (300, 150)):
        for k, j in product(range(0, n + 1, max(1, n // 9)), range(0, m + 1, max(1, m // 9))):
            table = [[j, m - j], [k, n - k]]
            expected = stats.fisher_exact(table, alternative="greater")[1]
            assert near(fisher(n, k, m, j), float(expected)), (n, k, m, j)


def test_newcombe_is_made_of_wilson_intervals() -> None:
    # The worked example of Newcombe (1998), table II, case (a): 56/70 - 48/80.
    assert newcombe(80, 48, 70, 56) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    for (n, k), (m, j) in product(SMALL[::90], SMALL[::70]):
        before, after = (stats.binomtest(*pair).proportion_ci(method="wilson") for pair in ((k, n), (j, m)))
        low = j / m - k / n - ((j / m - after.low) ** 2 + (before.high - k / n) ** 2) ** 0.5
        high = j / m - k / n + ((after.high - j / m) ** 2 + (k / n - before.low) ** 2) ** 0.5
        assert newcombe(n, k, m, j) == pytest.approx((low, high), abs=CLOSE)


def test_holm() -> None:
    # Holm (1979): the smallest is multiplied with the number of tests, the next with one less, and none gets smaller than before.
    assert adjusted([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))
    assert adjusted([0.9, 0.8]) == (1.0, 1.0)
    assert adjusted([]) == ()


@pytest.mark.parametrize(("n", "k"), [(3, 4), (3, -1), (-1, 0)])
def test_counts_that_cannot_be_are_errors(n: int, k: int) -> None:
    for call in (upper_bound, lower_bound, wilson):
        with pytest.raises(ValueError, match="cannot be"):
            call(n, k)
    with pytest.raises(ValueError, match="cannot be"):
        fisher(10, 2, n, k)


def test_nothing_assessed_says_nothing() -> None:
    assert (upper_bound(0, 0), lower_bound(0, 0), wilson(0, 0)) == (1.0, 0.0, (0.0, 1.0))


@pytest.mark.skipif(not SHARED.exists(), reason="the larger table of reference values is not beside the checkout")
def test_the_larger_table_of_reference_values() -> None:
    table = json.loads(SHARED.read_text("utf-8"))
    for row in table["cp"]:
        n, k = row["n"], row["k"]
        assert (lower_bound(n, k), upper_bound(n, k)) == pytest.approx(
            (row["lower95_1s"], row["upper95_1s"]), abs=CLOSE
        )
        assert clopper_pearson(n, k) == pytest.approx((row["lower95_2s"], row["upper95_2s"]), abs=CLOSE)
    for row in table["wilson"]:
        assert wilson(row["n"], row["k"]) == pytest.approx((row["lo"], row["hi"]), abs=CLOSE)
    for row in table["garwood"]:
        assert garwood(row["k"]) == pytest.approx((row["lower95_2s"], row["upper95_2s"]), rel=CLOSE)
        assert garwood_lower(row["k"]) == pytest.approx(row["lower95_1s"], rel=CLOSE)
        assert garwood_upper(row["k"]) == pytest.approx(row["upper95_1s"], rel=CLOSE)
    for row in table["poisson_sf"]:
        assert gamma_cdf(row["mu"], row["k"]) == pytest.approx(row["p_ge"], abs=CLOSE)
    for row in table["fisher_greater"]:
        assert near(fisher(row["n1"], row["k1"], row["n2"], row["k2"]), row["p"])
    for row in table["newcombe"]:
        interval = newcombe(row["n1"], row["k1"], row["n2"], row["k2"])
        assert interval == pytest.approx((row["lo"], row["hi"]), abs=CLOSE)
