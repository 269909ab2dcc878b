"""The incidents of a cell that a trigger on incidents is about."""

from collections.abc import Iterable
from datetime import UTC, date

from reassay.assessment.register_index import EVERYWHERE
from reassay.assessment.triggers.base import TriggerInput
from reassay.common.calendar import local_date
from reassay.register.commitment import Commitment, SubjectKind
from reassay.register.incident import Incident
from reassay.register.incident_rate import IncidentRateSpec
from reassay.register.trigger_specs import IncidentSeveritySpec


def incidents_of_cell(spec: IncidentSeveritySpec | IncidentRateSpec, facts: TriggerInput) -> list[Incident]:
    """The incidents of the kinds and severities of a trigger that concern a cell and were seen by now."""
    return [incident for incident in _about(facts) if _counts(spec, incident, facts)]


def is_baseline(incident: Incident, facts: TriggerInput) -> bool:
    """Whether it came with the first reading of its source or a bulk import, so that no rate counts it."""
    recorded = facts.register_index.signals.get(incident.id)
    return recorded is not None and recorded.is_baseline


def seen_on(incident: Incident, facts: TriggerInput, *, in_utc: bool) -> date:
    """The day on which it was first seen: in UTC, as exposure is, or in the configured time zone.

    For a signal it is the day that its source stated first: dating back what is recorded makes no rate calmer.
    """
    recorded = facts.register_index.signals.get(incident.id)
    at = recorded.counted_at if recorded is not None else incident.first_seen_at
    return at.astimezone(UTC).date() if in_utc else local_date(at, facts.configuration.timezone)


def _about(facts: TriggerInput) -> Iterable[Incident]:
    """Incidents that concern a cell: for a commitment about deployments, those of the cell's deployment."""
    incidents = facts.register_index.incidents_about(facts.subject)
    if isinstance(facts.subject, Commitment) and facts.subject.subject.kind is SubjectKind.DEPLOYMENT:
        return (incident for incident in incidents if incident.deployment in {None, facts.cell})
    return incidents


def _counts(spec: IncidentSeveritySpec | IncidentRateSpec, incident: Incident, facts: TriggerInput) -> bool:
    return (
        (spec.at_least is None or incident.severity.reaches(spec.at_least))
        and incident.kind in spec.kinds
        and (spec.similar_models or not incident.similar_model)
        and incident.first_seen_at <= facts.now
        and (facts.cell == EVERYWHERE or incident.deployment is None or _concerns(incident, facts))
    )


def _concerns(incident: Incident, facts: TriggerInput) -> bool:
    return incident.deployment == facts.cell or facts.cell not in facts.register.deployments
