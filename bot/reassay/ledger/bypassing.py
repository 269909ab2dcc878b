"""What the ledger records of the issue that says what came past the gate: claimed before it is made, found again by its nonce."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from reassay.ledger.digests import Digest, Nonce
from reassay.register.base import Id, Strict


class BypassClaimed(Strict):
    """An issue is to say what came past the gate; of all that one run found together."""

    kind: Literal["bypass-claimed"] = "bypass-claimed"
    nonce: Nonce
    """Stands in the issue's body; the issue is found by it while its number is not recorded."""
    run: str
    """The run that creates the issue; another one waits until `lease_until`."""
    lease_until: datetime
    commits: Annotated[tuple[str, ...], Field(min_length=1)]
    """By which it came; for a pull request those that touched the register."""
    subjects: tuple[Id, ...]
    """Mitigations and commitments concerned: each of them is re-assessed, as after an override."""
    review_by: date
    """The day by which that is to be decided."""
    passed: Digest
    """What the commits changed, and who would have been asked: an object."""


class BypassIssue(Strict):
    """Which issue says it."""

    kind: Literal["bypass-issue"] = "bypass-issue"
    nonce: Nonce
    issue: Annotated[int, Field(ge=1)]
