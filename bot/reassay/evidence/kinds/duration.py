"""Duration: how long something took, by the calendar.

30 days and a month cannot be ordered without a date, so evidence that names its first and last day is compared from that day.
"""

from typing import Literal

from reassay.common.calendar import day_words, never_longer
from reassay.common.sentences import count_words
from reassay.evidence.criterion_verdict import CriterionVerdict
from reassay.evidence.kinds.base import CriterionEvidence, CriterionKind, nothing_attached, stamp, weakest_basis
from reassay.ledger.evidence_figures import DurationFigures
from reassay.register.criteria import DurationCriterion

KIND = "duration"
Comparison = Literal["within", "not-shown", "longer"]


def asks(criterion: DurationCriterion) -> str:
    """The longest duration."""
    return f"at most {criterion.at_most.words()}"


def judge(criterion: DurationCriterion, evidence: CriterionEvidence) -> CriterionVerdict:
    """Every measured duration has to be within the bound: one that is longer misses it, whatever was measured after it."""
    if not evidence.attached:
        return nothing_attached(criterion.name, KIND)
    measured = [(compared(criterion, attached.duration), attached) for attached in evidence.attached]
    order: tuple[Comparison, ...] = ("longer", "not-shown", "within")
    worst = min((comparison for comparison, _ in measured), key=order.index)
    decisive = next(attached for comparison, attached in reversed(measured) if comparison == worst)
    why = f"it took {duration_words(decisive.duration)}, at most {criterion.at_most.words()} are allowed"
    if worst == "not-shown":
        why += "; that cannot be compared without dates: state its first and last day"
    if len(measured) > 1:
        why += f"; {len(measured)} were measured, and each has to be within it"
    verdict: Literal["met", "missed", "insufficient"] = (
        "met" if worst == "within" else "missed" if worst == "longer" else "insufficient"
    )
    return CriterionVerdict(criterion.name, verdict, weakest_basis(evidence.attached), f"{why}{stamp(decisive)}")


def compared(criterion: DurationCriterion, figures: DurationFigures | None) -> Comparison:
    """Whether a duration is within the bound of a criterion, whatever day it began where its days are not stated."""
    if figures is None:
        return "not-shown"
    if days := figures.days:
        first, last = days
        if last < first:
            return "not-shown"
        return "within" if last <= criterion.at_most.after(first) else "longer"
    if figures.took is None:
        return "not-shown"
    if never_longer(figures.took, criterion.at_most):
        return "within"
    return "longer" if never_longer(criterion.at_most, figures.took) else "not-shown"


def duration_words(figures: DurationFigures | None) -> str:
    """A measured duration in words."""
    if figures is None:
        return "a time that is not stated"
    if days := figures.days:
        first, last = days
        number = (last - first).days
        return f"{count_words(number, 'day')} ({day_words(first, year=True)} to {day_words(last, year=True)})"
    return figures.took.words() if figures.took else "a time that is not stated"


CRITERION_KIND = CriterionKind(KIND, DurationCriterion, asks, judge)
