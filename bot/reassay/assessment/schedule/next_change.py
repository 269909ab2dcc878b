"""The next day on which the triggers of a cell can change without a new record, for forecasts.

It comes from the dates that each kind of trigger compares with today. A needless date costs one evaluation and changes
nothing. A kind without a case here is evaluated every day. Changes from due to overdue do not count, as they open and close
nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from reassay.assessment.register_index import EVERYWHERE
from reassay.assessment.rules import Rule
from reassay.assessment.subjects import not_assessed
from reassay.assessment.triggers.base import LastAssessment, TriggerInput
from reassay.assessment.triggers.clocks import first_date, flat, shortest
from reassay.assessment.triggers.interval import opening, schedule_dates
from reassay.assessment.triggers.observation_stale import last_days
from reassay.common.calendar import local_date
from reassay.register.commitment import Commitment
from reassay.register.incident_rate import IncidentRateSpec
from reassay.register.mitigation import Mitigation
from reassay.register.schedules import Schedule
from reassay.register.trigger_specs import (
    AcceptanceExpiredSpec,
    AnyTrigger,
    DeploymentChangeSpec,
    DriftSpec,
    EvidenceStaleSpec,
    IncidentSeveritySpec,
    IntervalRangeSpec,
    IntervalSpec,
    IntervalUnlessSpec,
    NewInformationSpec,
    ObservationStaleSpec,
)

DAY: Final = timedelta(days=1)


def next_change(facts: TriggerInput, rules: Iterable[Rule]) -> date | None:
    """The first day after today on which a trigger of the cell can change its result; None if there is none.

    `rules` are those of the subject today.
    """
    if isinstance(facts.subject, Mitigation) and not_assessed(facts.subject, facts.register, facts.today):
        return None
    return min((day for day in _days(facts, rules) if day > facts.today), default=None)


def _days(facts: TriggerInput, rules: Iterable[Rule]) -> Iterator[date]:
    yield from _in_force(facts)
    yield from _imported(facts)
    yield from _follow_ups(facts)
    yield from _ends(facts)
    if isinstance(facts.subject, Commitment):
        yield from _first_interval(facts.subject, facts)
    if facts.configuration.signals.sources:
        # Sources fall silent as time passes.
        yield facts.today + DAY
    for rule in rules:
        if rule.commitment is not None and rule.commitment.deadlines and _has_events(facts):
            # Deadlines end, begin again and become late with the instants of their events.
            yield facts.today + DAY
        for spec in flat((rule.spec,)):
            yield from _compared_dates(spec, facts)


def _has_events(facts: TriggerInput) -> bool:
    """Whether anything has happened that may have started a deadline."""
    register, index = facts.register, facts.register_index
    asserted = facts.subject.id in index.asserted
    return bool(
        register.incidents
        or register.information_items
        or index.signals
        or asserted
        or index.history_index.of_subject(facts.subject.id)
    )


def _compared_dates(spec: AnyTrigger, facts: TriggerInput) -> Iterator[date]:
    """The dates that a trigger compares with today."""
    match spec:
        case IntervalSpec():
            yield from _interval(spec, facts)
        case IntervalRangeSpec():
            yield from _interval_range(spec, facts)
        case IntervalUnlessSpec():
            yield from _interval_unless(spec, facts)
        case AcceptanceExpiredSpec():
            yield from _acceptances(facts)
        case DeploymentChangeSpec() | DriftSpec():
            yield from _agreements(facts)
        case ObservationStaleSpec():
            yield from (day + DAY for day in last_days(spec, facts))
        case _:
            yield from _dates_of_facts(spec, facts)


def _dates_of_facts(spec: AnyTrigger, facts: TriggerInput) -> Iterator[date]:
    """The dates of triggers about evidence, incidents and information."""
    match spec:
        case EvidenceStaleSpec():
            yield from _evidence(spec, facts)
        case IncidentSeveritySpec() | IncidentRateSpec():
            yield from _incidents(spec, facts)
        case NewInformationSpec():
            yield from _information(spec, facts)
        case _:
            if spec.kind not in _TIMELESS:
                yield facts.today + DAY


def _in_force(facts: TriggerInput) -> Iterator[date]:
    """Days on which commitments that may select the subject, or their successors, come into force."""
    subject, register = facts.subject, facts.register
    for entry in register.commitments.values():
        commitment = entry.value
        successor = register.commitments.get(commitment.superseded_by or "")
        dates = (commitment.in_force_from, successor.value.in_force_from if successor else None)
        days = [day for day in dates if day and day > facts.today]
        if days and (commitment.id == subject.id or isinstance(subject, Mitigation)):
            yield from days


def _imported(facts: TriggerInput) -> Iterator[date]:
    """Days of imported assessments: future ones count from their day on."""
    if facts.subject.last_assessed:
        yield facts.subject.last_assessed
    yield from (past.assessed_on for past in facts.register_index.past.get(facts.subject.id, ()))


def _follow_ups(facts: TriggerInput) -> Iterator[date]:
    """Days on which follow-ups of the last decision become overdue, and on which what covers them meanwhile has ended."""
    own = facts.register_index.follow_ups.get(facts.last.record or "", ()) if facts.last else ()
    if own:
        yield from (promised.due + DAY for promised in own)
        yield from _acceptances(facts)


def _first_interval(commitment: Commitment, facts: TriggerInput) -> Iterator[date]:
    every, start = shortest(commitment.triggers), commitment.in_force_from
    if every is not None and start is not None:
        yield opening(start, every.after(start), facts)
    first = first_date(commitment.triggers, facts.configuration.working_days)
    if first is not None:
        yield facts.configuration.defaults.open_before.before(first)


def _lasts(facts: TriggerInput) -> tuple[LastAssessment, ...]:
    """The distinct assessments from which clocks count."""
    lasts = (facts.last,) if facts.last_full == facts.last else (facts.last, facts.last_full)
    return tuple(last for last in lasts if last is not None)


def _interval(spec: IntervalSpec | IntervalUnlessSpec, facts: TriggerInput) -> Iterator[date]:
    if isinstance(spec.every, Schedule):
        spans = (schedule_dates(spec.every, spec.depth, last, facts) for last in _lasts(facts))
        yield from (opening(start, due, facts) for start, due in spans)
    elif not isinstance(spec.every, str):
        yield from (opening(last.on, spec.every.after(last.on), facts) for last in _lasts(facts))


def _interval_range(spec: IntervalRangeSpec, facts: TriggerInput) -> Iterator[date]:
    return (spec.at_least_after.after(last.on) for last in _lasts(facts))


def _interval_unless(spec: IntervalUnlessSpec, facts: TriggerInput) -> Iterator[date]:
    yield from _interval(spec, facts)
    yield from (waiver.until + DAY for waiver in facts.waivers)


def _acceptances(facts: TriggerInput) -> Iterator[date]:
    return (acceptance.expires_at + DAY for acceptance in facts.register_index.acceptances.get(facts.subject.id, ()))


def _ends(facts: TriggerInput) -> Iterator[date]:
    """Days on which evidence counts, is to be renewed, and ends."""
    for item in facts.register_index.evidence.get(facts.subject.id, ()):
        if item.valid_until is not None:
            yield item.performed_at
            yield opening(item.performed_at, item.valid_until, facts)
            yield item.valid_until + DAY


def _evidence(spec: EvidenceStaleSpec, facts: TriggerInput) -> Iterator[date]:
    for item in facts.register_index.evidence.get(facts.subject.id, ()):
        yield item.performed_at
        last_day = spec.older_than.after(item.performed_at)
        yield opening(item.performed_at, last_day, facts)
        yield last_day + DAY


def _information(spec: NewInformationSpec, facts: TriggerInput) -> Iterator[date]:
    given = spec.triage_within or facts.configuration.defaults.triage_within
    for item in facts.register_index.information.get(facts.subject.id, ()):
        known_on = local_date(item.known_at, facts.configuration.timezone)
        yield known_on
        yield (item.triage_due or given.after(known_on)) + DAY


def _incidents(spec: IncidentSeveritySpec | IncidentRateSpec, facts: TriggerInput) -> Iterator[date]:
    """Days of incidents; of a rate, the first days of its watch, and every day where a source may fall silent."""
    zone = facts.configuration.timezone
    for incident in facts.register_index.incidents_about(facts.subject):
        yield local_date(incident.first_seen_at, zone)
    if isinstance(spec, IncidentRateSpec):
        if spec.since is not None:
            yield spec.since
            yield spec.since + DAY
        if spec.exposure is not None or spec.count is not None:
            yield facts.today + DAY


def _agreements(facts: TriggerInput) -> Iterator[date]:
    """Dates of planned and pre-authorised changes, as declared now and as assessed."""
    names = [name for name in facts.register.deployments if facts.cell in {name, EVERYWHERE}]
    written = [facts.register.deployments[name].written for name in names]
    written += [document for last in _lasts(facts) for document in _assessed(last)]
    for document in written:
        for key, field in (("planned", "not_before"), ("preauthorised_changes", "expires")):
            for day in _dates(document.get(key), field):
                yield day
                yield day + DAY


def _assessed(last: LastAssessment) -> Iterator[Mapping[str, object]]:
    return (document for document in last.part("deployments").values() if isinstance(document, Mapping))


def _dates(items: object, field: str) -> Iterator[date]:
    """The dates in a field of the items of a list as written; other values are left out."""
    for item in items if isinstance(items, list | tuple) else ():
        value = item.get(field) if isinstance(item, Mapping) else None
        try:
            yield date.fromisoformat(str(value))
        except ValueError:
            continue


_TIMELESS: Final = {
    "all",
    "any",
    "invalidation-condition",
    "manual",
    "metric-increase",
    "metric-ratio",
    "metric-threshold",
    "mitigation-change",
    "model-change",
    "redundancy-lost",
    "regression",
}
"""Kinds that compare nothing with today. The members of `all` and `any` are listed separately."""
