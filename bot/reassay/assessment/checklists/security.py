"""The checklist of a full re-assessment of a mitigation in the security layer."""

from reassay.assessment.checklists.base import Checklist, ChecklistInput, ChecklistItem
from reassay.register.base import Depth
from reassay.register.mitigation import Layer, Mitigation

_ITEMS = (
    ChecklistItem("security-goal", "Are the threat actors and the security goal current?"),
    ChecklistItem("security-inventory", "Were the weight inventory and access reviewed?", evidence=True),
    ChecklistItem("security-approval", "Does multi-party approval hold in practice?", evidence=True),
    ChecklistItem("security-exfiltration", "Was exfiltration tested?", evidence=True),
    ChecklistItem("security-supply-chain", "Was the supply chain reviewed?"),
    ChecklistItem("security-insiders", "Were insider controls reviewed?"),
    ChecklistItem("security-drills", "Were detection drills held?", evidence=True),
    ChecklistItem("security-red-team", "Was there an independent red team?", evidence=True),
    ChecklistItem(
        "security-catalogue", "Does it align with the declared catalogue, and is every deviation justified?", "owner"
    ),
)


def _applies(subject: ChecklistInput) -> bool:
    """Whether the depth is full and the mitigation is in the security layer."""
    return subject.depth is Depth.FULL and _layer(subject) is Layer.SECURITY


def _layer(subject: ChecklistInput) -> Layer | None:
    return subject.assessed.layer if isinstance(subject.assessed, Mitigation) else None


CHECKLIST = Checklist(_ITEMS, _applies)
