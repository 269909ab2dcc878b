"""The checklist of a light re-assessment: five questions that take one sitting."""

from reassay.assessment.checklists.base import Checklist, ChecklistInput, ChecklistItem
from reassay.register.base import Depth
from reassay.register.mitigation import Mitigation

_ITEMS = (
    ChecklistItem("scope", "Is the scope right: does this list every place where the mitigation is in use?", "owner"),
    ChecklistItem(
        "changes",
        "What changed since the last assessment: the mitigation, the model, the deployments?",
        "owner",
        answer="words",
    ),
    ChecklistItem(
        "incidents", "Were the incidents and near misses since then read, and what do they say?", answer="words"
    ),
    ChecklistItem(
        "evidence", "What shows that it still works, and where are the limits of that evidence?", answer="words"
    ),
    ChecklistItem(
        "decision", "What is decided, what follows from it, and is the next date soon enough?", answer="words"
    ),
)


def _applies(subject: ChecklistInput) -> bool:
    """Whether the depth is light and the subject is a mitigation."""
    return subject.depth is Depth.LIGHT and isinstance(subject.assessed, Mitigation)


CHECKLIST = Checklist(_ITEMS, _applies)
