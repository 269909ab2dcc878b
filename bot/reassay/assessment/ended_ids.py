"""Ids whose life has ended: their mitigation or commitment was removed, and nothing else may have them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reassay.assessment.cells import AssessmentInput
from reassay.ledger.sweep_records import Removed
from reassay.register.register import Register


def removed_ids(assessment_input: AssessmentInput) -> tuple[Removed, ...]:
    """The record of ids that the ledger knows and the register no longer declares; none while anything is unreadable.

    A register without any mitigation or commitment is taken for one that could not be read.
    """
    register, history = assessment_input.register, assessment_input.history
    if register.errors or register.configuration_is_broken or not (register.mitigations or register.commitments):
        return ()
    declared = _declared(register)
    gone = tuple(sorted(name for name in _assessed(assessment_input) if name not in declared | history.ended.keys()))
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
    declared = _declared(assessment_input.register)
    return frozenset({*assessment_input.history.ended, *_assessed(assessment_input)} - declared)


def _assessed(assessment_input: AssessmentInput) -> Iterator[str]:
    """Ids of the ledger's re-assessments, without those of content that a pull request only proposed."""
    return (
        reassessment.subject
        for reassessment in assessment_input.history.reassessments.values()
        if " " not in reassessment.subject and (reassessment.proposal is None or reassessment.landed)
    )


def _declared(register: Register) -> frozenset[str]:
    """Every id that the register declares as a mitigation or commitment, valid or not, and their former ids."""
    kinds = ("mitigation", "commitment")
    entries = (*register.mitigations.items(), *register.commitments.items())
    broken = (name for kind in kinds for name in register.broken.get(kind, frozenset()))
    return frozenset(
        {*(name for name, _ in entries), *(old for _, entry in entries for old in entry.value.formerly), *broken}
    )
