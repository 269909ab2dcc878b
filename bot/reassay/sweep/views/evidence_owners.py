"""Evidence that has to be renewed, and who owns it, for the issue of the re-assessment that asks for it."""

from reassay.assessment.cells import AssessmentInput
from reassay.assessment.triggers import evidence_expired, evidence_stale
from reassay.ledger.reassessment import Reassessment
from reassay.people.people import may_act
from reassay.register.evidence_item import EvidenceItem

_KINDS = frozenset({evidence_expired.KIND, evidence_stale.KIND})


def evidence_to_renew(
    reassessment: Reassessment, assessment_input: AssessmentInput
) -> tuple[tuple[EvidenceItem, tuple[str, ...]], ...]:
    """Each item of evidence for which an open re-assessment was opened, with the logins of its owners."""
    register, people = assessment_input.register, assessment_input.people
    names = [trigger.about.rsplit(" ", 1)[-1] for trigger in reassessment.triggers if trigger.kind in _KINDS]
    items = [register.evidence_items[name].value for name in dict.fromkeys(names) if name in register.evidence_items]
    if reassessment.state != "open":
        return ()
    return tuple(
        (item, may_act(item.owner, register, people, assessment_input.today) if item.owner else ()) for item in items
    )
