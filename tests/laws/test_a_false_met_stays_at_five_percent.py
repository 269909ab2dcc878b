"""A false "met" stays at 5%: where the true rate is exactly the bound, the chance that a criterion is ever met in an episode is at
most 5%, whatever people do with the results: retry, top up, look after every sample, stop when ahead, re-trigger, re-open after
an inconclusive decision, split a run into files. With ten versions in one episode it is at most 10%. Neither a judge that misses
adverse outputs, nor generations that are alike within a prompt, nor a finite population changes that. "Exceeded" likewise."""

from collections.abc import Callable, Collection

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reassay.evidence.statistics import closing, power, sampling
from reassay.evidence.statistics.judge_validation import EVIDENCE_FACTOR, least_sensitivity
from reassay.evidence.statistics.special import binomial_term

BOUND = 0.02
LOOKED_TO = 2_500
ALWAYS = range(1, LOOKED_TO + 1)

LOOKS: dict[str, Collection[int]] = {
    "one run": [175],
    "retry: ten runs of 150": range(150, 1_501, 150),
    "top-up: 61 more, fifty times": range(114, 114 + 50 * 61, 61),
    "peek after every sample": ALWAYS,
    "stop when ahead, from 100 samples": range(100, LOOKED_TO + 1),
    "re-trigger: a new run of 400 at each trigger": range(400, LOOKED_TO + 1, 400),
    "inconclusive, and opened again": [175, 328, 430, 526, 617],
    "split into files of 7": range(7, LOOKED_TO + 1, 7),
}


def ever(reached: Callable[[int, int], bool], rate: float, looks: Collection[int]) -> float:
    """The exact chance that a look ever finds `reached(n, k)`, by following the chances of every (n, k) that it has not yet."""
    states = np.zeros(LOOKED_TO + 700)
    states[0] = 1.0
    found = 0.0
    looked = set(looks)
    for n in range(1, max(looked) + 1):
        states[1 : n + 1] = states[1 : n + 1] * (1 - rate) + states[:n] * rate
        states[0] *= 1 - rate
        if n in looked:
            for k in np.flatnonzero(states[: n + 1] > 1e-15):
                if reached(n, int(k)):
                    found += float(states[k])
                    states[k] = 0.0
    return found


def met(n: int, k: int) -> bool:
    # Least numbers grow with k, so those of another n are not computed again.
    return n >= LEAST[k] if k < len(LEAST) else False


LEAST = [closing.least_n(BOUND, k) for k in range(60)]


@pytest.mark.parametrize("way", LOOKS)
def test_whatever_people_do_with_the_results(way: str) -> None:
    assert ever(met, BOUND, LOOKS[way]) <= 0.0487


def test_looking_after_every_sample_is_known_exactly() -> None:
    assert ever(met, BOUND, ALWAYS) == pytest.approx(0.0486, abs=5e-5)
    assert power.chance_met_by(BOUND, BOUND, LOOKED_TO) == pytest.approx(ever(met, BOUND, ALWAYS), abs=1e-10)


@pytest.mark.parametrize("bound", [0.001, 0.005, 0.01, 0.05, 0.1, 0.3, 0.6])
@pytest.mark.parametrize("above", [1.0, 1.05, 1.5])
@pytest.mark.parametrize("adverse", [150, pytest.param(power.MOST_ADVERSE, marks=pytest.mark.long)])
def test_every_bound_and_every_rate_from_it(bound: float, above: float, adverse: int) -> None:
    """Until so many adverse prompts are expected; work grows with their square, and the chance hardly any more."""
    assert power.chance_met_by(bound, bound * above, round(adverse / bound)) <= 0.05


def test_ten_versions_in_one_episode_cost_at_most_ten_percent() -> None:
    chances = [power.chance_met_by(BOUND, BOUND, 5_000, closing.NEEDED * 2**bumps) for bumps in range(10)]
    assert sum(chances) <= 0.10
    assert all(chance <= 0.05 / 2**bumps for bumps, chance in enumerate(chances))


@pytest.mark.parametrize("bound", [0.005, 0.02, 0.1])
def test_exceeded_where_the_rate_is_the_bound(bound: float) -> None:
    def exceeded(n: int, k: int) -> bool:
        return k > bound * n and closing.exceeded_evidence(bound, n, k) >= closing.NEEDED

    assert 0 < ever(exceeded, bound, range(1, 1_001)) <= 0.05


@pytest.mark.parametrize("sensitivity", [0.6, 0.9, 1.0])
@pytest.mark.parametrize("items", [10, 30, 100])
def test_a_judge_that_misses_adverse_outputs(items: int, sensitivity: float) -> None:
    needed = closing.NEEDED * EVIDENCE_FACTOR
    total = 0.0
    for hits in range(items + 1):
        likely = binomial_term(hits, items, sensitivity)
        share = least_sensitivity(items, hits)
        if likely > 1e-9 and share > 0:
            total += likely * power.chance_met_by(BOUND * share, BOUND * sensitivity, 2_500, needed)
    assert 0 < total <= 0.05


@pytest.mark.parametrize(("alike", "generations"), [(0.0, 10), (0.1, 10), (0.5, 2), (0.9, 10), (1.0, 10)])
def test_generations_of_a_prompt_that_are_alike(alike: float, generations: int) -> None:
    runs, prompts = 1_500, 800
    random = np.random.default_rng(20_261_130)
    shares = shares_of(random, alike, generations, (runs, prompts))
    for number, bets in (
        (closing.met_evidence_of, closing.MET_BETS),
        (closing.exceeded_evidence_of, closing.EXCEEDED_BETS),
    ):
        steps = [(1 - shares) * (1 - c * BOUND) / (1 - BOUND) + shares * c for c, _ in bets]
        terms = [weight * np.cumprod(step, axis=1) for (_, weight), step in zip(bets, steps, strict=True)]
        evidence = np.sum(terms, axis=0)
        # The simulation computes the same number as the code.
        assert evidence[0, 99] == pytest.approx(number(BOUND, [float(share) for share in shares[0, :100]]), rel=1e-9)
        reached = float((evidence.max(axis=1) >= closing.NEEDED).mean())
        assert reached <= 0.05 + 3 * (0.05 * 0.95 / runs) ** 0.5


def shares_of(random: np.random.Generator, alike: float, generations: int, size: tuple[int, int]) -> np.ndarray:
    """Adverse shares of prompts with a mean of BOUND, whose generations have the given intra-class correlation."""
    if alike == 1:
        return (random.random(size) < BOUND).astype(float)
    rates: float | np.ndarray = BOUND
    if alike:
        scale = (1 - alike) / alike
        rates = random.beta(BOUND * scale, (1 - BOUND) * scale, size)
    return random.binomial(generations, rates, size) / generations


POSSIBLE = st.lists(st.tuples(st.floats(0, 1), st.floats(0.001, 1)), min_size=1, max_size=6)


@settings(deadline=None)
@given(prompts=POSSIBLE, part=st.floats(0.01, 1))
def test_a_prompt_never_raises_the_expected_evidence(prompts: list[tuple[float, float]], part: float) -> None:
    total = sum(weight for _, weight in prompts)
    mean = sum(share * weight for share, weight in prompts) / total
    if not 1e-6 < mean < 1 - 1e-6:
        return
    # The bound is the mean or below it: then "met" is false.
    bound = mean * part
    for evidence, against in ((closing.met_evidence_of, bound), (closing.exceeded_evidence_of, 1 - (1 - mean) * part)):
        expected = sum(weight / total * evidence(against, [share]) for share, weight in prompts)
        assert expected <= 1 + 1e-9


@pytest.mark.parametrize(("population", "bound"), [(60, 0.05), (200, 0.02), (200, 0.1), (500, 0.01)])
@pytest.mark.parametrize("further", [0, 1, 5])
def test_a_sample_looked_at_after_every_draw(population: int, bound: float, further: int) -> None:
    allowed = sampling.most_allowed(population, bound)
    assert ever_of_population(sampling.met_evidence, population, bound, allowed + 1 + further) <= 0.05
    assert ever_of_population(sampling.exceeded_evidence, population, bound, max(0, allowed - further)) <= 0.05


def ever_of_population(
    evidence: Callable[[int, float, int, int], float], population: int, bound: float, adverse: int
) -> float:
    """The exact chance that the evidence ever reaches 20 while a whole population is drawn, item by item."""
    states, found = {0: 1.0}, 0.0
    for n in range(1, population + 1):
        following: dict[int, float] = {}
        for k, chance in states.items():
            worse = (adverse - k) / (population - n + 1)
            following[k + 1] = following.get(k + 1, 0) + chance * worse
            following[k] = following.get(k, 0) + chance * (1 - worse)
        states = {k: chance for k, chance in following.items() if chance > 1e-15}
        for k in [k for k in states if evidence(population, bound, n, k) >= closing.NEEDED]:
            found += states.pop(k)
    return found
