"""Ledger records of bypass issues: the claim before an issue is created, and its number."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from reassay.ledger.digests import Digest, Nonce
from reassay.register.base import Id, Strict


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
