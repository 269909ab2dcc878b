"""Imported assessments: what is said to have been done before this register existed. Anchors, never verified."""

from collections.abc import Iterator
from datetime import date

from reassay.assessment.register_index import EVERYWHERE, RegisterIndex
from reassay.assessment.triggers.base import LastAssessment
from reassay.register.assessable import Assessable
from reassay.register.base import Depth


def imported(
    subject: Assessable, cell: str, register_index: RegisterIndex, today: date, depth: Depth
) -> LastAssessment | None:
    """The newest that covers the cell and is not still to come; one of unknown depth counts for every depth."""
    found = [each for each in _all(subject, cell, register_index) if each.on <= today and _deep_enough(each, depth)]
    return max(found, key=lambda each: (each.on, each.decision is not None), default=None)


def _all(subject: Assessable, cell: str, register_index: RegisterIndex) -> Iterator[LastAssessment]:
    if subject.last_assessed is not None:
        yield LastAssessment(subject.last_assessed, "imported")
    for each in register_index.past.get(subject.id, ()):
        if each.decision == "inconclusive" or not _covers(each.deployments, cell):
            continue
        yield LastAssessment(
            each.assessed_on, "imported", decision=each.decision, version=each.version, depth=each.depth
        )


def _covers(deployments: tuple[str, ...], cell: str) -> bool:
    return cell == EVERYWHERE or not deployments or cell in deployments


def _deep_enough(each: LastAssessment, depth: Depth) -> bool:
    return depth is Depth.LIGHT or each.depth is not Depth.LIGHT
