"""The picture of an incident-rate trigger over a cell: the same watch that fires, drawn day by day."""

from collections.abc import Mapping
from datetime import UTC, date, timedelta
from typing import Final

from reassay.assessment.incident_rates.figures import watch_key
from reassay.assessment.incident_rates.incidents import incidents_of_cell
from reassay.assessment.incident_rates.promises import CountPromise, crowded_window, promises_in_force
from reassay.assessment.incident_rates.source_days import source_days
from reassay.assessment.incident_rates.watch import RateWatch, rate_watch
from reassay.assessment.incident_rates.words import ceiling_words
from reassay.assessment.triggers.base import TriggerInput
from reassay.register.frequencies import Frequency
from reassay.register.incident_rate import IncidentRateSpec
from reassay.signals.rates.accepted import DAY, CalendarCeiling, ExposureCeiling
from reassay.signals.rates.watch_events import Stretch
from reassay.signals.replay.configuration import days_of
from reassay.signals.replay.lines import rate_days
from reassay.signals.replay.rules import CeilingRule, ChangeRule, PromiseRule, RateRule
from reassay.signals.views.rate_picture import PictureAlarm, RatePicture

LONGEST: Final = timedelta(days=3653)
"""The picture of a longer watch begins this long before its end, at the first stretch that is still in it."""
_BEFORE_PROMISE: Final = timedelta(days=365)


def watch_picture(spec: IncidentRateSpec, facts: TriggerInput, title: str, opened_on: date) -> RatePicture | None:
    """The picture up to the newest counted incident, or the opening if that is later; None where the watch is blind.

    It ends there, and not today, so that it changes when there is something new to see.
    """
    counts = source_days(spec.count, "count", facts) if spec.count else None
    exposure = source_days(spec.exposure, "exposure", facts) if spec.exposure else None
    watch = None if any(own and own.blind for own in (counts, exposure)) else rate_watch(spec, facts, counts)
    days = exposure.days if exposure else {}
    rule = _rule(spec, facts, watch, days) if watch else None
    if watch is None or rule is None:
        return None
    stretches = watch.with_ceilings(days)
    seen = [own.day for stretch in stretches for own in stretch.incidents]
    until = min(facts.today, max([opened_on, *seen]))
    began = _began(rule, watch, seen, until)
    if until <= began:
        return None
    shown = rate_days(rule, stretches, began, until, days if spec.exposure else None)
    totals = {own.day: own.incidents for own in shown}
    alarms = rule.alarms(stretches, began, until)
    return RatePicture(
        title=title,
        rule=_rule_words(spec, watch, facts),
        days=shown,
        occurred=_occurred(spec, facts, began, until),
        alarms=tuple(PictureAlarm(own.on, totals[own.on]) for own in alarms if own.on in totals),
        decisions=_decisions(stretches, began, until),
        exposure_unit=_unit(spec),
    )


def _began(rule: RateRule, watch: RateWatch, seen: list[date], until: date) -> date:
    """The last day before the picture. A promise's window has no beginning of its own, so a year before it is shown."""
    if not isinstance(rule, PromiseRule):
        return watch.began
    shown = rule.window.before(until) - _BEFORE_PROMISE
    return max(watch.began, min([shown, until - DAY, *(day - DAY for day in seen if day > until - LONGEST)]))


def _rule(
    spec: IncidentRateSpec, facts: TriggerInput, watch: RateWatch, exposure: Mapping[date, float]
) -> RateRule | None:
    if spec.form == "promise":
        promises = promises_in_force(spec, facts)
        crowded = [own for own in promises if crowded_window(own, watch, exposure)]
        return next((_promise(own, exposure) for own in (*crowded, *promises)), None)
    # The walk takes the ceiling of each stretch; this one is not read.
    ceiling = CalendarCeiling(0.0)
    return ChangeRule(ceiling, days_of(spec.run_length)) if spec.run_length else CeilingRule(ceiling)


def _promise(promise: CountPromise, exposure: Mapping[date, float]) -> PromiseRule:
    if isinstance(promise.most, int):
        return PromiseRule(promise.window, promise.most)
    return PromiseRule(promise.window, by_exposure=ExposureCeiling(promise.most.rate, exposure))


def _rule_words(spec: IncidentRateSpec, watch: RateWatch, facts: TriggerInput) -> str:
    if spec.form == "promise":
        return f"more than {next((own.words() for own in promises_in_force(spec, facts)), 'promised')}"
    return f"accepted: {ceiling_words(spec, watch)}"


def _occurred(spec: IncidentRateSpec, facts: TriggerInput, began: date, until: date) -> tuple[date, ...]:
    """When the counted incidents happened, one for each root cause, as far as that is known."""
    if spec.count is not None:
        return ()
    first: dict[str, date] = {}
    for own in sorted(incidents_of_cell(spec, facts), key=lambda incident: incident.first_seen_at):
        if own.occurred_at is not None and began < own.first_seen_at.astimezone(UTC).date() <= until:
            first.setdefault(own.root_cause or own.id, own.occurred_at.astimezone(UTC).date())
    return tuple(sorted(first.values()))


def _decisions(stretches: tuple[Stretch, ...], began: date, until: date) -> tuple[date, ...]:
    ends = (stretch.ends_with.day for stretch in stretches if stretch.ends_with)
    return tuple(day for day in ends if began < day <= until)


def _unit(spec: IncidentRateSpec) -> str:
    stated = spec.frequency
    return stated.unit if isinstance(stated, Frequency) and not stated.is_of_time else ""


def about_watch(about: str, spec: IncidentRateSpec) -> bool:
    """Whether what a recorded trigger is about belongs to a watch."""
    return about.startswith(watch_key(spec))
