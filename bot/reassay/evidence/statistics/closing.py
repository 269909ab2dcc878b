"""The evidence number E by which a rate criterion is met or exceeded, however often people look at the results.

E bets against "each attempt is adverse with a chance of at least t". Its expectation under that claim is at most 1 after every
attempt, so it ever reaches 20 with a chance of at most 1/20 (Ville's inequality). `exceeded` bets against "at most t" in the same
way. The unit is the prompt: `x` is the adverse share of its generations, 0 or 1 where a prompt has one generation.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from reassay.evidence.statistics.mixtures import evidence_number, log_sum

NEEDED: Final = 20.0
"""The evidence number at which a criterion is met or exceeded: 1 / 0.05."""
MET_BETS: Final = ((0.0, 0.30), (0.10, 0.20), (0.25, 0.25), (0.50, 0.25))
"""Bets on the true rate, as a share of the bound, with their weights."""
EXCEEDED_BETS: Final = ((1.5, 0.3), (2.0, 0.3), (3.0, 0.2), (5.0, 0.1), (8.0, 0.1))
"""Bets on the true rate, as a multiple of the bound, with their weights; those of 1 or more are left out."""

Shares = Iterable[float] | Mapping[float, int]
"""The adverse share of each prompt, 0 to 1; or how many prompts have which share."""


def met_evidence(bound: float, n: int, k: int) -> float:
    """Evidence that the rate is below `bound`, of n prompts of which k were adverse. Raises ValueError."""
    return met_evidence_of(bound, _histogram(n, k))


def exceeded_evidence(bound: float, n: int, k: int) -> float:
    """Evidence that the rate is above `bound`, of n prompts of which k were adverse. Raises ValueError."""
    return exceeded_evidence_of(bound, _histogram(n, k))


def met_evidence_of(bound: float, shares: Shares) -> float:
    """Evidence that the mean adverse share is below `bound`. Raises ValueError."""
    return evidence_number(log_met_evidence(bound, shares))


def exceeded_evidence_of(bound: float, shares: Shares) -> float:
    """Evidence that the mean adverse share is above `bound`. Raises ValueError."""
    return evidence_number(_log_evidence(bound, shares, EXCEEDED_BETS))


def log_met_evidence(bound: float, shares: Shares) -> float:
    """The natural logarithm of `met_evidence_of`, without its upper limit. Raises ValueError."""
    return _log_evidence(bound, shares, MET_BETS)


@lru_cache(maxsize=1000)
def least_n(bound: float, k: int = 0, needed: float = NEEDED) -> int:
    """The least number of prompts, k of them adverse, that meets the bound. Raises ValueError."""
    return k + needed_more(bound, {1.0: k}, needed)


def needed_more(bound: float, shares: Shares, needed: float = NEEDED) -> int:
    """Further prompts without an adverse generation after which the bound is met; 0 if it is met. Raises ValueError."""
    if not needed > 0:
        raise ValueError(f"the evidence needed is more than 0, not {needed}")
    numbers = counted(shares)

    def is_met(more: int) -> bool:
        return log_met_evidence(bound, {**numbers, 0.0: numbers.get(0.0, 0) + more}) >= math.log(needed)

    if is_met(0):
        return 0
    # A prompt without an adverse generation raises every bet that is not zero, so E grows with their number without limit.
    high = 1
    while not is_met(high):
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_met(middle) else (middle, high)
    return high


def chance_of(needed: int, rate: float) -> float:
    """The chance that `needed` prompts have no adverse generation if each has one with chance `rate`. Raises ValueError."""
    if needed < 0 or not 0 <= rate <= 1:
        raise ValueError(f"a chance takes a number from 0 and a rate of 0 to 1, not {needed} and {rate}")
    return math.exp(needed * math.log1p(-rate)) if rate < 1 else float(needed == 0)


def counted(shares: Shares) -> dict[float, int]:
    """How many prompts have which adverse share. Raises ValueError for a share outside of 0 to 1."""
    numbers = dict(shares) if isinstance(shares, Mapping) else dict(Counter(shares))
    for share, number in numbers.items():
        if not 0 <= share <= 1:
            raise ValueError(f"an adverse share is 0 to 1, not {share}")
        if number < 0:
            raise ValueError(f"a number of prompts is at least 0, not {number}")
    return numbers


def _histogram(n: int, k: int) -> dict[float, int]:
    if not 0 <= k <= n:
        raise ValueError(f"{k} adverse of {n} cannot be")
    return {0.0: n - k, 1.0: k}


def _log_evidence(bound: float, shares: Shares, bets: tuple[tuple[float, float], ...]) -> float:
    if not 0 < bound < 1:
        raise ValueError(f"a bound is more than 0 and less than 1, not {bound}")
    numbers = counted(shares)
    return log_sum(math.log(weight) + _log_bet(bound, numbers, factor) for factor, weight in bets if factor * bound < 1)


def _log_bet(bound: float, numbers: Mapping[float, int], factor: float) -> float:
    return math.fsum(number * _log_step(bound, share, factor) for share, number in numbers.items() if number)


def _log_step(bound: float, share: float, factor: float) -> float:
    """What one prompt multiplies a bet with; its mean is 1 where the mean share is the bound."""
    if share == 0:
        return math.log1p(-factor * bound) - math.log1p(-bound)
    step = (1 - share) * (1 - factor * bound) / (1 - bound) + share * factor
    return math.log(step) if step > 0 else -math.inf
