"""Incidents, near misses and hazards, with the mitigations that failed."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal

from pydantic import model_validator

from reassay.register.anchors import EventDate, StatedSchedule
from reassay.register.base import Described, Id, Line, Text
from reassay.register.instants import Instant


class Severity(StrEnum):
    """The severity of an incident, from low to critical."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    def reaches(self, least: "Severity") -> bool:
        """Whether it is at least as severe as `least`."""
        order = list(Severity)
        return order.index(self) >= order.index(least)


IncidentKind = Literal["incident", "near-miss", "hazard"]


class Incident(Described):
    """An incident, near miss or hazard."""

    kind: IncidentKind = "incident"
    """Whether harm was done (`incident`), nearly done (`near-miss`), or could be (`hazard`)."""
    severity: Severity
    """Severity, actual or potential."""
    occurred_at: Instant | None = None
    """When it happened."""
    first_seen_at: Instant
    """When it was first seen (discovered)."""
    aware_at: Instant | None = None
    """When the organisation became aware of it."""
    learned_at: Instant | None = None
    """When the organisation learned of it, if others did before."""
    determined_at: Instant | None = None
    """When it was determined to be an incident."""
    confirmed_at: Instant | None = None
    """When it was confirmed."""
    resolved_at: Instant | None = None
    """When it was resolved."""
    published_at: Instant | None = None
    """When it was published."""
    dates: tuple[EventDate, ...] = ()
    """Dates of other anchors, for deadlines that count from them."""
    schedules: tuple[StatedSchedule, ...] = ()
    """Other schedules for deadlines that permit one (`or_as_stated`)."""
    mitigations_failed: tuple[Id, ...] = ()
    """Ids of the mitigations that failed."""
    deployment: Id | None = None
    """Id of the deployment it happened in."""
    similar_model: bool = False
    """True if it happened to a similar model, of this or another organisation."""
    circumstances: tuple[Id, ...] = ()
    """Circumstances on which deadlines depend, for example `imminent-injury`."""
    root_cause: Line | None = None
    """A short name of the cause; reports with one cause count as one incident."""
    signals: tuple[Id, ...] = ()
    """Ids of received signals that this entry stands for: they no longer count on their own. Until one is triaged as not
    material, the worse of what it and the entry say counts."""
    account: Text | None = None
    """What happened, without details that would help to repeat it."""

    @model_validator(mode="after")
    def _in_order(self) -> "Incident":
        if self.occurred_at and self.occurred_at > self.first_seen_at:
            raise ValueError("'first_seen_at' is before 'occurred_at'; swap them")
        if self.resolved_at and self.occurred_at and self.resolved_at < self.occurred_at:
            raise ValueError("'resolved_at' is before 'occurred_at'; write when it was resolved")
        return self

    def anchor(self, name: str) -> datetime | None:
        """The instant of the anchor of a deadline, in UTC; None if it is not known."""
        dates = {written.anchor: written.at for written in self.dates}
        instant: datetime | None = getattr(self, FIELDS[name]) if name in FIELDS else dates.get(name)
        return instant


FIELDS: Final[Mapping[str, str]] = {
    "occurred": "occurred_at",
    "discovered": "first_seen_at",
    "first-seen": "first_seen_at",
    "aware": "aware_at",
    "learned": "learned_at",
    "determined": "determined_at",
    "confirmed": "confirmed_at",
    "resolved": "resolved_at",
    "published": "published_at",
}
"""The anchors that have a field of an incident."""
