"""Ids whose life has ended: their mitigation or commitment was removed, and nothing else may have them."""

from __future__ import annotations

from collections.abc import Mapping

from reassay.assessment.cells import AssessmentInput
from reassay.assessment.unreadable import declared_ids, known_ids
from reassay.ledger.sweep_records import Removed


def removed_ids(assessment_input: AssessmentInput) -> tuple[Removed, ...]:
    """The record of ids that the ledger knows and the register no longer declares.

    While something in the register could hide one of them, it is `unreadable` instead: see `unreadable.py`. A register
    without any mitigation or commitment is taken for one that could not be read.
    """
    history, unreadable = assessment_input.history, assessment_input.register_index.unreadable_subjects
    here = declared_ids(assessment_input.register) | history.ended.keys() | unreadable.keys()
    gone = tuple(sorted({*known_ids(history)} - here))
    return (Removed(subjects=gone),) if gone else ()


def reused_ids(assessment_input: AssessmentInput) -> Mapping[str, str]:
    """By present mitigation or commitment, the ended id that it has or claims."""
    history = assessment_input.history
    ends = {
        name: history.end_of(name, entry.value.formerly) for name, entry in assessment_input.register.subjects.items()
    }
    return {name: end[0] for name, end in ends.items() if end is not None}


def spent_ids(assessment_input: AssessmentInput) -> frozenset[str]:
    """Ids that a pull request may not bring back: ended ones, and assessed ones that the register does not declare."""
    declared = declared_ids(assessment_input.register)
    return frozenset({*assessment_input.history.ended, *known_ids(assessment_input.history)} - declared)
