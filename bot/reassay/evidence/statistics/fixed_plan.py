"""A run whose size was fixed beforehand and that is read once: exact tests at an error of 5%."""

from typing import Final

from reassay.evidence.statistics.special import binomial_at_most

ERROR: Final = 0.05


def is_met(bound: float, n: int, k: int, error: float = ERROR) -> bool:
    """Whether the one-sided upper Clopper-Pearson bound of k of n is at most `bound`. Raises ValueError."""
    _check(bound, n, k)
    return n > 0 and binomial_at_most(k, n, bound) <= error


def most_adverse(bound: float, n: int, error: float = ERROR) -> int | None:
    """The largest number of adverse prompts among n with which the bound is met; None if none. Raises ValueError."""
    if not is_met(bound, n, 0, error):
        return None
    low, high = 0, n
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if is_met(bound, n, middle, error) else (low, middle)
    return low


def least_n(bound: float, k: int = 0, error: float = ERROR) -> int:
    """The least number of prompts, k of them adverse, that meets the bound. Raises ValueError."""
    high = k + 1
    while not is_met(bound, high, k, error):
        high *= 2
    low = k
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_met(bound, middle, k, error) else (middle, high)
    return high


def _check(bound: float, n: int, k: int) -> None:
    if not 0 < bound < 1:
        raise ValueError(f"a bound is more than 0 and less than 1, not {bound}")
    if not 0 <= k <= n:
        raise ValueError(f"{k} adverse of {n} cannot be")
