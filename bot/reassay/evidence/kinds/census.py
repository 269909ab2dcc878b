"""Census: everyone is counted, so there is no interval and no chance: 117 of 120 is 2.5% missing."""

from typing import Literal

from reassay.evidence.criterion_verdict import CriterionVerdict
from reassay.evidence.kinds.base import CriterionEvidence, CriterionKind, basis_of, nothing_attached, stamp
from reassay.ledger.answers import share
from reassay.register.criteria import CensusCriterion

KIND = "census"


def asks(criterion: CensusCriterion) -> str:
    """The least share."""
    return f"at least {criterion.at_least * 100:.10g}%, everyone counted"


def judge(criterion: CensusCriterion, evidence: CriterionEvidence) -> CriterionVerdict:
    """The latest count decides; an earlier one of this re-assessment is said."""
    if not evidence.attached:
        return nothing_attached(criterion.name, KIND)
    *before, last = evidence.attached
    part = share(last.figures) or 0.0
    counted = f"{last.figures.counted} of {last.figures.total} are {part:.1%}"
    counted += f", at least {criterion.at_least:.1%} are required"
    if before and before[-1].figures != last.figures:
        earlier = before[-1].figures
        counted += f"; counted before: {earlier.counted} of {earlier.total}"
    verdict: Literal["met", "missed"] = "met" if part >= criterion.at_least else "missed"
    return CriterionVerdict(criterion.name, verdict, basis_of(last), f"{counted}{stamp(last)}")


CRITERION_KIND = CriterionKind(KIND, CensusCriterion, asks, judge)
