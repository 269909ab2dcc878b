"""observation-stale: fires when a field of a deployment was not observed for too long."""

from collections.abc import Iterator
from datetime import date, timedelta

from reassay.assessment.subjects import deployments_of
from reassay.assessment.triggers.base import Blind, Fired, Result, Skipped, StatedTrigger, TriggerInput
from reassay.assessment.triggers.drift import fields_of
from reassay.common.calendar import local_date
from reassay.register.trigger_specs import ObservationStaleSpec
from reassay.signals.observing.recorded_observations import ObservedField

KIND = "observation-stale"


def evaluate(spec: ObservationStaleSpec, facts: TriggerInput) -> Result:
    """The result for the field that was read longest ago: it fires once, and is blind from the next decision until it is read.

    A path that cannot be read is not an observation. What was never observed has no age, so it is blind.
    """
    served = deployments_of(facts.subject, facts.cell, facts.register)
    unwatched = [name for name in served if not facts.register.deployments[name].value.observed]
    if unwatched or not served:
        return Blind(
            KIND, f"{', '.join(unwatched) or 'what it serves'} does not say where it can be observed ('observed')"
        )
    fields = [(name, field) for name in served for field in fields_of(name, facts)]
    never = [f"{field.name} of {name}{_why(field)}" for name, field in fields if field.read_at is None]
    if never:
        return Blind(KIND, f"never observed: {'; '.join(never)}")
    stale = list(_stale(fields, spec, facts))
    if not stale:
        oldest = min(day for _, field in fields if (day := _day(field, facts)) is not None)
        return Skipped(KIND, f"it was observed on {oldest} or later; {spec.older_than.words()} is allowed")
    ages = (
        f"{field.name} of {name} was last observed on {_day(field, facts)}{_why(field)}" for name, field, _ in stale
    )
    words = f"{'; '.join(ages)}; {spec.older_than.words()} is allowed"
    last = facts.baseline(spec.depth)
    if last is not None and last.on >= max(since for _, _, since in stale):
        return Blind(KIND, f"{words}; {last.words()} was decided without a newer observation")
    about = "; ".join(f"{name} {field.name} {_day(field, facts)}" for name, field, _ in stale)
    return Fired(KIND, words, about=about)


def _stale(
    fields: list[tuple[str, ObservedField]], spec: ObservationStaleSpec, facts: TriggerInput
) -> Iterator[tuple[str, ObservedField, date]]:
    """Deployment and field, and the first day on which its observation is too old."""
    for name, field in fields:
        day = _day(field, facts)
        if day is not None and facts.today > spec.older_than.after(day):
            yield name, field, spec.older_than.after(day) + timedelta(days=1)


def _day(field: ObservedField, facts: TriggerInput) -> date | None:
    return local_date(field.read_at, facts.configuration.timezone) if field.read_at else None


def last_days(spec: ObservationStaleSpec, facts: TriggerInput) -> Iterator[date]:
    """The last day on which each observation is recent enough."""
    for name in deployments_of(facts.subject, facts.cell, facts.register):
        for field in fields_of(name, facts):
            day = _day(field, facts)
            if day is not None:
                yield spec.older_than.after(day)


def _why(field: ObservedField) -> str:
    return f" ({field.unread})" if field.unread else ""


TRIGGER = StatedTrigger(KIND, ObservationStaleSpec, evaluate, frozenset({"deployment"}))
