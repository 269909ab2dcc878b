"""Verdicts on criteria by the attached evidence, and the basis that a decision may claim.

A census is counted; an exercise passed or failed; a judgement counts if its author does not own the subject. What somebody says
without a file is attested, whatever its kind. Rates, samples and durations need measurements that this version cannot read, so
they are never met.
"""

from collections.abc import Sequence
from typing import Final, Literal

from reassay.evidence.criterion_bounds import criteria_of
from reassay.evidence.criterion_verdict import CriterionVerdict
from reassay.ledger.answers import Attached, share
from reassay.ledger.criterion_result import Basis
from reassay.ledger.reassessment import Reassessment
from reassay.register.assessable import Assessable
from reassay.register.criteria import CensusCriterion, Criterion, ExerciseCriterion, JudgementCriterion

STRONGEST_FIRST: Final[tuple[Basis, ...]] = ("counted", "tested", "exercised", "judged", "attested")
_OF_KIND: Final[dict[str, Basis]] = {"census": "counted", "exercise": "exercised", "judgement": "judged"}
ON_A_WORD: Final = "stated without a file"


def criterion_verdicts(subject: Assessable, reassessment: Reassessment) -> tuple[CriterionVerdict, ...]:
    """Verdicts on all criteria of the target, each by its latest evidence."""
    criteria = criteria_of(subject)
    attached = [body for _, body in reassessment.records_of(Attached)]
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
            counted += f", at least {criterion.at_least:.1%} are required"
            return CriterionVerdict(name, verdict, basis_of(last), f"{counted}{_stamp(last)}")
        case ExerciseCriterion() if last:
            passed = bool(last.figures.passed)
            why = f"the drill {'passed' if passed else 'failed'}{_stamp(last)}"
            return CriterionVerdict(name, "met" if passed else "missed", basis_of(last), why)
        case JudgementCriterion() if last and last.independent:
            why = f"judged by an independent assessor{_stamp(last)}"
            return CriterionVerdict(name, "met", basis_of(last), why)
        case JudgementCriterion() if last:
            return CriterionVerdict(
                name, "not-measured", "attested", "judged by the owner only, which is self-assessed"
            )
        case CensusCriterion() | ExerciseCriterion() | JudgementCriterion():
            return CriterionVerdict(
                name, "not-measured", "attested", f"no {criterion.kind} evidence is attached for it"
            )
        case _:
            why = f"this version cannot read measurements of kind {criterion.kind}, and a statement is not one"
            return CriterionVerdict(name, "not-measured", "attested", why, can_be_read=False)


def basis_of(evidence: Attached) -> Basis:
    """The basis of one piece of evidence: by its kind, or attested if it is a person's word alone."""
    return "attested" if evidence.provenance == "word" else _OF_KIND.get(evidence.evidence, "attested")


def _stamp(evidence: Attached) -> str:
    return f", {ON_A_WORD}" if evidence.provenance == "word" else ""


def basis(subject: Assessable, reassessment: Reassessment) -> Basis:
    """The weakest basis of any criterion; without criteria the best basis of the evidence, but never `counted`."""
    judged = criterion_verdicts(subject, reassessment)
    if judged:
        return max((verdict.basis for verdict in judged), key=STRONGEST_FIRST.index)
    kinds = [basis_of(body) for _, body in reassessment.records_of(Attached) if _may_claim(body)]
    return min(kinds, key=STRONGEST_FIRST.index, default="attested")


def _may_claim(body: Attached) -> bool:
    return (body.evidence == "exercise" and body.figures.passed is True) or (
        body.evidence == "judgement" and body.independent
    )


def verdict_words(verdict: CriterionVerdict) -> str:
    """A verdict as a sentence."""
    return f"Criterion '{verdict.name}': {verdict_word(verdict.verdict)}, because {verdict.why}"


def verdict_word(verdict: str) -> str:
    """The word for a criterion's verdict."""
    return verdict.replace("-", " ")
