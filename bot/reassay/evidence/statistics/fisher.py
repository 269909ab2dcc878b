"""Different prompts before and after: Fisher's exact test of two rates."""

from reassay.evidence.statistics.special import hypergeometric_at_least


def worse_chance(n_before: int, k_before: int, n_after: int, k_after: int) -> float:
    """The chance of at least as many adverse prompts after, if the rate were the same. One-sided. Raises ValueError."""
    if not (0 <= k_before <= n_before and 0 <= k_after <= n_after):
        raise ValueError(f"{k_before} of {n_before} and {k_after} of {n_after} cannot be")
    return hypergeometric_at_least(k_after, n_before + n_after, k_before + k_after, n_after)
