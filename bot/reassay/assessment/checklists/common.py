"""The checklist of every full re-assessment."""

from reassay.assessment.checklists.base import Checklist, ChecklistInput, ChecklistItem
from reassay.register.base import Depth

_ITEMS = (
    ChecklistItem("scope-deployed", "Do scope and versions match what is deployed?", "owner", evidence=True),
    ChecklistItem("target-first", "Were target and margin stated before testing?"),
    ChecklistItem("assumptions", "Were the assumptions and the invalidation conditions reviewed?"),
    ChecklistItem("contexts", "Is every deployment context and language covered, or the gap listed?", evidence=True),
    ChecklistItem("incidents", "Were the incidents and near misses since the last review read?"),
    ChecklistItem("new-information", "Was new information (jailbreaks, vulnerabilities, research) triaged?"),
    ChecklistItem(
        "resources", "Did the tests have at least the resources of the threat model's adversary?", evidence=True
    ),
    ChecklistItem("limits", "Are the limits and the residual risk written down?"),
    ChecklistItem("independence", "Is the assessor independent of the owner?"),
    ChecklistItem("decision", "What is decided, what follows from it, and when is it due next?", answer="words"),
)


def _applies(subject: ChecklistInput) -> bool:
    """Whether the depth is full."""
    return subject.depth is Depth.FULL


CHECKLIST = Checklist(_ITEMS, _applies)
