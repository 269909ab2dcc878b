"""The light checklist: five questions anybody can answer in one sitting."""

from reassay.assessment.checklists.base import Checklist, ChecklistInput, Item
from reassay.register.base import Depth
from reassay.register.mitigation import Mitigation

_ITEMS = (
    Item("scope", "Is the scope right: does this list every place where the mitigation is in use?", "owner"),
    Item("changes", "What changed since the last assessment: the mitigation, the model, the deployments?", "owner"),
    Item("incidents", "Were the incidents and near misses since then read, and what do they say?"),
    Item("evidence", "What shows that it still works, and where are the limits of that evidence?"),
    Item("decision", "What is decided, what follows from it, and is the next date soon enough?"),
)


def _applies(subject: ChecklistInput) -> bool:
    """At light depth, for mitigations."""
    return subject.depth is Depth.LIGHT and isinstance(subject.assessed, Mitigation)


CHECKLIST = Checklist(_ITEMS, _applies)
