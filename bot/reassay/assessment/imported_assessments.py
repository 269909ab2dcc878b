"""Imported assessments: assessments from before the register existed. They start clocks and are never verified."""

from collections.abc import Iterator
from datetime import date

from reassay.assessment.register_index import EVERYWHERE, RegisterIndex
from reassay.assessment.subjects import models_of
from reassay.assessment.triggers.base import LastAssessment
from reassay.register.assessable import Assessable
from reassay.register.base import Depth
from reassay.register.past_assessment import PastAssessment
from reassay.register.register import Register


def imported_assessment(
    subject: Assessable, cell: str, register_index: RegisterIndex, today: date, depth: Depth
) -> LastAssessment | None:
    """The newest imported assessment of a cell up to today; unknown depth counts as every depth. None if there is none."""
    assessments = [
        assessment
        for assessment in _all(subject, cell, register_index)
        if assessment.on <= today and _deep_enough(assessment, depth)
    ]
    return max(assessments, key=lambda assessment: (assessment.on, assessment.decision is not None), default=None)


def _all(subject: Assessable, cell: str, register_index: RegisterIndex) -> Iterator[LastAssessment]:
    if subject.last_assessed is not None:
        yield LastAssessment(subject.last_assessed, "imported")
    for past in register_index.past.get(subject.id, ()):
        if past.decision == "inconclusive" or not _covers(past, subject, cell, register_index.register):
            continue
        yield LastAssessment(
            past.assessed_on, "imported", decision=past.decision, version=past.version, depth=past.depth
        )


def _covers(past: PastAssessment, subject: Assessable, cell: str, register: Register) -> bool:
    """Whether it was about a cell; where it names models, about every model of the cell, which must be known."""
    if past.models:
        names = models_of(subject, cell, register).keys()
        if not names or not names <= {*past.models}:
            return False
    # A cell of a promise about models is a model.
    return cell == EVERYWHERE or not past.deployments or cell in {*past.deployments, *past.models}


def _deep_enough(assessment: LastAssessment, depth: Depth) -> bool:
    return depth is Depth.LIGHT or assessment.depth is not Depth.LIGHT
