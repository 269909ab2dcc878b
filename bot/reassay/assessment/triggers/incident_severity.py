"""incident-severity: fires on one incident of at least a stated severity that names the mitigation."""

from datetime import date, datetime

from reassay.assessment.incident_rates.incidents import incidents_of_cell
from reassay.assessment.snapshot import INCIDENTS
from reassay.assessment.triggers.base import Fired, LastAssessment, Result, Skipped, StatedTrigger, TriggerInput
from reassay.common.calendar import local_date
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
    return incidents_of_cell(spec, facts)


def _settled(incident: Incident, last: LastAssessment | None, facts: TriggerInput) -> bool:
    """Whether the last assessment covered an incident at this severity or more; by date if it has no snapshot."""
    if last is None:
        return False
    if last.snapshot is None:
        # Who assessed it knew nothing of what a source gave only later.
        received = facts.register_index.signals.get(incident.id)
        return _day(received.received_at if received else incident.first_seen_at, facts) <= last.on
    known = last.part(INCIDENTS)
    # It may have known the signal of a source that an entry of the register stands for since.
    then = (known.get(name) for name in (incident.id, *incident.signals))
    return any(
        isinstance(severity, str) and severity in list(Severity) and Severity(severity).reaches(incident.severity)
        for severity in then
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
