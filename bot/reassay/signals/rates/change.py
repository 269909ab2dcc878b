"""Finding a change between long intervals, by the Shiryaev-Roberts form of the evidence.

    R = (1 + R) x E_step, once a day, averaged over r in (1.5, 2, 3, 5), with E_step = exp(x ln r - (r - 1) m)

for a day with x incidents of which m are accepted. The alarm is at the run length that people state, in days: at or below the
ceiling the mean time to a false alarm is at least that (Shin, Ramdas and Rinaldo 2024, e-detectors). Days without an incident
raise no alarm, which only makes that time longer.
"""

import math
from dataclasses import dataclass
from typing import Final

from reassay.evidence.statistics.mixtures import evidence_number, log_sum

FACTORS: Final = (1.5, 2.0, 3.0, 5.0)
"""How many times as often as accepted the incidents may come after the change; all count the same."""


@dataclass(frozen=True, slots=True)
class ChangeEvidence:
    """The evidence that the rate has grown at some day since the watch began, in days of run length."""

    logarithms: tuple[float, ...] = tuple(-math.inf for _ in FACTORS)
    """The natural logarithm of R for each factor."""

    def after(self, incidents: float, accepted: float) -> "ChangeEvidence":
        """The evidence at the end of one more day with `incidents`, of which `accepted` are accepted."""
        steps = (incidents * math.log(r) - (r - 1) * accepted for r in FACTORS)
        return ChangeEvidence(
            tuple(_log_one_more(value) + step for value, step in zip(self.logarithms, steps, strict=True))
        )

    @property
    def days(self) -> float:
        """R, the mean over the factors; at most 1e300."""
        return evidence_number(log_sum(self.logarithms) - math.log(len(FACTORS)))


def _log_one_more(logarithm: float) -> float:
    """The logarithm of 1 + the value whose logarithm is given."""
    return logarithm + math.log1p(math.exp(-logarithm)) if logarithm > 0 else math.log1p(math.exp(logarithm))
