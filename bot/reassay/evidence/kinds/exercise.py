"""Exercise: a drill passed or failed by its condition of success."""

from reassay.evidence.criterion_verdict import CriterionVerdict
from reassay.evidence.kinds.base import CriterionEvidence, CriterionKind, basis_of, nothing_attached, stamp
from reassay.register.criteria import ExerciseCriterion

KIND = "exercise"


def asks(criterion: ExerciseCriterion) -> str:
    """The drill."""
    return f"a drill in which: {criterion.success}"


def judge(criterion: ExerciseCriterion, evidence: CriterionEvidence) -> CriterionVerdict:
    """The latest drill decides; drills of this re-assessment that failed before it are said."""
    if not evidence.attached:
        return nothing_attached(criterion.name, KIND)
    *before, last = evidence.attached
    passed = bool(last.figures.passed)
    failed = sum(not drill.figures.passed for drill in before)
    why = f"the drill {'passed' if passed else 'failed'}{stamp(last)}"
    if failed:
        why += f"; before it, {'1 drill' if failed == 1 else f'{failed} drills'} failed"
    return CriterionVerdict(criterion.name, "met" if passed else "missed", basis_of(last), why)


CRITERION_KIND = CriterionKind(KIND, ExerciseCriterion, asks, judge)
