"""The verdict on one criterion of a target."""

from dataclasses import dataclass

from reassay.evidence.inputs import VerdictInputs
from reassay.evidence.rate_figures import RateFigures
from reassay.ledger.criterion_result import Basis, CriterionResult, CriterionVerdictWord


@dataclass(frozen=True, slots=True)
class CriterionVerdict:
    """The verdict on one criterion by the attached evidence."""

    name: str
    verdict: CriterionVerdictWord
    basis: Basis
    why: str
    """A sentence without its full stop."""
    figures: RateFigures | None = None
    """None where nothing was counted."""
    inputs: str | None = None
    """Digest of the object with everything it was computed from; None where a person's word decides."""
    computed_from: VerdictInputs | None = None
    """The object itself; None where there is no digest."""

    def recorded(self) -> CriterionResult:
        """The verdict as recorded in the ledger."""
        return CriterionResult(name=self.name, verdict=self.verdict, basis=self.basis, inputs=self.inputs)
