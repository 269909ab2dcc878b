"""Contract of the criterion kinds that are judged by a person's evidence: what one asks for, and its verdict."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from reassay.evidence.criterion_verdict import CriterionVerdict
from reassay.ledger.answers import Attached
from reassay.ledger.criterion_result import Basis
from reassay.register.criterion_base import NamedCriterion

CriterionT_co = TypeVar("CriterionT_co", bound=NamedCriterion, covariant=True)
ON_A_WORD: Final = "stated without a file"
BASIS_OF_KIND: Final[dict[str, Basis]] = {
    "census": "counted",
    "effort": "tested",
    "exercise": "exercised",
    "duration": "exercised",
    "judgement": "judged",
    "capability": "judged",
}
"""Kind of evidence -> its basis, where there is more than a person's word."""


@dataclass(frozen=True, slots=True)
class CriterionEvidence:
    """The evidence that speaks of one criterion, in order of the ledger."""

    attached: Sequence[Attached]
    """Evidence of the criterion's kind in the re-assessment."""
    version: int
    """Version of the mitigation in force."""
    earlier: Sequence[Attached] = ()
    """Evidence of the criterion's kind in earlier re-assessments of the mitigation, for any version."""


@dataclass(frozen=True, slots=True)
class CriterionKind(Generic[CriterionT_co]):
    """A kind of criterion."""

    kind: str
    """The word in the register."""
    criterion: type[CriterionT_co]
    asks: Callable[[CriterionT_co], str]
    """What a criterion asks for, as part of a sentence."""
    judge: Callable[[CriterionT_co, CriterionEvidence], CriterionVerdict]
    """The verdict by the evidence."""

    def words(self, criterion: NamedCriterion) -> str:
        """What a criterion asks for, as part of a sentence. Raises TypeError for a criterion of another kind."""
        return self.asks(self._own(criterion))

    def verdict(self, criterion: NamedCriterion, evidence: CriterionEvidence) -> CriterionVerdict:
        """The verdict by the evidence. Raises TypeError for a criterion of another kind."""
        return self.judge(self._own(criterion), evidence)

    def _own(self, criterion: NamedCriterion) -> CriterionT_co:
        if not isinstance(criterion, self.criterion):
            raise TypeError(f"{type(criterion).__name__} is not a criterion of the kind '{self.kind}'")
        return criterion


def basis_of(evidence: Attached) -> Basis:
    """The basis of one piece of evidence: by its kind, or attested if it is a person's word alone."""
    return "attested" if evidence.provenance == "word" else BASIS_OF_KIND.get(evidence.evidence, "attested")


def weakest_basis(attached: Sequence[Attached]) -> Basis:
    """The basis of several pieces of one kind that are needed together: attested if any is a person's word alone."""
    return next((basis_of(evidence) for evidence in attached if evidence.provenance == "word"), basis_of(attached[0]))


def stamp(evidence: Attached) -> str:
    """What has to be said of a piece of evidence wherever it is shown; empty if nothing has."""
    return f", {ON_A_WORD}" if evidence.provenance == "word" else ""


def nothing_attached(name: str, kind: str) -> CriterionVerdict:
    """The verdict without evidence."""
    return CriterionVerdict(name, "not-measured", "attested", f"no {kind} evidence is attached for it")


def self_assessed(name: str) -> CriterionVerdict:
    """The verdict where only the owner judged."""
    return CriterionVerdict(name, "not-measured", "attested", "judged by the owner only, which is self-assessed")
