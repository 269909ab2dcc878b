"""Title and owner of every subject, as views show them."""

from collections.abc import Mapping
from typing import NamedTuple

from reassay.assessment.cells import AssessmentInput


class SubjectLabel(NamedTuple):
    """What people call a mitigation or a commitment, and who owns it."""

    title: str | None = None
    """None where its entry cannot be read now."""
    owner: str | None = None
    """A role or a login, as the register writes it; the last known one where its entry cannot be read now."""


NO_LABEL = SubjectLabel()


def subject_labels(assessment_input: AssessmentInput) -> Mapping[str, SubjectLabel]:
    """The labels by id, of subjects that can be read and of those that cannot."""
    lost = assessment_input.register_index.unreadable_subjects
    return {
        **{name: SubjectLabel(None, own.owner) for name, own in lost.items()},
        **{
            name: SubjectLabel(entry.value.title, entry.value.owner)
            for name, entry in assessment_input.register.subjects.items()
        },
    }
