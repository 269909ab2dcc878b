"""New information that may affect mitigations, without attack content."""

from typing import Literal

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
    triage_due: Day | None = None
    """The last day for its triage; `defaults.triage_within` after it became known if left out."""
    triage: Triage | None = None
    """Its triage, once there is one."""
