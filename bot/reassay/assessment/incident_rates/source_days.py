"""Counts and exposure by day, as sources of signals give them for a cell; or why nobody knows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from reassay.assessment.register_index import EVERYWHERE
from reassay.assessment.triggers.base import TriggerInput
from reassay.common.calendar import local_date
from reassay.register.mitigation import Mitigation
from reassay.register.signal_sources import SourceSpec
from reassay.signals.recorded import RecordedSource


@dataclass(frozen=True, slots=True)
class SourceDays:
    """The days of a source, or why it is blind."""

    days: Mapping[date, float]
    """By day (UTC). A day that is absent is unknown, never zero."""
    began: date | None = None
    """The day on which the source was read for the first time; counts of earlier days are its baseline."""
    blind: str = ""
    """Why nobody knows them, as part of a sentence; empty if they are known."""


def source_days(name: str, gives: Literal["count", "exposure"], facts: TriggerInput) -> SourceDays:
    """What a source gives for a cell. It is blind if it was never read, failed, fell silent, or gives nothing for the cell."""
    spec = facts.configuration.signals.source(name)
    if spec is None:
        return SourceDays({}, blind=f"the source '{name}' is not declared under 'signals'")
    stated = getattr(spec, "gives", None)
    if stated != gives:
        return SourceDays({}, blind=f"the source '{name}' gives {stated}, and {gives} is needed")
    recorded = facts.register_index.sources.get(name)
    if recorded is None:
        return SourceDays({}, blind=f"the source '{name}' was never read")
    if blind := _blind(spec, recorded, facts):
        return SourceDays({}, blind=blind)
    days = _days(spec, recorded, gives, facts)
    if not days:
        place = "" if facts.cell == EVERYWHERE else f" for '{facts.cell}'"
        return SourceDays({}, blind=f"the source '{name}' has given no {gives}{place} yet")
    return SourceDays(days, local_date(recorded.began_at, "UTC"))


def _blind(spec: SourceSpec, recorded: RecordedSource, facts: TriggerInput) -> str:
    name, zone = spec.id, facts.configuration.timezone
    if recorded.state != "read":
        why = f": {recorded.why}" if recorded.why else ""
        word = "could not be read" if recorded.state == "failed" else "is not read by this program"
        return f"the source '{name}' {word} since {local_date(recorded.since, zone)}{why}"
    if spec.silent_after is None:
        return ""
    newest = local_date(recorded.newest, zone) if recorded.newest else local_date(recorded.began_at, zone)
    if spec.silent_after.after(newest) >= facts.today:
        return ""
    return f"the source '{name}' is silent since {newest}"


def _days(
    spec: SourceSpec, recorded: RecordedSource, gives: Literal["count", "exposure"], facts: TriggerInput
) -> Mapping[date, float]:
    days: dict[date, float] = {}
    for (day, deployment), number in recorded.counts.items():
        if _is_about(deployment or spec.deployment, gives, facts):
            days[day] = days.get(day, 0.0) + number
    return days


def _is_about(deployment: str | None, gives: Literal["count", "exposure"], facts: TriggerInput) -> bool:
    """Whether numbers of a deployment are about the cell. Exposure of everything would make the rate of one cell too low."""
    if facts.cell == EVERYWHERE or facts.cell not in facts.register.deployments:
        return True
    if deployment is None:
        is_only = isinstance(facts.subject, Mitigation) and len(facts.subject.cells) == 1
        return gives == "count" or is_only
    return deployment == facts.cell
