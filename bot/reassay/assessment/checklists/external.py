"""The checklist of a full re-assessment that covers deployments for external audiences."""

from reassay.assessment.checklists.base import Checklist, ChecklistInput, ChecklistItem
from reassay.register.base import Depth
from reassay.register.deployment import Audience
from reassay.register.mitigation import Mitigation

_ITEMS = (
    ChecklistItem("external-surfaces", "Was there red-teaming on every surface people can reach?", evidence=True),
    ChecklistItem("external-universal", "Did the effort to find universal jailbreaks match the target?", evidence=True),
    ChecklistItem(
        "external-detectors",
        "What are recall and false-positive rate of the detectors, and the precision that follows?",
        evidence=True,
        answer="words",
    ),
    ChecklistItem("external-patching", "How long does it take to patch a new jailbreak?", "owner", answer="words"),
    ChecklistItem("external-bounty", "Were bounty findings read?"),
    ChecklistItem("external-exempted", "Are exempted users listed and justified?", "owner"),
    ChecklistItem("external-hosts", "Do third-party hosts apply it too?", "owner"),
    ChecklistItem("external-weights", "Were the fine-tuning and weights paths tested?", evidence=True),
    ChecklistItem("external-forms", "Were multi-turn, multimodal and non-English uses tested?", evidence=True),
    ChecklistItem("external-rollback", "Was the rollback rehearsed?", "owner"),
)


def _applies(subject: ChecklistInput) -> bool:
    """Whether the depth is full and a deployment has an external audience, or the mitigation names none."""
    reach_out = any(deployment.audience is not Audience.INTERNAL for deployment in subject.deployments)
    unknown = not subject.deployments and isinstance(subject.assessed, Mitigation)
    return subject.depth is Depth.FULL and (reach_out or unknown)


CHECKLIST = Checklist(_ITEMS, _applies)
