"""What the ledger records of answers, sign-offs and evidence. Who did it is the entry's `actor`, an account id."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from reassay.ledger.digests import ContentDigest, Digest, EvidenceDigest, SignedDigest
from reassay.register.base import RoleName, Share, Strict

AnswerWord = Literal["yes", "no", "n/a", "not-tested"]
SignedAs = Literal["answer", "recommend", "review", "approve"]


class Answered(Strict):
    """A checklist item was answered; a later answer to the same item takes its place."""

    kind: Literal["answered"] = "answered"
    reassessment: str
    item: str
    """Id of the checklist's item."""
    answer: AnswerWord
    because: Digest | None = None
    role: RoleName
    """In which role."""
    for_account: int | None = None
    """Account id of whoever lent that role."""
    content: ContentDigest
    """Of what the answer is about: the subject and the deployments covered, as shown when it was given."""
    signed: SignedDigest | None = None
    """Present if the person holds the item's own role: then the answer is signed by being given."""


class SignedItem(Strict):
    """One item, as it stood when it was signed."""

    item: str
    digest: SignedDigest


class SignedOff(Strict):
    """Somebody put a role behind answers, or took an approval step over all of them."""

    kind: Literal["signed-off"] = "signed-off"
    reassessment: str
    role: RoleName
    says: SignedAs
    step: Annotated[int, Field(ge=1)] | None = None
    """Which approval step, counted from 1; None for answers."""
    items: tuple[SignedItem, ...]
    """What was signed; for an approval step one item named `all`."""
    content: ContentDigest
    for_account: int | None = None
    note: Digest | None = None


class Withdrawn(Strict):
    """Somebody took back what they had answered or signed."""

    kind: Literal["withdrawn"] = "withdrawn"
    reassessment: str
    items: tuple[str, ...]
    """Ids of items, `step-1` for an approval step."""


class Dissented(Strict):
    """Somebody who holds a role disagrees; kept with the record, blocks nothing."""

    kind: Literal["dissented"] = "dissented"
    reassessment: str
    role: RoleName
    because: Digest


class Figures(Strict):
    """What the evidence says, as far as it can be counted."""

    counted: Annotated[int, Field(ge=0)] | None = None
    total: Annotated[int, Field(ge=1)] | None = None
    passed: bool | None = None


class Attached(Strict):
    """Evidence was attached."""

    kind: Literal["attached"] = "attached"
    reassessment: str
    evidence: Literal["attested", "judgement", "census", "exercise"]
    provenance: Literal["file", "sealed", "word"]
    """`word`: nothing but what the person says."""
    criterion: str | None = None
    """Name of the criterion it speaks to."""
    figures: Figures = Figures.model_construct()
    locator: Digest | None = None
    """Path and commit, or where the sealed content is kept: an object, because it may name people or places."""
    digest: EvidenceDigest | None = None
    says: Digest | None = None
    """What it shows and where its limits are."""
    role: RoleName
    independent: bool
    """False if the person owns what is assessed."""
    retention_until: date | None = None


def share(figures: Figures) -> Share | None:
    """What part of all was counted; None if it was not counted."""
    return figures.counted / figures.total if figures.counted is not None and figures.total else None
