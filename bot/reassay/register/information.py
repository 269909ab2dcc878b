"""New information: something became known that may bear on a mitigation. Never the attack itself."""

from typing import Literal

from reassay.register.base import Day, Described, Id, Line, RoleName, Strict, Text
from reassay.register.instants import Instant

InformationKind = Literal["jailbreak", "safeguard-vulnerability", "research", "external-incident", "evaluation-method"]


class Triage(Strict):
    """Somebody's judgement whether it matters."""

    material: bool
    """Whether what it affects has to be re-assessed."""
    rationale: Text
    """Why."""
    by: RoleName
    """Who judged."""
    on: Day
    """When."""


class InformationItem(Described):
    """Something that became known. Not triaged in time, it counts as material."""

    kind: InformationKind
    """What sort of news it is."""
    known_at: Instant
    """When it became known here."""
    source: Line
    """Where it came from: a report, a paper, a link."""
    affects: tuple[Id, ...] = ()
    """Ids of the mitigations it may bear on."""
    restricted_ref: Line | None = None
    """Where the details are kept: a pointer or a hash, never attack content."""
    triage_due: Day | None = None
    """Until when it has to be triaged; so many days after it became known if left out."""
    triage: Triage | None = None
    """The judgement, once there is one."""
