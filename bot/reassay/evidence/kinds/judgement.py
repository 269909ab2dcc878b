"""Judgement: a named assessor who does not own what is assessed, with a rationale, limits, and what would change it."""

from reassay.evidence.criterion_verdict import CriterionVerdict
from reassay.evidence.kinds.base import (
    CriterionEvidence,
    CriterionKind,
    basis_of,
    nothing_attached,
    self_assessed,
    stamp,
)
from reassay.ledger.answers import Attached
from reassay.register.criteria import JudgementCriterion

KIND = "judgement"


def asks(criterion: JudgementCriterion) -> str:
    """The question."""
    return criterion.question


def judge(criterion: JudgementCriterion, evidence: CriterionEvidence) -> CriterionVerdict:
    """The latest judgement of each independent role counts, and each has to be met. The owner's own counts for nothing."""
    if not evidence.attached:
        return nothing_attached(criterion.name, KIND)
    latest = {attached.role: attached for attached in evidence.attached if attached.independent}
    if not latest:
        return self_assessed(criterion.name)
    against = [attached for attached in latest.values() if attached.grounds and attached.grounds.outcome == "not-met"]
    decisive = against[-1] if against else list(latest.values())[-1]
    why = "judged by an independent assessor"
    if against:
        why = f"an independent assessor ({decisive.role}) judged that it is not met"
    why += f"{stamp(decisive)}{unstated(decisive, criterion.would_change)}"
    return CriterionVerdict(criterion.name, "missed" if against else "met", basis_of(decisive), why)


def unstated(attached: Attached, would_change: str | None) -> str:
    """What a judgement does not say of itself; `would_change` is what the register says beforehand."""
    grounds = attached.grounds
    missing = []
    if grounds is None or grounds.limits is None:
        missing.append("its limits")
    if (grounds is None or grounds.would_change is None) and would_change is None:
        missing.append("what would change it")
    return f"; it does not state {' or '.join(missing)}" if missing else ""


CRITERION_KIND = CriterionKind(KIND, JudgementCriterion, asks, judge)
