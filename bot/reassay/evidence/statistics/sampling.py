"""Items drawn without replacement from a finite population: exact tests, and an evidence number for any number of looks.

A population of N keeps the bound t if at most floor(t N) of its items are adverse. `met` bets against the mildest population that
breaks it, with D = floor(t N) + 1. The probability of a sequence of n draws with k adverse ones is
[D]_k [N-D]_(n-k) / [N]_n, where [a]_b = a (a-1) ... (a-b+1), so a bet on D' < D adverse items is worth

    [D']_k [N-D']_(n-k) / ([D]_k [N-D]_(n-k))

and depends on totals only. The next draw is adverse with chance (D-k)/(N-n): then the mean of what it multiplies the bet with is
exactly 1, and it is less where the population has more than D adverse items. So the bets, which are those of `closing.py` on a
share of D, ever reach 20 with a chance of at most 1/20. `exceeded` bets in the same way against the worst population that keeps
the bound.
"""

import math

from reassay.evidence.statistics.closing import EXCEEDED_BETS, MET_BETS, NEEDED
from reassay.evidence.statistics.mixtures import evidence_number, log_sum
from reassay.evidence.statistics.special import hypergeometric_at_most

_TOLERANCE = 1e-12


def most_allowed(population: int, bound: float) -> int:
    """The largest number of adverse items that keeps the bound: floor(t N). Raises ValueError."""
    if population < 1 or not 0 <= bound <= 1:
        raise ValueError(f"a bound of 0 to 1 of at least 1 item is needed, not {bound} of {population}")
    # 0.07 of 100 is 7.000000000000001.
    return math.floor(bound * population * (1 + _TOLERANCE))


def met_evidence(population: int, bound: float, n: int, k: int) -> float:
    """Evidence that the population keeps the bound, of n drawn items of which k were adverse. Raises ValueError."""
    return evidence_number(_log_met(population, bound, n, k))


def exceeded_evidence(population: int, bound: float, n: int, k: int) -> float:
    """Evidence that the population breaks the bound, of n drawn items of which k were adverse. Raises ValueError."""
    allowed = most_allowed(population, bound)
    _check(population, n, k)
    if k > allowed:
        return evidence_number(math.inf)
    bets = ((max(math.ceil(factor * allowed), allowed + 1), weight) for factor, weight in EXCEEDED_BETS)
    return evidence_number(
        log_sum(
            math.log(weight) + _log_ratio(population, adverse, allowed, n, k)
            for adverse, weight in bets
            if adverse <= population
        )
    )


def is_met_by_fixed_plan(population: int, bound: float, n: int, k: int, error: float = 0.05) -> bool:
    """Whether k adverse ones or fewer of n have a chance of at most `error` where the bound is broken. Raises ValueError."""
    adverse = most_allowed(population, bound) + 1
    _check(population, n, k)
    return adverse > population or hypergeometric_at_most(k, population, adverse, n) <= error


def least_n(population: int, bound: float, k: int = 0, needed: float = NEEDED) -> int | None:
    """The least number of drawn items, k of them adverse, that meets the bound; None if k are too many. Raises ValueError."""
    more = needed_more(population, bound, k, k, needed)
    return None if more is None else k + more


def needed_more(population: int, bound: float, n: int, k: int, needed: float = NEEDED) -> int | None:
    """Further items without an adverse one after which the bound is met; None if it is broken. Raises ValueError."""
    _check(population, n, k)
    if k > most_allowed(population, bound):
        return None
    low, high = -1, population - n
    while high - low > 1:
        middle = (low + high) // 2
        is_met = _log_met(population, bound, n + middle, k) >= math.log(needed)
        low, high = (low, middle) if is_met else (middle, high)
    return high


def least_n_of_fixed_plan(population: int, bound: float, k: int = 0) -> int | None:
    """As `least_n`, for a sample whose size was fixed beforehand and that is read once. Raises ValueError."""
    _check(population, k, k)
    if k > most_allowed(population, bound):
        return None
    low, high = k - 1, population
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_met_by_fixed_plan(population, bound, middle, k) else (middle, high)
    return high


def _log_met(population: int, bound: float, n: int, k: int) -> float:
    adverse = most_allowed(population, bound) + 1
    _check(population, n, k)
    # More items are not adverse than a population that breaks the bound has.
    if adverse > population or n - k > population - adverse:
        return math.inf
    return log_sum(
        math.log(weight) + _log_ratio(population, math.floor(factor * adverse), adverse, n, k)
        for factor, weight in MET_BETS
    )


def _log_ratio(population: int, other: int, adverse: int, n: int, k: int) -> float:
    """The logarithm of how much likelier n draws with k adverse ones are with `other` adverse items than with `adverse`."""
    if k > other or n - k > population - other:
        return -math.inf
    return math.fsum(
        (
            *_log_falling(other, k),
            *_log_falling(population - other, n - k),
            *(-term for term in _log_falling(adverse, k)),
            *(-term for term in _log_falling(population - adverse, n - k)),
        )
    )


def _log_falling(items: int, drawn: int) -> tuple[float, float]:
    return math.lgamma(items + 1), -math.lgamma(items - drawn + 1)


def _check(population: int, n: int, k: int) -> None:
    if not 0 <= k <= n <= population:
        raise ValueError(f"{k} adverse of {n} of a population of {population} cannot be")
