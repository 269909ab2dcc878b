"""How each criterion stands by what is attached, and the basis that a decision may claim.

A census is counted, not inferred; an exercise passed or did not; a judgement is somebody's who does not own what is judged.
Rates, samples and durations need measurements that this version cannot read: they are never met by anybody's word.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from reassay.ledger.answers import Attached, share
from reassay.ledger.entry import Basis, CriterionResult
from reassay.ledger.reassessment import Reassessment
from reassay.register.assessable import Assessable
from reassay.register.criteria import CensusCriterion, Criterion, ExerciseCriterion, JudgementCriterion
from reassay.register.mitigation import Mitigation

STRONGEST_FIRST: Final[tuple[Basis, ...]] = ("measured", "exercised", "judged", "attested")
_OF_KIND: Final[dict[str, Basis]] = {"census": "measured", "exercise": "exercised", "judgement": "judged"}


@dataclass(frozen=True, slots=True)
class CriterionVerdict:
    """One criterion against what is attached."""

    name: str
    verdict: Literal["met", "missed", "not-measured"]
    basis: Basis
    why: str
    """A sentence without its full stop."""
    can_be_read: bool = True
    """False for kinds of which this version cannot read measurements."""

    def recorded(self) -> CriterionResult:
        """As the ledger keeps it."""
        return CriterionResult(name=self.name, verdict=self.verdict, basis=self.basis)


def criterion_verdicts(subject: Assessable, reassessment: Reassessment) -> tuple[CriterionVerdict, ...]:
    """Every criterion of the target, by the latest evidence attached for it."""
    criteria = subject.target.criteria if isinstance(subject, Mitigation) and subject.target else ()
    attached = [body for _, body in reassessment.noted(Attached)]
    return tuple(
        _judge(criterion, [evidence for evidence in attached if evidence.criterion == criterion.name])
        for criterion in criteria
    )


def _judge(criterion: Criterion, attached: Sequence[Attached]) -> CriterionVerdict:
    name = criterion.name
    fitting = [evidence for evidence in attached if evidence.evidence == criterion.kind]
    last = fitting[-1] if fitting else None
    match criterion:
        case CensusCriterion() if last:
            part = share(last.figures) or 0.0
            verdict: Literal["met", "missed"] = "met" if part >= criterion.at_least else "missed"
            counted = f"{last.figures.counted} of {last.figures.total} are {part:.1%}"
            counted += f", at least {criterion.at_least:.1%} are wanted"
            return CriterionVerdict(name, verdict, "measured", counted)
        case ExerciseCriterion() if last:
            passed = bool(last.figures.passed)
            return CriterionVerdict(
                name, "met" if passed else "missed", "exercised", "the drill passed" if passed else "the drill failed"
            )
        case JudgementCriterion() if last and last.independent:
            return CriterionVerdict(name, "met", "judged", "an assessor who does not own it judged it")
        case JudgementCriterion() if last:
            return CriterionVerdict(
                name, "not-measured", "attested", "only the owner judged it, and that is self-assessed"
            )
        case CensusCriterion() | ExerciseCriterion() | JudgementCriterion():
            return CriterionVerdict(
                name, "not-measured", "attested", f"no {criterion.kind} evidence is attached for it"
            )
        case _:
            why = f"measurements of kind {criterion.kind} cannot be read by this version; a person's word is not one"
            return CriterionVerdict(name, "not-measured", "attested", why, can_be_read=False)


def basis(subject: Assessable, reassessment: Reassessment) -> Basis:
    """The weakest that any criterion rests on; where none is stated, the best that is attached, but never measured."""
    judged = criterion_verdicts(subject, reassessment)
    if judged:
        return max((verdict.basis for verdict in judged), key=STRONGEST_FIRST.index)
    kinds = [_OF_KIND[body.evidence] for _, body in reassessment.noted(Attached) if _may_claim(body)]
    return min(kinds, key=STRONGEST_FIRST.index, default="attested")


def _may_claim(body: Attached) -> bool:
    return (body.evidence == "exercise" and body.figures.passed is True) or (
        body.evidence == "judgement" and body.independent
    )


def verdict_words(verdict: CriterionVerdict) -> str:
    """A sentence for people."""
    return f"Criterion '{verdict.name}': {verdict.verdict}, because {verdict.why}"
