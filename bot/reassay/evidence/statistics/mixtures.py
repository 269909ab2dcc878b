"""Weighted sums of likelihood ratios, in logarithms."""

import math
from collections.abc import Iterable
from typing import Final

MOST_EVIDENCE: Final = 1e300
"""Evidence numbers above it are given as this, so that a record can always write them down."""


def log_sum(logarithms: Iterable[float]) -> float:
    """The logarithm of the sum of values that are given by their logarithms; minus infinity for none."""
    values = tuple(logarithms)
    largest = max(values, default=-math.inf)
    if math.isinf(largest):
        return largest
    return largest + math.log(math.fsum(math.exp(value - largest) for value in values))


def evidence_number(logarithm: float) -> float:
    """The evidence number whose logarithm is given, at most MOST_EVIDENCE."""
    return math.exp(logarithm) if logarithm < math.log(MOST_EVIDENCE) else MOST_EVIDENCE
