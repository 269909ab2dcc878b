"""The full checklist's common part."""

from reassay.assessment.checklists.base import Checklist, ChecklistInput, Item
from reassay.register.base import Depth

_ITEMS = (
    Item("scope-deployed", "Do scope and versions match what is deployed?", "owner", evidence=True),
    Item("target-first", "Were target and margin stated before testing?"),
    Item("assumptions", "Were the assumptions and the invalidation conditions reviewed?"),
    Item("contexts", "Is every deployment context and language covered, or the gap listed?", evidence=True),
    Item("incidents", "Were the incidents and near misses since the last review read?"),
    Item("new-information", "Was new information (jailbreaks, vulnerabilities, research) triaged?"),
    Item("resources", "Did the tests have at least the resources of the threat model's adversary?", evidence=True),
    Item("limits", "Are the limits and the residual risk written down?"),
    Item("independence", "Is the assessor independent of the owner?"),
    Item("decision", "What is decided, what follows from it, and when is it due next?"),
)


def _applies(subject: ChecklistInput) -> bool:
    """At full depth."""
    return subject.depth is Depth.FULL


CHECKLIST = Checklist(_ITEMS, _applies)
