"""The next day on which a cell can read differently although nothing is recorded: what a forecast goes by.

Every date that a trigger compares with today is listed here by kind of trigger, and a date too many does no harm: the cell
is evaluated once more and says what it said. A kind that is not listed is evaluated every day. States that only say how
urgent an answer is (due, overdue) count for nothing here, because they open and close nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

from reassay.assessment.register_index import EVERYWHERE
from reassay.assessment.rules import Rule
from reassay.assessment.subjects import not_assessed
from reassay.assessment.triggers.base import LastAssessment, TriggerInput
from reassay.assessment.triggers.clocks import flat, shortest
from reassay.assessment.triggers.interval import opening
from reassay.assessment.triggers.unsupported_kinds import UNSUPPORTED
from reassay.common.calendar import local_date
from reassay.register.commitment import Commitment
from reassay.register.mitigation import Mitigation
from reassay.register.trigger_specs import (
    AnyTrigger,
    EvidenceStaleSpec,
    IntervalRangeSpec,
    IntervalSpec,
    IntervalUnlessSpec,
    NewInformationSpec,
)

DAY: Final = timedelta(days=1)
Spec = Any
"""The model of the kind; which one, `_DATES` says."""


def next_change(facts: TriggerInput, rules: Iterable[Rule]) -> date | None:
    """The first day after today on which any trigger of the cell may answer otherwise; None if there is none.

    `rules` are the triggers that hold for the subject today.
    """
    if isinstance(facts.subject, Mitigation) and not_assessed(facts.subject, facts.register, facts.today):
        return None
    return min((day for day in _days(facts, rules) if day > facts.today), default=None)


def _days(facts: TriggerInput, rules: Iterable[Rule]) -> Iterator[date]:
    yield from _in_force(facts)
    yield from _imported(facts)
    if isinstance(facts.subject, Commitment):
        yield from _first_interval(facts.subject, facts)
    for spec in flat(rule.spec for rule in rules):
        if spec.kind not in _TIMELESS:
            yield from _DATES.get(spec.kind, _every_day)(spec, facts)


def _in_force(facts: TriggerInput) -> Iterator[date]:
    """Days on which commitments that concern the subject come into force, or their successors do."""
    subject, register = facts.subject, facts.register
    for entry in register.commitments.values():
        commitment = entry.value
        successor = register.commitments.get(commitment.superseded_by or "")
        dates = (commitment.in_force_from, successor.value.in_force_from if successor else None)
        days = [day for day in dates if day and day > facts.today]
        if days and (commitment.id == subject.id or isinstance(subject, Mitigation)):
            yield from days


def _imported(facts: TriggerInput) -> Iterator[date]:
    """Days of imported assessments: those still to come count from then on."""
    if facts.subject.last_assessed:
        yield facts.subject.last_assessed
    yield from (past.assessed_on for past in facts.register_index.past.get(facts.subject.id, ()))


def _first_interval(commitment: Commitment, facts: TriggerInput) -> Iterator[date]:
    every, start = shortest(commitment.triggers), commitment.in_force_from
    if every is not None and start is not None:
        yield opening(start, every.after(start), facts)


def _lasts(facts: TriggerInput) -> tuple[LastAssessment, ...]:
    """The assessments that clocks count from, each once."""
    lasts = (facts.last,) if facts.last_full == facts.last else (facts.last, facts.last_full)
    return tuple(last for last in lasts if last is not None)


def _interval(spec: IntervalSpec | IntervalUnlessSpec, facts: TriggerInput) -> Iterator[date]:
    if not isinstance(spec.every, str):
        yield from (opening(last.on, spec.every.after(last.on), facts) for last in _lasts(facts))


def _interval_range(spec: IntervalRangeSpec, facts: TriggerInput) -> Iterator[date]:
    return (spec.at_least_after.after(last.on) for last in _lasts(facts))


def _interval_unless(spec: IntervalUnlessSpec, facts: TriggerInput) -> Iterator[date]:
    yield from _interval(spec, facts)
    yield from (waiver.until + DAY for waiver in facts.waivers)


def _acceptances(_spec: AnyTrigger, facts: TriggerInput) -> Iterator[date]:
    return (each.expires_at + DAY for each in facts.register_index.acceptances.get(facts.subject.id, ()))


def _evidence(spec: EvidenceStaleSpec, facts: TriggerInput) -> Iterator[date]:
    for item in facts.register_index.evidence.get(facts.subject.id, ()):
        yield item.performed_at
        yield spec.older_than.after(item.performed_at) + DAY


def _information(spec: NewInformationSpec, facts: TriggerInput) -> Iterator[date]:
    given = spec.triage_within or facts.configuration.defaults.triage_within
    for item in facts.register_index.information.get(facts.subject.id, ()):
        known_on = local_date(item.known_at, facts.configuration.timezone)
        yield known_on
        yield (item.triage_due or given.after(known_on)) + DAY


def _incidents(_spec: AnyTrigger, facts: TriggerInput) -> Iterator[date]:
    zone = facts.configuration.timezone
    return (local_date(each.first_seen_at, zone) for each in facts.register_index.incidents_about(facts.subject))


def _agreements(_spec: AnyTrigger, facts: TriggerInput) -> Iterator[date]:
    """Dates of changes that are planned or agreed to, as declared now and as they were assessed."""
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
    """One date of each item of a list as written; what is no date is left out, as it cannot be compared either."""
    for item in items if isinstance(items, list | tuple) else ():
        value = item.get(field) if isinstance(item, Mapping) else None
        try:
            yield date.fromisoformat(str(value))
        except ValueError:
            continue


def _every_day(_spec: AnyTrigger, facts: TriggerInput) -> Iterator[date]:
    yield facts.today + DAY


_DATES: Final[Mapping[str, Callable[[Spec, TriggerInput], Iterator[date]]]] = {
    "interval": _interval,
    "interval-range": _interval_range,
    "interval-unless": _interval_unless,
    "acceptance-expired": _acceptances,
    "deployment-change": _agreements,
    "evidence-stale": _evidence,
    "incident-severity": _incidents,
    "new-information": _information,
}
"""By kind of trigger, the dates that it compares with today."""
_TIMELESS: Final = frozenset(UNSUPPORTED) | {
    "all",
    "any",
    "invalidation-condition",
    "manual",
    "metric-ratio",
    "metric-threshold",
    "mitigation-change",
    "model-change",
    "redundancy-lost",
}
"""Kinds that compare nothing with today. The members of `all` and `any` are looked at one by one."""
