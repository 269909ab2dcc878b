"""What to ask in full of a security mitigation."""

from reassay.assessment.checklists.base import Checklist, ChecklistInput, Item
from reassay.register.base import Depth
from reassay.register.mitigation import Layer, Mitigation

_ITEMS = (
    Item("security-goal", "Are the threat actors and the security goal current?"),
    Item("security-inventory", "Were the weight inventory and access reviewed?", evidence=True),
    Item("security-approval", "Does multi-party approval hold in practice?", evidence=True),
    Item("security-exfiltration", "Was exfiltration tested?", evidence=True),
    Item("security-supply-chain", "Was the supply chain reviewed?"),
    Item("security-insiders", "Were insider controls reviewed?"),
    Item("security-drills", "Were detection drills held?", evidence=True),
    Item("security-red-team", "Was there an independent red team?", evidence=True),
    Item("security-catalogue", "Does it align with the declared catalogue, and is every deviation justified?", "owner"),
)


def _applies(subject: ChecklistInput) -> bool:
    """At full depth, in the security layer."""
    return subject.depth is Depth.FULL and _layer(subject) is Layer.SECURITY


def _layer(subject: ChecklistInput) -> Layer | None:
    return subject.assessed.layer if isinstance(subject.assessed, Mitigation) else None


CHECKLIST = Checklist(_ITEMS, _applies)
