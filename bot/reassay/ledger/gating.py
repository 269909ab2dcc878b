"""What the ledger records of pull requests: answers and signatures about what they change, holds, overrides."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from reassay.ledger.answering import AnswerWord, SignedAs, SignedItem
from reassay.ledger.digests import Digest, SignedDigest
from reassay.register.base import Id, RoleName, Strict

Commit = Annotated[str, Field(pattern=r"^[0-9a-f]{40}([0-9a-f]{24})?$")]
Number = Annotated[int, Field(ge=1)]


REVIEW_DAYS = 3
"""Working days after which an override ends, and by which what it let through is reviewed."""


class ChangeAnswered(Strict):
    """A question about an object that a pull request changes was answered; a later answer takes its place."""

    kind: Literal["change-answered"] = "change-answered"
    pull: Number
    item: str
    """Id of the row."""
    answer: AnswerWord
    because: Digest | None = None
    role: RoleName
    for_account: int | None = None
    signed: SignedDigest | None = None
    """Present if the person holds the question's own role: then the answer is signed by being given."""


class ChangeSigned(Strict):
    """Somebody put a role behind what a pull request changes: before- and after-image of each object, by digest."""

    kind: Literal["change-signed"] = "change-signed"
    pull: Number
    base: str
    """The branch that is merged into."""
    head: Commit
    """What was shown; the signature holds for the digests, whatever the head becomes."""
    role: RoleName
    says: SignedAs
    items: tuple[SignedItem, ...]
    for_account: int | None = None
    note: Digest | None = None
    review: int | None = None
    """Id of the approving review, where one counts as a sign-off."""


class ChangeWithdrawn(Strict):
    """Somebody took back what they had answered or signed."""

    kind: Literal["change-withdrawn"] = "change-withdrawn"
    pull: Number
    items: tuple[str, ...]


class ChangeHeld(Strict):
    """A veto: the pull request is not merged while it stands."""

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
    """Somebody who holds a role disagrees; kept with the record, blocks nothing."""

    kind: Literal["change-dissented"] = "change-dissented"
    pull: Number
    role: RoleName
    because: Digest


class Overridden(Strict):
    """Break glass: one head was let through without what is asked. It opens re-assessments, and auditors see it."""

    kind: Literal["overridden"] = "overridden"
    pull: Number
    base: str
    head: Commit
    role: RoleName
    because: Digest
    subjects: tuple[Id, ...]
    """What the pull request touched: each of them is re-assessed."""
    until: date
    """The last day on which it holds; it is reviewed by then, too."""


class Landed(Strict):
    """What became of a decided pull request: merged with the very content that was decided about, so that it counts; or not."""

    kind: Literal["landed"] = "landed"
    reassessment: str
    pull: Number
    merged: bool
    """Whether that content is in force."""
    commit: Commit | None = None
    """By which it came in force."""
