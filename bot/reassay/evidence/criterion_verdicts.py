"""Verdicts on criteria by the attached evidence, and the basis that a decision may claim.

Most kinds are judged by people's evidence (`kinds/`). What somebody says without a file is attested, whatever its kind. Rates and
samples are judged by the counts of result files alone (`counted_verdicts.py`): what people say about them never meets one.
"""

from collections.abc import Collection
from typing import Final

from reassay.evidence.counted_verdicts import counted_verdict
from reassay.evidence.criterion_bounds import criteria_of
from reassay.evidence.criterion_verdict import CriterionVerdict
from reassay.evidence.evidence_input import EvidenceInput
from reassay.evidence.kinds import kind_of
from reassay.evidence.kinds.base import ON_A_WORD as ON_A_WORD  # noqa: PLC0414 -- commands take it from here
from reassay.evidence.kinds.base import CriterionEvidence, basis_of
from reassay.evidence.kinds.detector import detector_rates, detector_verdict
from reassay.evidence.kinds.duration import compared
from reassay.ledger.answers import Attached
from reassay.ledger.criterion_result import Basis
from reassay.ledger.reassessment import Reassessment
from reassay.register.assessable import Assessable
from reassay.register.criteria import Criterion, DurationCriterion, RateCriterion, SampleCriterion
from reassay.register.detector_criterion import DetectorCriterion
from reassay.register.mitigation import Mitigation

STRONGEST_FIRST: Final[tuple[Basis, ...]] = ("counted", "tested", "exercised", "judged", "attested")


def criterion_verdicts(
    subject: Assessable, reassessment: Reassessment, facts: EvidenceInput
) -> tuple[CriterionVerdict, ...]:
    """Verdicts on all criteria of the target: by the counts of the episode, or by the latest evidence of a person."""
    return tuple(criterion_verdict(criterion, subject, reassessment, facts) for criterion in criteria_of(subject))


def criterion_verdict(
    criterion: Criterion, subject: Assessable, reassessment: Reassessment, facts: EvidenceInput
) -> CriterionVerdict:
    """The verdict on one criterion of a subject's target."""
    if isinstance(criterion, RateCriterion | SampleCriterion) and isinstance(subject, Mitigation):
        return counted_verdict(criterion, subject, reassessment, facts)
    if isinstance(criterion, DetectorCriterion):
        recall, false_positives = (
            criterion_verdict(rate, subject, reassessment, facts) for rate in detector_rates(criterion)
        )
        return detector_verdict(criterion, recall, false_positives)
    kind = kind_of(criterion)
    if kind is None:
        why = f"this version cannot read measurements of kind {criterion.kind}, and a statement is not one"
        return CriterionVerdict(criterion.name, "not-measured", "attested", why)
    names = frozenset(own.name for own in criteria_of(subject))
    attached = [body for _, body in reassessment.records_of(Attached) if _is_for(criterion, body, names)]
    earlier = _earlier(criterion, names, reassessment, facts)
    return kind.verdict(criterion, CriterionEvidence(attached, subject.version, earlier))


def _is_for(criterion: Criterion, evidence: Attached, names: Collection[str]) -> bool:
    """Whether evidence speaks of a criterion; what names none of `names`, those of the mitigation, only speaks against it.

    Otherwise whoever renames a criterion would lose the success that somebody had.
    """
    if evidence.evidence != criterion.kind:
        return False
    return evidence.criterion == criterion.name or (
        evidence.criterion not in names and _speaks_against(criterion, evidence)
    )


def _speaks_against(criterion: Criterion, evidence: Attached) -> bool:
    grounds, capability = evidence.grounds, evidence.capability
    return (
        (evidence.effort is not None and evidence.effort.success)
        or evidence.figures.passed is False
        or (grounds is not None and grounds.outcome == "not-met")
        or (capability is not None and capability.outcome != "below")
        or (isinstance(criterion, DurationCriterion) and compared(criterion, evidence.duration) == "longer")
    )


def _earlier(
    criterion: Criterion, names: Collection[str], reassessment: Reassessment, facts: EvidenceInput
) -> tuple[Attached, ...]:
    """Evidence of other re-assessments of the subject, before this one was decided."""
    end = reassessment.decided_seq or facts.history.seq + 1
    return tuple(
        body
        for other in facts.history.reassessments.values()
        if other.subject == reassessment.subject and other.id != reassessment.id
        for record, body in other.records_of(Attached)
        if record.seq < end and _is_for(criterion, body, names)
    )


def basis(subject: Assessable, reassessment: Reassessment, facts: EvidenceInput) -> Basis:
    """The weakest basis of any criterion; without criteria the best basis of the evidence, but never `counted`."""
    judged = criterion_verdicts(subject, reassessment, facts)
    if judged:
        return max((verdict.basis for verdict in judged), key=STRONGEST_FIRST.index)
    kinds = [basis_of(body) for _, body in reassessment.records_of(Attached) if _may_claim(body)]
    return min(kinds, key=STRONGEST_FIRST.index, default="attested")


def _may_claim(body: Attached) -> bool:
    return (body.evidence == "exercise" and body.figures.passed is True) or (
        body.evidence == "judgement" and body.independent and not (body.grounds and body.grounds.outcome == "not-met")
    )


def verdict_words(verdict: CriterionVerdict) -> str:
    """A verdict as a sentence."""
    return f"Criterion '{verdict.name}': {verdict_word(verdict.verdict)}, because {verdict.why}"


def verdict_word(verdict: str) -> str:
    """The word for a criterion's verdict."""
    return verdict.replace("-", " ")
