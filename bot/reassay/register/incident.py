"""An incident, a near miss or a hazard: what happened, when it was known, and which mitigations it went through."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import model_validator

from reassay.register.base import Described, Id, Line, Text
from reassay.register.instants import Instant


class Severity(StrEnum):
    """How bad it was or could have been, from low to critical."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    def reaches(self, least: "Severity") -> bool:
        """Whether this is as severe as `least`, or more."""
        order = list(Severity)
        return order.index(self) >= order.index(least)


IncidentKind = Literal["incident", "near-miss", "hazard"]


class Incident(Described):
    """Something that went wrong, or nearly did. Two dates matter: when it happened, and when it was first seen."""

    kind: IncidentKind = "incident"
    """Whether harm was done (`incident`), nearly done (`near-miss`), or could be (`hazard`)."""
    severity: Severity
    """How bad it was or could have been."""
    occurred_at: Instant | None = None
    """When it happened."""
    first_seen_at: Instant
    """When anybody saw it (discovered)."""
    aware_at: Instant | None = None
    """When the organisation was aware of it."""
    determined_at: Instant | None = None
    """When it was determined to be an incident."""
    resolved_at: Instant | None = None
    """When it was over."""
    mitigations_failed: tuple[Id, ...] = ()
    """Ids of the mitigations that did not hold."""
    deployment: Id | None = None
    """Id of the deployment it happened in."""
    similar_model: bool = False
    """True if it happened to somebody else's or another model that is similar."""
    circumstances: tuple[Id, ...] = ()
    """What deadlines ask about, for example `imminent-injury`."""
    root_cause: Line | None = None
    """A short name of the cause; reports of one cause are one incident."""
    account: Text | None = None
    """What happened, in words that help nobody to repeat it."""

    @model_validator(mode="after")
    def _in_order(self) -> "Incident":
        if self.occurred_at and self.occurred_at > self.first_seen_at:
            raise ValueError("'first_seen_at' is before 'occurred_at'; nothing is seen before it happens")
        if self.resolved_at and self.occurred_at and self.resolved_at < self.occurred_at:
            raise ValueError("'resolved_at' is before 'occurred_at'; write when it was over")
        return self

    def anchor(self, name: str) -> datetime | None:
        """The instant that a deadline's anchor means here, if it is known; UTC."""
        return {
            "occurred": self.occurred_at,
            "discovered": self.first_seen_at,
            "first-seen": self.first_seen_at,
            "aware": self.aware_at,
            "determined": self.determined_at,
            "resolved": self.resolved_at,
        }.get(name)
