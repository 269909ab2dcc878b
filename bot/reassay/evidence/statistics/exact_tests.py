"""Exact one-sided tests of whether prompts fare worse after a change than before."""

from reassay.evidence.statistics.special import binomial_at_least, hypergeometric_at_least


def fisher(n_before: int, k_before: int, n_after: int, k_after: int) -> float:
    """Different prompts before and after: the chance of at least as many adverse ones after, if the rate were the same.

    Fisher's exact test of two rates. Raises ValueError.
    """
    if not (0 <= k_before <= n_before and 0 <= k_after <= n_after):
        raise ValueError(f"{k_before} of {n_before} and {k_after} of {n_after} cannot be")
    return hypergeometric_at_least(k_after, n_before + n_after, k_before + k_after, n_after)


def mcnemar(worsened: int, improved: int) -> float:
    """The same prompts before and after: the chance of at least as many worsened ones among those that changed.

    Worse and better are taken as equally likely. McNemar's exact test (McNemar 1947); prompts that did not change do not count.
    Raises ValueError.
    """
    if worsened < 0 or improved < 0:
        raise ValueError(f"numbers of prompts are at least 0, not {worsened} and {improved}")
    return binomial_at_least(worsened, worsened + improved, 0.5)
