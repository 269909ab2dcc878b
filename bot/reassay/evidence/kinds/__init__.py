"""Kinds of criteria that are judged by people's evidence, one file each. A new kind is a file here and a line below.

Rates and samples are counted from result files, and a detector is two rates, so they are judged elsewhere.
"""

from typing import Any, Final

from reassay.evidence.kinds.base import CriterionKind
from reassay.evidence.kinds.capability import CAPABILITY
from reassay.evidence.kinds.census import CENSUS
from reassay.evidence.kinds.duration import DURATION
from reassay.evidence.kinds.effort import EFFORT
from reassay.evidence.kinds.exercise import EXERCISE
from reassay.evidence.kinds.judgement import JUDGEMENT

KINDS: Final[tuple[CriterionKind[Any], ...]] = (CENSUS, EXERCISE, DURATION, JUDGEMENT, EFFORT, CAPABILITY)


def kind_of(criterion: object) -> CriterionKind[Any] | None:
    """The kind of a criterion; None for rates, samples and detectors."""
    return next((kind for kind in KINDS if isinstance(criterion, kind.criterion)), None)
