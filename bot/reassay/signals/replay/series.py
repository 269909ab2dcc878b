"""A historical series of incidents: when each was first seen, and what was there before the watch began."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date

from reassay.register.incident_rate import IncidentRateSpec
from reassay.register.register import Register
from reassay.signals.rates.accepted import DAY
from reassay.signals.rates.watch_events import CountedIncident


@dataclass(frozen=True, slots=True)
class SeriesIncident:
    """One row of a series."""

    first_seen: date
    cause: str
    """Its root cause; the row itself where no cause is given."""
    occurred: date | None = None
    number: float = 1.0
    """Incidents of the row; more than 1 only where a row is a day."""


@dataclass(frozen=True, slots=True)
class ImportDay:
    """A day on which so many rows came at once that they are an import: they only set the baseline."""

    day: date
    rows: int


@dataclass(frozen=True, slots=True)
class Series:
    """Incidents in order of the day on which they were first seen, without those of the baseline."""

    incidents: tuple[SeriesIncident, ...]
    began: date
    """The last day before the watch."""
    until: date
    """The last day."""
    exposure: Mapping[date, float] = field(default_factory=dict)
    """By day; a day that is absent is unknown."""
    imports: tuple[ImportDay, ...] = ()
    before: int = 0
    """Incidents before the watch began, which are left out."""

    @property
    def counted(self) -> tuple[CountedIncident, ...]:
        """The incidents as a watch counts them."""
        return tuple(CountedIncident(own.first_seen, own.cause, own.number) for own in self.incidents)

    @property
    def occurred(self) -> tuple[date, ...]:
        """When they happened, as far as that is known, in order."""
        return tuple(sorted(own.occurred for own in self.incidents if own.occurred))


def series_of(
    incidents: Iterable[SeriesIncident],
    baseline: int,
    *,
    began: date | None = None,
    until: date | None = None,
    exposure: Mapping[date, float] | None = None,
) -> Series:
    """The series of some incidents. A day with more than `baseline` rows of its own is an import.

    `began` is the first day of the watch, `until` the last one; left out, those of the incidents and of the exposure. Raises
    ValueError where there is no day at all, or the last is before the first.
    """
    rows = sorted(incidents, key=lambda own: own.first_seen)
    days = [own.first_seen for own in rows] + list(exposure or {})
    if not days and (began is None or until is None):
        raise ValueError("there is no incident and no exposure, so there are no days to replay")
    first = (began or min(days)) - DAY
    last = until or max(days)
    if last <= first:
        raise ValueError(f"the last day ({last}) is before the first ({first + DAY})")
    by_day: dict[date, int] = {}
    for own in rows:
        by_day[own.first_seen] = by_day.get(own.first_seen, 0) + 1
    imports = tuple(ImportDay(day, number) for day, number in by_day.items() if number > baseline and day <= last)
    imported = {own.day for own in imports}
    kept = tuple(own for own in rows if first < own.first_seen <= last and own.first_seen not in imported)
    before = sum(own.first_seen <= first and own.first_seen not in imported for own in rows)
    return Series(kept, first, last, dict(exposure or {}), imports, before)


def register_incidents(spec: IncidentRateSpec, mitigation: str, register: Register) -> tuple[SeriesIncident, ...]:
    """The incidents that say this mitigation failed, of the kinds and severities that the trigger counts."""
    incidents = (entry.value for entry in register.incidents.values())
    return tuple(
        SeriesIncident(
            own.first_seen_at.astimezone(UTC).date(),
            own.root_cause or own.id,
            own.occurred_at.astimezone(UTC).date() if own.occurred_at else None,
        )
        for own in incidents
        if mitigation in own.mitigations_failed
        and own.kind in spec.kinds
        and (spec.at_least is None or own.severity.reaches(spec.at_least))
        and (spec.similar_models or not own.similar_model)
    )
