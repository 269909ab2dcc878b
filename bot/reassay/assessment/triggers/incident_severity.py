"""incident-severity: one incident that names this mitigation is enough, if it is severe enough."""

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
    """Reports of one root cause are one incident. Where a statute's clock runs, the re-assessment is due with it."""
    severe = [each for each in _about(facts) if _counts(spec, each, facts)]
    news = [each for each in severe if not _settled(each, facts.baseline(spec.depth), facts)]
    if not severe:
        return Skipped(KIND, f"no incident of severity {spec.at_least} or more names it")
    if not news:
        return Skipped(KIND, "every incident that is severe enough was there at the last assessment")
    causes = {each.root_cause or each.id: each for each in reversed(news)}
    words = "; ".join(f"'{each.id}' ({each.severity} {each.kind})" for each in reversed(causes.values()))
    due = min((day for each in news if (day := _deadline(each, facts))), default=None)
    return Fired(KIND, words, due, about=",".join(sorted(causes)))


def _about(facts: TriggerInput) -> Iterable[Incident]:
    """Those that name the mitigation; for a commitment with its own clock, those of what it is about."""
    every = facts.register_index.incidents_about(facts.subject)
    if isinstance(facts.subject, Commitment) and facts.subject.subject.kind is SubjectKind.DEPLOYMENT:
        return (each for each in every if each.deployment in {None, facts.cell})
    return every


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
    """Known, and no less severe, at the last assessment; without a snapshot only the dates can tell."""
    if last is None:
        return False
    if last.snapshot is None:
        return _day(incident.first_seen_at, facts) <= last.on
    known = last.part(INCIDENTS).get(incident.id)
    return isinstance(known, str) and known in list(Severity) and Severity(known).reaches(incident.severity)


def _day(instant: datetime, facts: TriggerInput) -> date:
    return local_date(instant, facts.configuration.timezone)


def _deadline(incident: Incident, facts: TriggerInput) -> date | None:
    """The first of the commitment's clocks that this incident has started."""
    if not isinstance(facts.subject, Commitment):
        return None
    ends = [
        deadline.after(start, facts.configuration.working_days)
        for deadline in facts.subject.deadlines
        if (start := incident.anchor(deadline.anchor)) is not None
        and (deadline.circumstance is None or deadline.circumstance in incident.circumstances)
    ]
    return _day(min(ends), facts) if ends else None


TRIGGER = StatedTrigger(
    KIND,
    IncidentSeveritySpec,
    evaluate,
    for_every_mitigation=IncidentSeveritySpec.model_construct(kind="incident-severity", at_least=Severity.CRITICAL),
)
