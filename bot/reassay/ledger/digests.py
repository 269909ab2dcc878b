"""How the ledger writes digests. One that is no object's is written in another form, so that nobody looks for its object."""

from typing import Annotated

from pydantic import Field, StringConstraints

from reassay.register.base import Strict

Digest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
"""Of an object beside the entries."""
ContentDigest = Annotated[str, StringConstraints(pattern=r"^c14n/1:sha256:[0-9a-f]{64}$")]
"""Of register content as written."""
SignedDigest = Annotated[str, StringConstraints(pattern=r"^signed/1:sha256:[0-9a-f]{64}$")]
"""Of exactly what somebody signed: see `bot/reassay/approvals/digests.py`."""
EvidenceDigest = Annotated[str, StringConstraints(pattern=r"^(file|salted):sha256:[0-9a-f]{64}$")]
"""Of a file's bytes, or of confidential content with a salt that its custodian keeps."""

Nonce = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16,64}$")]
"""Random: what a run claims is found again by it."""


class Asked(Strict):
    """The comment in which the first of two people asked."""

    comment: int
    index: Annotated[int, Field(ge=0)]
    body_sha256: str
    by: int
    """Account id."""
