"""Ledger records of pull requests: answers and sign-offs about their changes, holds, overrides."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from reassay.ledger.answers import SignedAs, SignedItem, YesNoWord
from reassay.ledger.digests import Digest, SignedDigest
from reassay.register.base import Id, RoleName, Strict

Commit = Annotated[str, Field(pattern=r"^[0-9a-f]{40}([0-9a-f]{24})?$")]
Number = Annotated[int, Field(ge=1)]


REVIEW_DAYS = 3
"""Working days after which an override ends, and by which what it let through is reviewed."""


class ChangeAnswered(Strict):
    """A question about a changed object was answered; a later answer replaces it."""

    kind: Literal["change-answered"] = "change-answered"
    pull: Number
    item: str
    """Id of the changed object's row."""
    answer: YesNoWord
    because: Digest | None = None
    role: RoleName
    for_account: int | None = None
    signed: SignedDigest | None = None
    """Present if the person holds the question's own role; the answer then counts as signed."""


class ChangeSigned(Strict):
    """Changes of a pull request were signed off in a role; the digests cover each object before and after the change."""

    kind: Literal["change-signed"] = "change-signed"
    pull: Number
    base: str
    """Base branch of the pull request."""
    head: Commit
    """Head at signing. The signature is valid for the digests, also after further pushes."""
    role: RoleName
    says: SignedAs
    items: tuple[SignedItem, ...]
    for_account: int | None = None
    note: Digest | None = None
    review: int | None = None
    """Id of the approving review, if the review counts as the sign-off."""


class ChangeWithdrawn(Strict):
    """Answers or sign-offs were withdrawn by their author."""

    kind: Literal["change-withdrawn"] = "change-withdrawn"
    pull: Number
    items: tuple[str, ...]


class ChangeHeld(Strict):
    """A veto: the pull request must not be merged until it is lifted."""

    kind: Literal["change-held"] = "change-held"
    pull: Number
    role: RoleName
    because: Digest | None = None


class ChangeReleased(Strict):
    """A veto was lifted."""

    kind: Literal["change-released"] = "change-released"
    pull: Number
    held_seq: Number


class ChangeDissented(Strict):
    """A holder of a role disagrees. It is kept with the record and blocks nothing."""

    kind: Literal["change-dissented"] = "change-dissented"
    pull: Number
    role: RoleName
    because: Digest


class Overridden(Strict):
    """The requirements were overridden for one head. An override opens re-assessments and is shown to auditors."""

    kind: Literal["overridden"] = "overridden"
    pull: Number
    base: str
    head: Commit
    role: RoleName
    because: Digest
    subjects: tuple[Id, ...]
    """Changed subjects; each is re-assessed."""
    until: date
    """Last day of validity, and the due date of its review."""


class Landed(Strict):
    """Outcome of a pull request with a decision: merged with the decided content, so that the decision counts, or not."""

    kind: Literal["landed"] = "landed"
    reassessment: str
    pull: Number
    merged: bool
    """Whether the decided content is in force."""
    commit: Commit | None = None
    """The commit that brought it in force."""
