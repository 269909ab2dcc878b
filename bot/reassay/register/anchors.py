"""Anchors: the events from which clocks of statutes and contracts count. The vocabulary is closed, so a typo is an error."""

from collections.abc import Mapping
from typing import Final

from reassay.register.base import Id, Interval, Line, Strict
from reassay.register.instants import Instant

ANCHORS: Final[Mapping[str, str]] = {
    "occurred": "it happened",
    "discovered": "it was first seen",
    "first-seen": "it was first seen",
    "aware": "the organisation became aware of it",
    "learned": "the organisation learned of it",
    "determined": "it was determined to be what starts the clock",
    "confirmed": "it was confirmed",
    "resolved": "it was resolved",
    "published": "it was published",
    "received": "it was received",
    "changed": "it was changed",
    "certificate-lost": "a certificate was lost",
}
"""Anchors by name, each with its event as half a sentence."""
HAPPENED: Final = frozenset({"occurred", "discovered", "first-seen", "aware", "learned", "determined"})
"""Anchors that an incident has once somebody has written it down: without a date, the date is missing."""


class AnchorDefinition(Strict):
    """An anchor that a commitment defines, beside the usual ones."""

    id: Id
    """Its name, for example `authority-told`."""
    text: Line
    """The event that starts the clock."""


class EventDate(Strict):
    """The date of one anchor of an event."""

    anchor: Id
    """The anchor, for example `certificate-lost`; or the id of a deadline, for the day on which it was met."""
    at: Instant
    """When it happened."""


class StatedSchedule(Strict):
    """Another schedule for one deadline, where the commitment permits one that is stated in a document."""

    deadline: Id
    """Id of the deadline that it replaces; the deadline needs `or_as_stated: true`."""
    due: Instant
    """The date stated."""
    repeats: Interval | None = None
    """The interval stated, for a deadline that repeats."""
    stated_on: Instant
    """When it was stated; until then the deadline itself applies."""
    document: Line
    """The document in which it is stated."""
