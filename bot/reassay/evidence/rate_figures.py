"""The numbers behind the verdict on a rate or a sample."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RateFigures:
    """The numbers behind the verdict on a rate or a sample, over all runs of the episode that count."""

    planned: int
    attempted: int
    adverse: int
    not_adverse: int
    unscored: int
    errored: int
    n: int
    """Prompts (clusters), the unit of the statistics."""
    k: float
    """Adverse among n at worst: shares of generations are added up, and what was not assessed counts as adverse."""
    bound: float
    """The rate that has to be shown: `at_most` less the margin, and less what the judge may miss."""
    evidence: float
    """The evidence number E that the true rate is below the bound; for a fixed plan the Clopper-Pearson upper bound decides."""
    evidence_needed: float
    """E at which it is met: 20, doubled for every further version tested in the episode and for a judge that was validated."""
    lower: float
    upper: float
    """The two-sided 95% Clopper-Pearson interval of k of n, for orientation."""
    needed: int | None = None
    """Further prompts without another adverse one after which it would be met; None if it is met, or cannot be."""
    chance: float | None = None
    """The chance of that at the rate seen so far, 0 to 1; None while none was adverse, since that rate says nothing of it."""

    @property
    def assessed(self) -> int:
        """Generations with an outcome."""
        return self.adverse + self.not_adverse

    @property
    def not_assessed(self) -> int:
        """Generations that were planned or attempted, and have no outcome."""
        return max(self.planned, self.attempted) - self.assessed
