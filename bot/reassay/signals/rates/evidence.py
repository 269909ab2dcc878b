"""The evidence that incidents come more often than a stated ceiling accepts.

    E = sum over (r, w) of w exp(k ln r - (r - 1) m)

with k the incidents since the watch began and m the number that was accepted by then. Each r is a bet that incidents come r times
as often as accepted, w its weight. If they come no more often than accepted, in numbers that follow a Poisson process, E ever
reaches 20 with a chance of at most 1/20, however often one looks (Ville 1939; E is a mixture of likelihood ratios of mean 1).
"""

import math
from collections.abc import Mapping
from typing import Final

from reassay.evidence.statistics.mixtures import evidence_number, log_sum

BETS: Final[Mapping[float, float]] = {1.5: 0.3, 2.0: 0.3, 3.0: 0.2, 5.0: 0.1, 8.0: 0.1}
"""Weights by how many times as often as accepted the incidents come."""
FIRST_LEVEL: Final = 20.0
"""The evidence at which a light re-assessment is due."""
FULL_LEVEL: Final = 100.0
"""The evidence from which a full re-assessment is due."""
STEP: Final = 5.0
"""What a level is multiplied with to have the next one."""
_ALMOST: Final = 1e-12
"""Relative error of the sum, so that a number of incidents that reaches a level on paper reaches it here."""


def log_evidence(incidents: float, accepted: float) -> float:
    """The natural logarithm of the evidence number. Both numbers are since the watch began. Raises ValueError."""
    if not (0 <= incidents < math.inf and 0 <= accepted < math.inf):
        raise ValueError(f"numbers of incidents are at least 0, not {incidents} and {accepted}")
    return log_sum(math.log(w) + incidents * math.log(r) - (r - 1) * accepted for r, w in BETS.items())


def rate_evidence(incidents: float, accepted: float) -> float:
    """The evidence number; at most 1e300. Raises ValueError."""
    return evidence_number(log_evidence(incidents, accepted))


def reaches(incidents: float, accepted: float, level: float) -> bool:
    """Whether the evidence is at least `level`."""
    return log_evidence(incidents, accepted) >= math.log(level) - _ALMOST


def level_reached(incidents: float, accepted: float) -> float:
    """The highest level that the evidence reaches; 0 if none."""
    excess = log_evidence(incidents, accepted) + _ALMOST - math.log(FIRST_LEVEL)
    if excess < 0:
        return 0.0
    steps = math.floor(excess / math.log(STEP) + _ALMOST)
    return min(FIRST_LEVEL * STEP ** min(steps, 400), evidence_number(math.inf))


def next_level(level: float) -> float:
    """The level after `level`; the first one after 0."""
    return level * STEP if level >= FIRST_LEVEL else FIRST_LEVEL


def firing_count(accepted: float, level: float = FIRST_LEVEL) -> int:
    """The least number of incidents that reaches `level` where `accepted` were accepted. Raises ValueError."""
    high = 1
    while not reaches(high, accepted, level):
        high *= 2
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reaches(middle, accepted, level) else (middle, high)
    return high
