"""New information that may affect mitigations, without attack content."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal

from reassay.register.anchors import EventDate, StatedSchedule
from reassay.register.base import Day, Described, Id, Line, RoleName, Strict, Text
from reassay.register.instants import Instant

InformationKind = Literal["jailbreak", "safeguard-vulnerability", "research", "external-incident", "evaluation-method"]


class Triage(Strict):
    """The triage of an information item."""

    material: bool
    """Whether the affected mitigations must be re-assessed."""
    rationale: Text
    """Why."""
    by: RoleName
    """Who triaged it."""
    on: Day
    """When."""


class InformationItem(Described):
    """An information item. It counts as material if it is not triaged in time."""

    kind: InformationKind
    """The kind of information."""
    known_at: Instant
    """When the organisation learned of it."""
    source: Line
    """Its source: a report, a paper, a link."""
    affects: tuple[Id, ...] = ()
    """Ids of the mitigations that it may affect."""
    restricted_ref: Line | None = None
    """Where the details are kept: a pointer or a hash, never attack content."""
    signals: tuple[Id, ...] = ()
    """Ids of received signals that this entry stands for: they no longer count on their own."""
    triage_due: Day | None = None
    """The last day for its triage; `defaults.triage_within` after it became known if left out."""
    triage: Triage | None = None
    """Its triage, once there is one."""
    published_at: Instant | None = None
    """When it was published."""
    dates: tuple[EventDate, ...] = ()
    """Dates of other anchors, for deadlines that count from them."""
    schedules: tuple[StatedSchedule, ...] = ()
    """Other schedules for deadlines that permit one (`or_as_stated`)."""

    def anchor(self, name: str) -> datetime | None:
        """The instant of the anchor of a deadline, in UTC; None if it is not known."""
        dates = {written.anchor: written.at for written in self.dates}
        if name == "published":
            return self.published_at
        return self.known_at if name in FIELDS else dates.get(name)


FIELDS: Final[Mapping[str, str]] = {
    "discovered": "known_at",
    "first-seen": "known_at",
    "aware": "known_at",
    "learned": "known_at",
    "received": "known_at",
    "published": "published_at",
}
"""The anchors that have a field of an information item."""
