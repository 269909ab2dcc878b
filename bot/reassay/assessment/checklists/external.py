"""What to ask in full where people outside can reach a deployment, or may be able to."""

from reassay.assessment.checklists.base import Checklist, ChecklistInput, Item
from reassay.register.base import Depth
from reassay.register.deployment import Audience
from reassay.register.mitigation import Mitigation

_ITEMS = (
    Item("external-surfaces", "Was there red-teaming on every surface people can reach?", evidence=True),
    Item("external-universal", "Did the effort to find universal jailbreaks match the target?", evidence=True),
    Item("external-detectors", "What are the precision and recall of the detectors?", evidence=True),
    Item("external-patching", "How long does it take to patch a new jailbreak?", "owner"),
    Item("external-bounty", "Were bounty findings read?"),
    Item("external-exempted", "Are exempted users listed and justified?", "owner"),
    Item("external-hosts", "Do third-party hosts apply it too?", "owner"),
    Item("external-weights", "Were the fine-tuning and weights paths tested?", evidence=True),
    Item("external-forms", "Were multi-turn, multimodal and non-English uses tested?", evidence=True),
    Item("external-rollback", "Was the rollback rehearsed?", "owner"),
)


def _applies(subject: ChecklistInput) -> bool:
    """At full depth, beyond an internal audience. A mitigation that names no deployment may well reach outside."""
    reach_out = any(each.audience is not Audience.INTERNAL for each in subject.deployments)
    unknown = not subject.deployments and isinstance(subject.assessed, Mitigation)
    return subject.depth is Depth.FULL and (reach_out or unknown)


CHECKLIST = Checklist(_ITEMS, _applies)
