"""The evidence number: against exact rational arithmetic, the tables that documentation prints, and its edges."""

import json
import math
from fractions import Fraction
from pathlib import Path

import pytest

from reassay.evidence.statistics.closing import (
    EXCEEDED_BETS,
    MET_BETS,
    chance_of,
    exceeded_evidence,
    exceeded_evidence_of,
    least_n,
    log_met_evidence,
    met_evidence,
    met_evidence_of,
    needed_more,
)
from reassay.evidence.statistics.mixtures import MOST_EVIDENCE

SHARED = Path(__file__).resolve().parents[5] / "shared" / "data" / "closing_refs.json"  # beside the checkout
BOUNDS = (Fraction(1, 1000), Fraction(1, 200), Fraction(1, 50), Fraction(1, 10), Fraction(3, 10), Fraction(7, 10))


def rational(bound: Fraction, n: int, k: int, bets: tuple[tuple[float, float], ...]) -> Fraction:
    """The formula as it stands in the documentation, without rounding."""
    total = Fraction(0)
    for share, weight in bets:
        factor = Fraction(str(share))
        if factor * bound < 1:
            step = (1 - factor * bound) / (1 - bound)
            total += Fraction(str(weight)) * factor**k * step ** (n - k)
    return total


@pytest.mark.parametrize("bound", BOUNDS)
def test_evidence_equals_the_formula_in_exact_arithmetic(bound: Fraction) -> None:
    for n in (0, 1, 7, 50, 175, 400):
        for k in {0, 1, 2, 5, n // 2, n}:
            if k > n:
                continue
            for number, bets in ((met_evidence, MET_BETS), (exceeded_evidence, EXCEEDED_BETS)):
                exact = float(min(rational(bound, n, k, bets), Fraction(MOST_EVIDENCE)))
                assert number(float(bound), n, k) == pytest.approx(exact, rel=1e-11)


def test_weights_of_the_bets_add_up_to_one() -> None:
    assert math.fsum(weight for _, weight in MET_BETS) == pytest.approx(1, abs=1e-15)
    assert math.fsum(weight for _, weight in EXCEEDED_BETS) == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize(
    ("bound", "numbers"),
    [
        (0.005, [704, 1320, 1730, 2115, 2480, 2829]),
        (0.01, [351, 659, 864, 1056, 1238, 1412]),
        (0.02, [175, 328, 430, 526, 617, 704]),
        (0.05, [69, 130, 170, 209, 245, 279]),
        (0.1, [34, 64, 84, 103, 120, 138]),
    ],
)
def test_least_numbers(bound: float, numbers: list[int]) -> None:
    assert [least_n(bound, k) for k in range(6)] == numbers
    for k, n in enumerate(numbers):
        assert met_evidence(bound, n, k) >= 20 > met_evidence(bound, n - 1, k)


def test_each_further_version_costs_more() -> None:
    assert [least_n(0.02, 0, 20 * 2**bumps) for bumps in range(4)] == [175, 213, 250, 287]


@pytest.mark.parametrize(("n", "k"), [(100, 8), (150, 9), (500, 20), (1000, 34)])
def test_least_adverse_that_exceed_two_percent(n: int, k: int) -> None:
    assert exceeded_evidence(0.02, n, k) >= 20 > exceeded_evidence(0.02, n, k - 1)


def test_bets_on_a_rate_of_one_or_more_are_left_out() -> None:
    assert exceeded_evidence(0.6, 10, 10) == pytest.approx(0.3 * 1.5**10)
    assert exceeded_evidence(0.7, 10, 10) == 0


def test_whole_shares_are_counts() -> None:
    shares = [0.0] * 171 + [1.0] * 4
    assert met_evidence_of(0.02, shares) == met_evidence(0.02, 175, 4)
    assert exceeded_evidence_of(0.02, {0.0: 171, 1.0: 4}) == exceeded_evidence(0.02, 175, 4)


def test_a_share_multiplies_each_bet_with_its_own_step() -> None:
    step = {c: (1 - 0.3) * (1 - c * 0.02) / (1 - 0.02) + 0.3 * c for c, _ in MET_BETS}
    assert met_evidence_of(0.02, [0.3]) == pytest.approx(math.fsum(w * step[c] for c, w in MET_BETS), rel=1e-14)


def test_generations_of_one_prompt_are_worth_less_than_prompts() -> None:
    # 4 of 10 generations of one prompt, and none of 174 others: as 10 times the prompts it would be met.
    clusters = met_evidence_of(0.02, {0.4: 1, 0.0: 174})
    assert clusters < 20 < met_evidence(0.02, 1750, 4)


def test_further_prompts_needed_are_the_least() -> None:
    seen = {0.0: 120, 0.5: 2, 1.0: 1}
    more = needed_more(0.02, seen)
    assert met_evidence_of(0.02, {**seen, 0.0: 120 + more}) >= 20
    assert met_evidence_of(0.02, {**seen, 0.0: 120 + more - 1}) < 20
    assert needed_more(0.02, {0.0: 175}) == 0
    assert needed_more(0.02, [0.0] * 114) == 61


def test_no_number_is_too_large() -> None:
    assert met_evidence(0.02, 10**9, 0) == MOST_EVIDENCE
    assert met_evidence(0.02, 10**9, 10**9) == 0
    assert log_met_evidence(0.02, {0.0: 10**9}) == pytest.approx(math.log(0.3) - 10**9 * math.log1p(-0.02), rel=1e-12)
    assert least_n(1e-9) == 3_528_761_035


@pytest.mark.parametrize("bound", [0, -0.01, 1, 1.5, math.nan])
def test_a_bound_that_is_no_rate_is_an_error(bound: float) -> None:
    for call in (met_evidence, exceeded_evidence):
        with pytest.raises(ValueError, match="a bound is more than 0 and less than 1"):
            call(bound, 10, 0)
    with pytest.raises(ValueError, match="a bound is more than 0 and less than 1"):
        least_n(bound)


@pytest.mark.parametrize("share", [-0.1, 1.1, math.nan])
def test_a_share_outside_of_its_range_is_an_error(share: float) -> None:
    with pytest.raises(ValueError, match="an adverse share is 0 to 1"):
        met_evidence_of(0.02, [share])


def test_counts_that_cannot_be_are_errors() -> None:
    for n, k in ((3, 4), (3, -1)):
        with pytest.raises(ValueError, match="cannot be"):
            met_evidence(0.02, n, k)
    with pytest.raises(ValueError, match="a number of prompts is at least 0"):
        met_evidence_of(0.02, {0.0: -1})
    with pytest.raises(ValueError, match="the evidence needed is more than 0"):
        needed_more(0.02, [], 0)


def test_chance_of_no_adverse_prompt() -> None:
    assert chance_of(61, 3 / 412) == pytest.approx((1 - 3 / 412) ** 61, rel=1e-12)
    assert (chance_of(0, 1), chance_of(5, 1), chance_of(61, 0)) == (1, 0, 1)
    with pytest.raises(ValueError, match="a chance takes"):
        chance_of(-1, 0.5)


@pytest.mark.skipif(not SHARED.exists(), reason="the larger table of reference values is not beside the checkout")
def test_evidence_equals_the_larger_table_of_reference_values() -> None:
    table = json.loads(SHARED.read_text("utf-8"))
    for row in table["grid"]:
        assert met_evidence(row["t"], row["n"], row["k"]) == pytest.approx(row["E_met"], rel=1e-10)
        assert exceeded_evidence(row["t"], row["n"], row["k"]) == pytest.approx(row["E_exceeded"], rel=1e-10)
    for bound, numbers in table["least_n_met"].items():
        assert [least_n(float(bound), k) for k in range(6)] == numbers
