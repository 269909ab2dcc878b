"""The checklist of a full re-assessment that covers internal deployments."""

from reassay.assessment.checklists.base import Checklist, ChecklistInput, ChecklistItem
from reassay.register.base import Depth
from reassay.register.deployment import Audience

_ITEMS = (
    ChecklistItem("internal-inventory", "Is the inventory of internal use complete?", "owner"),
    ChecklistItem("internal-monitoring", "Were monitoring and logging verified?", evidence=True),
    ChecklistItem("internal-affordances", "Are affordances limited to what is needed?", "owner"),
    ChecklistItem("internal-training", "Are the staff with access trained?", "owner"),
    ChecklistItem("internal-variants", "Are less restricted variants under control?", "owner"),
    ChecklistItem("internal-oversight", "Was circumvention of oversight tested?", evidence=True),
    ChecklistItem("internal-misuse", "Was insider misuse considered?"),
)


def _applies(subject: ChecklistInput) -> bool:
    """Whether the depth is full and a deployment has an internal audience."""
    return subject.depth is Depth.FULL and any(
        deployment.audience is Audience.INTERNAL for deployment in subject.deployments
    )


CHECKLIST = Checklist(_ITEMS, _applies)
