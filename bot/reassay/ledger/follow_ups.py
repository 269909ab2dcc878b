"""Ledger records of follow-ups after a decision: their issues, that one was done, and that somebody else has verified it."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from reassay.ledger.digests import Digest, Nonce
from reassay.register.base import RoleName, Strict

FollowUpNumber = Annotated[int, Field(ge=1)]
"""Its place among the follow-ups of the decision, from 1."""


class FollowUp(Strict):
    """A follow-up of a decision, with its due date."""

    due: date
    text: Digest
    by: RoleName | None = None
    """Role that does it; None for the owner of the subject, and in entries of earlier versions."""
    verified_by: RoleName | None = None
    """Role that verifies it, by another person; None for the assessors and approvers, and in entries of earlier versions."""

    @model_serializer(mode="wrap")
    def _without_what_is_absent(self, serialise: SerializerFunctionWrapHandler) -> dict[str, object]:
        # Entries that were written before the fields existed must keep their bytes.
        written: dict[str, object] = serialise(self)
        absent = {name for name in ("by", "verified_by") if getattr(self, name) is None}
        return {name: value for name, value in written.items() if name not in absent}


class FollowUpClaimed(Strict):
    """Claim of the issue of one follow-up."""

    kind: Literal["follow-up-claimed"] = "follow-up-claimed"
    reassessment: str
    number: FollowUpNumber
    nonce: Nonce
    """Random text in the issue's body, by which the issue is found until its number is recorded."""
    run: str
    """The run that creates the issue; other runs wait until `lease_until`."""
    lease_until: datetime


class FollowUpIssue(Strict):
    """Number of a follow-up's issue."""

    kind: Literal["follow-up-issue"] = "follow-up-issue"
    nonce: Nonce
    issue: Annotated[int, Field(ge=1)]


class FollowUpDone(Strict):
    """The person who is to do a follow-up says that it is done. It counts once another person has verified it."""

    kind: Literal["follow-up-done"] = "follow-up-done"
    reassessment: str
    number: FollowUpNumber
    because: Digest
    role: RoleName
    for_account: int | None = None


class FollowUpChecked(Strict):
    """Another person than the one who did it has looked: it is done, or it is not and stays open."""

    kind: Literal["follow-up-checked"] = "follow-up-checked"
    reassessment: str
    number: FollowUpNumber
    done_seq: int
    """Number of the entry that says that it was done."""
    verified: bool
    """Whether it is done; otherwise the follow-up is open again."""
    because: Digest
    role: RoleName
    for_account: int | None = None
