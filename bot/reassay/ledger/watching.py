"""What a sweep records by itself: obligations missed, its own outages, and what changed about who may do what."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from reassay.ledger.digests import ContentDigest, Digest
from reassay.register.base import Id, RoleName, Strict


class Missed(Strict):
    """A due date passed without a decision. Recorded once for a re-assessment and a date."""

    kind: Literal["missed"] = "missed"
    reassessment: str
    subject: Id
    cells: tuple[str, ...]
    due: date


class BotWasDown(Strict):
    """No sweep was recorded for longer than there should be between two: what happened then was seen late."""

    kind: Literal["bot-was-down"] = "bot-was-down"
    since: datetime
    until: datetime


class RoleChanged(Strict):
    """Who holds a role now, by account id. The first one for a role is who held it when recording began."""

    kind: Literal["role-changed"] = "role-changed"
    role: RoleName
    people: tuple[int, ...]
    """Sorted."""
    unresolved: Annotated[int, Field(ge=0)] = 0
    """How many names lead to no account."""


class PolicyChanged(Strict):
    """Configuration, roles, checklists or approval steps are not what they were."""

    kind: Literal["policy-changed"] = "policy-changed"
    policy: ContentDigest
    before: ContentDigest | None = None


class Bypass(Strict):
    """Register content reached the default branch past a pull request, or past its verdict."""

    kind: Literal["bypass"] = "bypass"
    commit: str
    committer: int | None = None
    """Account id of whoever brought it in: who merged, else the committer. None where GitHub knows none."""
    why: Literal["no-pull-request", "no-green-verdict"] = "no-pull-request"
    pull: Annotated[int, Field(ge=1)] | None = None
    """The pull request, where it came by one that was merged without a green verdict."""


class FirstSeen(Strict):
    """How a deployment was written when the gate first saw it: what it is compared with where the assessment was imported."""

    kind: Literal["first-seen"] = "first-seen"
    deployment: Id
    snapshot: Digest
    """Of the document, as an object."""
