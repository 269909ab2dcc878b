"""Kinds of criteria that are judged by people's evidence, one file each. A new kind is a file here and a line below.

Rates and samples are counted from result files, and a detector is two rates, so they are judged elsewhere.
"""

from typing import Final

from reassay.evidence.kinds import capability, census, duration, effort, exercise, judgement
from reassay.evidence.kinds.base import CriterionKind
from reassay.register.criterion_base import NamedCriterion

KINDS: Final[tuple[CriterionKind[NamedCriterion], ...]] = (
    census.CRITERION_KIND,
    exercise.CRITERION_KIND,
    duration.CRITERION_KIND,
    judgement.CRITERION_KIND,
    effort.CRITERION_KIND,
    capability.CRITERION_KIND,
)


def kind_of(criterion: NamedCriterion) -> CriterionKind[NamedCriterion] | None:
    """The kind of a criterion; None for rates, samples and detectors."""
    return next((kind for kind in KINDS if isinstance(criterion, kind.criterion)), None)
