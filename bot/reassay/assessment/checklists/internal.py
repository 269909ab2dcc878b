"""What to ask in full where an internal deployment is covered."""

from reassay.assessment.checklists.base import Checklist, ChecklistInput, Item
from reassay.register.base import Depth
from reassay.register.deployment import Audience

_ITEMS = (
    Item("internal-inventory", "Is the inventory of internal use complete?", "owner"),
    Item("internal-monitoring", "Were monitoring and logging verified?", evidence=True),
    Item("internal-affordances", "Are affordances limited to what is needed?", "owner"),
    Item("internal-training", "Are the staff with access trained?", "owner"),
    Item("internal-variants", "Are less restricted variants under control?", "owner"),
    Item("internal-oversight", "Was circumvention of oversight tested?", evidence=True),
    Item("internal-misuse", "Was insider misuse considered?"),
)


def _applies(subject: ChecklistInput) -> bool:
    """At full depth, for an internal audience."""
    return subject.depth is Depth.FULL and any(each.audience is Audience.INTERNAL for each in subject.deployments)


CHECKLIST = Checklist(_ITEMS, _applies)
