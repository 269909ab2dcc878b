"""Approval, checklist, assessors, outputs and deadlines of a re-assessment: the subject's own, and those of commitments.

A commitment about mitigations asks the same of every re-assessment of a mitigation that it selects, whatever opened it, while it
is in force. Its steps come after the mitigation's own, in order of the commitments' ids; none is dropped, and none replaces
another one (design: commitments carry everything that a subject with a clock carries).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from reassay.register.approval import ApprovalStep
from reassay.register.assessable import Assessable, ExtraItem
from reassay.register.commitment import Commitment, Output
from reassay.register.deadlines import Deadline
from reassay.register.mitigation import Mitigation
from reassay.register.register import Register
from reassay.register.selection import not_in_force, selects


@dataclass(frozen=True, slots=True)
class AskedStep:
    """An approval step with the commitment that asks for it."""

    step: ApprovalStep
    number: int
    """Its place, from 1, among the steps of the subject or of that commitment."""
    asked_by: str | None = None
    """Id of the commitment; None if the subject itself states it."""


@dataclass(frozen=True, slots=True)
class AskedItem:
    """A checklist question with the commitment that asks it."""

    item: ExtraItem
    asked_by: str | None = None
    """Id of the commitment; None if the subject itself states it."""


@dataclass(frozen=True, slots=True)
class AskedOutput:
    """A result that a re-assessment must produce, with the commitment that asks for it."""

    output: Output
    asked_by: str | None = None
    """Id of the commitment; None if the subject is that commitment."""


def joining(subject: Assessable, register: Register, today: date) -> tuple[Commitment, ...]:
    """The commitments in force that select a mitigation, in order of id; none for a commitment, which is asked by itself."""
    if not isinstance(subject, Mitigation):
        return ()
    chosen = (
        entry.value
        for entry in register.commitments.values()
        if selects(entry.value, subject, register) and not not_in_force(entry.value, register, today)
    )
    return tuple(sorted(chosen, key=lambda commitment: commitment.id))


def assessor_roles(subject: Assessable, register: Register, today: date) -> tuple[str, ...]:
    """Roles that assess a subject, without repetition; empty means that its owner does, self-assessed.

    The assessors of a commitment may assess as its own may. A commitment never makes the owner an assessor.
    """
    roles = [*subject.assessor_names]
    for commitment in joining(subject, register, today):
        roles += (role for role in commitment.assessor_names if role != subject.owner)
    return tuple(dict.fromkeys(roles))


def approval_steps(subject: Assessable, register: Register, today: date) -> tuple[AskedStep, ...]:
    """Its own steps in order, then those of each commitment in order."""
    return tuple(_steps(subject, register, today))


def _steps(subject: Assessable, register: Register, today: date) -> Iterator[AskedStep]:
    for number, step in enumerate(subject.approval, 1):
        yield AskedStep(step, number)
    for commitment in joining(subject, register, today):
        for number, step in enumerate(commitment.approval, 1):
            yield AskedStep(step, number, commitment.id)


def extra_items(subject: Assessable, register: Register, today: date) -> tuple[AskedItem, ...]:
    """Its own checklist questions in order, then those of each commitment."""
    own = [AskedItem(item) for item in subject.checklist]
    joined = (
        AskedItem(item, commitment.id)
        for commitment in joining(subject, register, today)
        for item in commitment.checklist
    )
    return (*own, *joined)


def outputs(subject: Assessable, register: Register, today: date) -> tuple[AskedOutput, ...]:
    """The results that its re-assessments must produce."""
    own = [AskedOutput(output) for output in subject.outputs] if isinstance(subject, Commitment) else []
    joined = (
        AskedOutput(output, commitment.id)
        for commitment in joining(subject, register, today)
        for output in commitment.outputs
    )
    return (*own, *joined)


def deadlines(subject: Assessable, register: Register, today: date) -> tuple[Deadline, ...]:
    """The deadlines that an event about a subject starts."""
    if isinstance(subject, Commitment):
        return subject.deadlines
    return tuple(deadline for commitment in joining(subject, register, today) for deadline in commitment.deadlines)
