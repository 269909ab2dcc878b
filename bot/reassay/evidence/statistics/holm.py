"""Holm's correction for several tests at once (Holm 1979)."""

from collections.abc import Sequence


def adjusted(chances: Sequence[float]) -> tuple[float, ...]:
    """The p-values after the correction, in their order: what is at most 0.05 holds with an error of 5% over all of them."""
    adjusted_values = [0.0] * len(chances)
    largest = 0.0
    for rank, position in enumerate(sorted(range(len(chances)), key=chances.__getitem__)):
        largest = max(largest, min(1.0, (len(chances) - rank) * chances[position]))
        adjusted_values[position] = largest
    return tuple(adjusted_values)
