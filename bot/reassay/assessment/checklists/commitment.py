"""The checklist of a commitment that is itself re-assessed."""

from reassay.assessment.checklists.base import Checklist, ChecklistInput, ChecklistItem
from reassay.register.commitment import Commitment

_ITEMS = (
    ChecklistItem(
        "promise", "Is what was promised still what its source says, in the version that is in force?", "owner"
    ),
    ChecklistItem(
        "subjects", "Was everything looked at that the promise is about: each model, deployment, part of the framework?"
    ),
    ChecklistItem(
        "since", "What changed since the last time, and does it fall under the promise?", "owner", answer="words"
    ),
    ChecklistItem("kept", "What shows that the promise is kept, and where are the limits of that?", answer="words"),
    ChecklistItem(
        "output", "Does what has to exist afterwards exist, and did it reach whom it was promised to?", "owner"
    ),
    ChecklistItem(
        "outcome", "What is decided, what follows from it, and is the next date soon enough?", answer="words"
    ),
)


def _applies(subject: ChecklistInput) -> bool:
    """Whether the subject is a commitment, at any depth."""
    return isinstance(subject.assessed, Commitment)


CHECKLIST = Checklist(_ITEMS, _applies)
