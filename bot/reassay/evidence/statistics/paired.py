"""The same prompts before and after: McNemar's exact test (McNemar 1947), which looks only at the prompts that changed."""

from reassay.evidence.statistics.special import binomial_at_least


def worse_chance(worsened: int, improved: int) -> float:
    """The chance of at least as many worsened prompts among those that changed, if worse and better were equally likely.

    One-sided. Raises ValueError.
    """
    if worsened < 0 or improved < 0:
        raise ValueError(f"numbers of prompts are at least 0, not {worsened} and {improved}")
    return binomial_at_least(worsened, worsened + improved, 0.5)


def changed_chance(worsened: int, improved: int) -> float:
    """As `worse_chance`, two-sided: for a change in either direction."""
    return min(1.0, 2 * worse_chance(max(worsened, improved), min(worsened, improved)))
