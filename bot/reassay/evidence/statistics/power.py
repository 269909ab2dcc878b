"""Sizes of plans that are met with a chance of 80% or 90%, at the rate that people believe in. Exact."""

import math
from collections.abc import Callable, Iterator
from typing import Final

from reassay.evidence.statistics import closing, fixed_plan, sampling
from reassay.evidence.statistics.special import (
    binomial_at_most,
    binomial_term,
    hypergeometric_at_most,
    hypergeometric_term,
)

MOST_PROMPTS: Final = 1_000_000
"""Larger plans are given as None."""
MOST_ADVERSE: Final = 450
"""Numbers of adverse prompts up to which an open plan is followed."""
_LOOK_BACK: Final = 60


def fixed_plan_size(bound: float, believed: float, chance: float, error: float = fixed_plan.ERROR) -> int | None:
    """The least n of a plan that is read once and is met with at least this chance; None above MOST_PROMPTS. Raises ValueError.

    With k adverse prompts allowed, the chance is largest at the least n that allows k, so only those are compared.
    """
    _check(bound, believed)
    if believed >= bound:
        return None

    def reaches(allowed: int) -> bool:
        return binomial_at_most(allowed, fixed_plan.least_n(bound, allowed, error), believed) >= chance

    high = 1
    while not reaches(high - 1):
        high *= 2
        if fixed_plan.least_n(bound, high - 1, error) > MOST_PROMPTS:
            return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reaches(middle - 1) else (middle, high)
    # The chance rises with k, but for what rounding to whole prompts takes: a smaller k may be enough as well.
    least = next(allowed for allowed in range(max(0, high - _LOOK_BACK), high) if reaches(allowed))
    return fixed_plan.least_n(bound, least, error)


def open_plan_size(bound: float, believed: float, chance: float, needed: float = closing.NEEDED) -> int | None:
    """The n by which an open plan, looked at after every prompt, has been met with at least this chance.

    None if that takes MOST_ADVERSE adverse prompts or more, or no number reaches it. Raises ValueError.
    """
    if believed >= bound:
        return None
    return next((n for n, reached in _chances_met(bound, believed, needed) if reached >= chance), None)


def chance_met_by(bound: float, believed: float, most: int, needed: float = closing.NEEDED) -> float:
    """The chance that an open plan, looked at after each of `most` prompts, has ever been met. Raises ValueError."""
    reached = 0.0
    for n, chance in _chances_met(bound, believed, needed):
        if n > most:
            break
        reached = chance
    return reached


def fixed_sample_size(population: int, bound: float, adverse: int, chance: float) -> int | None:
    """As `fixed_plan_size`, for a population that is believed to have `adverse` adverse items; None if it breaks the bound.

    Raises ValueError.
    """
    if adverse > sampling.most_allowed(population, bound):
        return None
    sizes = _sizes_of_population(population, bound, sampling.least_n_of_fixed_plan)
    return next((n for k, n in sizes if hypergeometric_at_most(k, population, adverse, n) >= chance), None)


def open_sample_size(population: int, bound: float, adverse: int, chance: float) -> int | None:
    """As `open_plan_size`, for a population that is believed to have `adverse` adverse items; None if it breaks the bound.

    Raises ValueError.
    """
    if adverse > sampling.most_allowed(population, bound):
        return None

    def term(k: int, n: int, j: int, size: int) -> float:
        return hypergeometric_term(k - j, population - size, adverse - j, n - size) if j <= adverse else 0.0

    sizes = (n for _, n in _sizes_of_population(population, bound, sampling.least_n))
    return next((n for n, reached in _first_passages(sizes, term) if reached >= chance), None)


def _sizes_of_population(
    population: int, bound: float, least: Callable[[int, float, int], int | None]
) -> Iterator[tuple[int, int]]:
    """For each number of adverse items: the least n that meets the bound with them."""
    for k in range(MOST_ADVERSE):
        n = least(population, bound, k)
        if n is None:
            break
        yield k, n


def _chances_met(bound: float, believed: float, needed: float) -> Iterator[tuple[int, float]]:
    """For each number of adverse prompts: the least n that meets the bound with them, and the chance of having met it by then."""
    _check(bound, believed)
    sizes = (closing.least_n(bound, k, needed) for k in range(MOST_ADVERSE))
    return _first_passages(sizes, lambda k, n, j, size: binomial_term(k - j, n - size, believed))


def _first_passages(sizes: Iterator[int], term: Callable[[int, int, int, int], float]) -> Iterator[tuple[int, float]]:
    """The chance of having been met by each size, where the k-th size is the least that meets the bound with k adverse.

    `term(k, n, j, size)` is the chance of k adverse of n, given j of the first `size`. A run that is met first with k adverse of
    n(k) is one that has k of n(k), less those that were met earlier, with j of n(j), and had k - j more since.
    """
    firsts: list[tuple[float, int]] = []
    for k, n in enumerate(sizes):
        earlier = math.fsum(first * term(k, n, j, size) for j, (first, size) in enumerate(firsts))
        firsts.append((max(0.0, term(k, n, 0, 0) - earlier), n))
        yield n, math.fsum(first for first, _ in firsts)


def _check(bound: float, believed: float) -> None:
    if not (0 < bound < 1 and 0 <= believed <= 1):
        raise ValueError(f"a bound between 0 and 1 and a rate of 0 to 1 are needed, not {bound} and {believed}")
