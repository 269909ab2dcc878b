"""Ledger records that a sweep writes: missed due dates, outages, changes of roles and policy, bypasses."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from reassay.ledger.digests import ContentDigest, Digest, Nonce
from reassay.ledger.protection import Protection
from reassay.register.base import Id, RoleName, Strict

BypassReason = Literal[
    "no-pull-request", "no-green-verdict", "expired-verdict", "other-content", "failed-as-landed", "rewritten"
]


class Missed(Strict):
    """A due date passed without a decision; recorded once for a re-assessment and a date."""

    kind: Literal["missed"] = "missed"
    reassessment: str
    subject: Id
    cells: tuple[str, ...]
    due: date


class BotWasDown(Strict):
    """An outage: no sweep was recorded for longer than the expected interval."""

    kind: Literal["bot-was-down"] = "bot-was-down"
    since: datetime
    until: datetime


class RoleChanged(Strict):
    """Holders of a role changed, by account id. The first record of a role states its holders when recording began."""

    kind: Literal["role-changed"] = "role-changed"
    role: RoleName
    people: tuple[int, ...]
    """Account ids, ascending."""
    unresolved: Annotated[int, Field(ge=0)] = 0
    """Number of names without an account."""


class PolicyChanged(Strict):
    """Configuration, roles, checklists or approval steps changed."""

    kind: Literal["policy-changed"] = "policy-changed"
    policy: ContentDigest
    before: ContentDigest | None = None


class ProtectionChanged(Strict):
    """What protects the default branch and the ledger's branch differs from what was seen last. GitHub names no person."""

    kind: Literal["protection-changed"] = "protection-changed"
    before: Protection
    """Protection as recorded last."""
    after: Protection


class Bypass(Strict):
    """Register content reached the default branch by no pull request, or other than a valid verdict had judged it.

    `no-green-verdict`: its check had not passed. `expired-verdict`: it had, until a day before the merge. `other-content`:
    what landed is not what was judged. `failed-as-landed`: judged as it landed, with what landed before it, it fails.
    `rewritten`: the branch was moved back, and commits to what is guarded are gone from it.
    """

    kind: Literal["bypass"] = "bypass"
    commit: str
    committer: int | None = None
    """Account id of the person who merged, or else of the committer; None if GitHub knows none."""
    why: BypassReason = "no-pull-request"
    pull: Annotated[int, Field(ge=1)] | None = None
    """The pull request that was merged; None without a pull request."""


class FirstSeen(Strict):
    """Content of a deployment at the first run of the gate, for comparison where the last assessment was imported."""

    kind: Literal["first-seen"] = "first-seen"
    deployment: Id
    snapshot: Digest
    """Digest of the deployment's document, an object."""


class Removed(Strict):
    """Mitigations or commitments that the register no longer declares; their ids have had their life.

    Whatever has one of these ids later inherits nothing from before.
    """

    kind: Literal["removed"] = "removed"
    subjects: Annotated[tuple[Id, ...], Field(min_length=1)]


class BypassClaimed(Strict):
    """Claim of one issue for all bypasses that a run found."""

    kind: Literal["bypass-claimed"] = "bypass-claimed"
    nonce: Nonce
    """Random text in the issue's body, by which the issue is found until its number is recorded."""
    run: str
    """The run that creates the issue; other runs wait until `lease_until`."""
    lease_until: datetime
    commits: Annotated[tuple[str, ...], Field(min_length=1)]
    """Commits that bypassed the gate; for a pull request those that changed the register."""
    subjects: tuple[Id, ...]
    """Mitigations and commitments that were changed; each is re-assessed, as after an override."""
    review_by: date
    """Due date of these re-assessments."""
    passed: Digest
    """Digest of an object with the changes and the roles that should have signed."""


class BypassIssue(Strict):
    """Number of a bypass issue."""

    kind: Literal["bypass-issue"] = "bypass-issue"
    nonce: Nonce
    issue: Annotated[int, Field(ge=1)]


class UnreadableClaimed(Strict):
    """Claim of the one issue about what cannot be read in the register any more."""

    kind: Literal["unreadable-claimed"] = "unreadable-claimed"
    nonce: Nonce
    """Random text in the issue's body, by which the issue is found until its number is recorded."""
    run: str
    """The run that creates the issue; other runs wait until `lease_until`."""
    lease_until: datetime
    objects: Annotated[tuple[str, ...], Field(min_length=1)]
    """What could not be read then, as `mitigation/jailbreak-filter`, `mitigation` without an id, `configuration`."""
    readable: str | None = None
    """Commit of the register as it last could be read; None if none is known."""
    configuration: str | None = None
    """Commit of the earlier configuration that was in force; None if that of `register_commit` was."""


class UnreadableIssue(Strict):
    """Number of the issue about what cannot be read."""

    kind: Literal["unreadable-issue"] = "unreadable-issue"
    nonce: Nonce
    issue: Annotated[int, Field(ge=1)]


class ReadableAgain(Strict):
    """Everything can be read again, so the issue is closed. What cannot be read later gets another one."""

    kind: Literal["readable-again"] = "readable-again"
    nonce: Nonce
