"""incident-severity: fires on one incident of at least a stated severity that names the mitigation."""

from collections.abc import Iterable
from datetime import date, datetime

from reassay.assessment.register_index import EVERYWHERE
from reassay.assessment.snapshot import INCIDENTS
from reassay.assessment.triggers.base import Fired, LastAssessment, Result, Skipped, StatedTrigger, TriggerInput
from reassay.common.calendar import local_date
from reassay.register.commitment import Commitment, SubjectKind
from reassay.register.incident import Incident, Severity
from reassay.register.trigger_specs import IncidentSeveritySpec

KIND = "incident-severity"


def evaluate(spec: IncidentSeveritySpec, facts: TriggerInput) -> Result:
    """The result for all new incidents; those of one root cause count as one. Deadlines of a commitment give the due date."""
    counted = severe(spec, facts)
    news = [incident for incident in counted if not _settled(incident, facts.baseline(spec.depth), facts)]
    if not counted:
        return Skipped(KIND, f"no incident of severity {spec.at_least} or more names it")
    if not news:
        return Skipped(KIND, "every incident that is severe enough was there at the last assessment")
    causes = {incident.root_cause or incident.id: incident for incident in reversed(news)}
    words = "; ".join(
        f"'{incident.id}' ({incident.severity} {incident.kind})" for incident in reversed(causes.values())
    )
    return Fired(KIND, words, about=",".join(sorted(causes)))


def severe(spec: IncidentSeveritySpec, facts: TriggerInput) -> list[Incident]:
    """The incidents that a trigger is about, settled ones included."""
    return [incident for incident in _about(facts) if _counts(spec, incident, facts)]


def _about(facts: TriggerInput) -> Iterable[Incident]:
    """Incidents that concern a cell: for a commitment about deployments, those of the cell's deployment."""
    incidents = facts.register_index.incidents_about(facts.subject)
    if isinstance(facts.subject, Commitment) and facts.subject.subject.kind is SubjectKind.DEPLOYMENT:
        return (incident for incident in incidents if incident.deployment in {None, facts.cell})
    return incidents


def _counts(spec: IncidentSeveritySpec, incident: Incident, facts: TriggerInput) -> bool:
    return (
        incident.severity.reaches(spec.at_least)
        and incident.kind in spec.kinds
        and (spec.similar_models or not incident.similar_model)
        and incident.first_seen_at <= facts.now
        and (facts.cell == EVERYWHERE or incident.deployment is None or _concerns(incident, facts))
    )


def _concerns(incident: Incident, facts: TriggerInput) -> bool:
    return incident.deployment == facts.cell or facts.cell not in facts.register.deployments


def _settled(incident: Incident, last: LastAssessment | None, facts: TriggerInput) -> bool:
    """Whether the last assessment covered an incident at this severity or more; by date if it has no snapshot."""
    if last is None:
        return False
    if last.snapshot is None:
        return _day(incident.first_seen_at, facts) <= last.on
    severity_then = last.part(INCIDENTS).get(incident.id)
    return (
        isinstance(severity_then, str)
        and severity_then in list(Severity)
        and Severity(severity_then).reaches(incident.severity)
    )


def _day(instant: datetime, facts: TriggerInput) -> date:
    return local_date(instant, facts.configuration.timezone)


TRIGGER = StatedTrigger(
    KIND,
    IncidentSeveritySpec,
    evaluate,
    frozenset({"incident"}),
    for_every_mitigation=IncidentSeveritySpec.model_construct(kind="incident-severity", at_least=Severity.CRITICAL),
)
