"""Confidence intervals of a rate, of a difference of two rates, and of a number of events.

They hold for a sample whose size was fixed beforehand and that is read once. Beside an evidence number they are for orientation.
"""

import math
from statistics import NormalDist

from reassay.evidence.statistics.special import beta_quantile, gamma_quantile


def clopper_pearson(n: float, k: float, confidence: float = 0.95) -> tuple[float, float]:
    """The exact two-sided interval of a rate (Clopper and Pearson 1934); k may be a sum of shares. Raises ValueError."""
    error = (1 - confidence) / 2
    return lower_bound(n, k, error), upper_bound(n, k, error)


def upper_bound(n: float, k: float, error: float = 0.05) -> float:
    """The rate at which k or fewer of n have a chance of `error`; 1 for no sample. Raises ValueError."""
    _check(n, k)
    if k == n:
        return 1.0
    if k == 0:
        return -math.expm1(math.log(error) / n)
    return beta_quantile(1 - error, k + 1, n - k)


def lower_bound(n: float, k: float, error: float = 0.05) -> float:
    """The rate at which k or more of n have a chance of `error`; 0 for no sample. Raises ValueError."""
    _check(n, k)
    if k == 0:
        return 0.0
    if k == n:
        return math.exp(math.log(error) / n)
    return beta_quantile(error, k, n - k + 1)


def wilson(n: float, k: float, confidence: float = 0.95) -> tuple[float, float]:
    """The score interval of a rate (Wilson 1927); 0 to 1 for no sample. Raises ValueError."""
    _check(n, k)
    if n == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    rate, square = k / n, z * z
    middle = (rate + square / (2 * n)) / (1 + square / n)
    half = z / (1 + square / n) * math.sqrt(rate * (1 - rate) / n + square / (4 * n * n))
    return (0.0 if k == 0 else middle - half), (1.0 if k == n else middle + half)


def newcombe(n_before: int, k_before: int, n_after: int, k_after: int, confidence: float = 0.95) -> tuple[float, float]:
    """The interval of the rate after less the rate before (Newcombe 1998, method 10), of different prompts.

    Raises ValueError.
    """
    (low_before, high_before), (low_after, high_after) = (
        wilson(n_before, k_before, confidence),
        wilson(n_after, k_after, confidence),
    )
    before, after = _rate(n_before, k_before), _rate(n_after, k_after)
    difference = after - before
    return (
        difference - math.hypot(after - low_after, high_before - before),
        difference + math.hypot(high_after - after, before - low_before),
    )


def garwood(k: int, confidence: float = 0.95) -> tuple[float, float]:
    """The exact interval of the number of events that was to be expected (Garwood 1936). Raises ValueError."""
    error = (1 - confidence) / 2
    return garwood_lower(k, error), garwood_upper(k, error)


def garwood_lower(k: int, error: float = 0.05) -> float:
    """The expected number at which k events or more have a chance of `error`. Raises ValueError."""
    _check(k, k)
    return gamma_quantile(error, k) if k else 0.0


def garwood_upper(k: int, error: float = 0.05) -> float:
    """The expected number at which k events or fewer have a chance of `error`. Raises ValueError."""
    _check(k, k)
    return gamma_quantile(1 - error, k + 1) if k else -math.log(error)


def _rate(n: int, k: int) -> float:
    return k / n if n else 0.5


def _check(n: float, k: float) -> None:
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n} cannot be")
