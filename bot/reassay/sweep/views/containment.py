"""The offer to contain: in the issue of a high or critical incident, before anything else, for the people on call."""

from dataclasses import dataclass

from reassay.assessment.authority import approvers, on_call
from reassay.assessment.cells import AssessmentInput
from reassay.commands.contain import RATIFY_WITHIN
from reassay.ledger.reassessment import Reassessment
from reassay.ledger.risks import Contained
from reassay.people.people import logins
from reassay.register.assessable import Assessable
from reassay.register.incident import Incident, Severity


@dataclass(frozen=True, slots=True)
class ContainmentOffer:
    """Who may restrict or withdraw at once, and because of which incidents."""

    incidents: tuple[str, ...]
    """Ids, the most severe first."""
    severity: Severity
    """The highest severity of them."""
    people: tuple[str, ...]
    """Logins of the people on call; the owner if nobody is named."""
    ratifiers: tuple[str, ...]
    """Logins of those who may ratify it."""
    ratify_within: int = RATIFY_WITHIN
    """Working days to ratify it."""


def containment_offer(
    reassessment: Reassessment, subject: Assessable | None, given: AssessmentInput
) -> ContainmentOffer | None:
    """The offer of an open re-assessment; None without a severe incident that is not resolved, or once it is contained."""
    if subject is None or reassessment.state != "open" or any(reassessment.records_of(Contained)):
        return None
    severe = [
        incident
        for incident in given.register_index.incidents_about(subject)
        if incident.severity.reaches(Severity.HIGH)
        and _is_unresolved(incident, given)
        and _opened(incident, reassessment)
    ]
    if not severe:
        return None
    severe.sort(key=lambda incident: (-list(Severity).index(incident.severity), incident.id))
    return ContainmentOffer(
        tuple(incident.id for incident in severe),
        severe[0].severity,
        logins(on_call(subject, given.register), given.register, given.people, given.today),
        logins(approvers(subject, given.register, given.today), given.register, given.people, given.today),
    )


def _is_unresolved(incident: Incident, given: AssessmentInput) -> bool:
    return incident.resolved_at is None or incident.resolved_at > given.now


def _opened(incident: Incident, reassessment: Reassessment) -> bool:
    """Whether a trigger of it is about this incident, by its id or its root cause."""
    names = {incident.id, incident.root_cause or incident.id}
    parts = (part for trigger in reassessment.triggers for part in trigger.about.split(","))
    return any(part == name or part.endswith(f" {name}") or f" {name} " in part for part in parts for name in names)
