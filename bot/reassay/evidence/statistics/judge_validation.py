"""Validation of a judge: a judge that may miss adverse outputs lowers the bound at which a rate is judged.

A positive control is m known-adverse items of which the judge found h. With s the lower 97.5% bound of h/m, a true rate of t is
an observed rate of at least t x s. The other 2.5% of error are left for the counts, so the evidence number has to reach 40.
"""

from typing import Final

from reassay.evidence.statistics.intervals import lower_bound

CONTROL_ERROR: Final = 0.025
EVIDENCE_FACTOR: Final = 2.0
"""What the evidence number that is needed is multiplied with: 40 instead of 20."""


def least_sensitivity(items: int, hits: int) -> float:
    """The one-sided lower 97.5% bound of the share of adverse items that the judge finds. Raises ValueError."""
    return lower_bound(items, hits, CONTROL_ERROR) if items else 0.0
