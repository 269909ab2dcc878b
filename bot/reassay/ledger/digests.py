"""Forms of digests in the ledger. Only an object's digest begins with `sha256:`; the others have a longer prefix."""

from typing import Annotated

from pydantic import Field, StringConstraints

from reassay.register.base import Strict

Digest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
"""Digest of an object, which is a file of the branch."""
ContentDigest = Annotated[str, StringConstraints(pattern=r"^c14n/1:sha256:[0-9a-f]{64}$")]
"""Digest of register content in the form c14n/1."""
SignedDigest = Annotated[str, StringConstraints(pattern=r"^signed/1:sha256:[0-9a-f]{64}$")]
"""Digest of the exact content of a signature: see `bot/reassay/approvals/digests.py`."""
EvidenceDigest = Annotated[str, StringConstraints(pattern=r"^(file|salted):sha256:[0-9a-f]{64}$")]
"""Digest of a file's bytes, or of confidential content with a salt that its custodian keeps."""
NameDigest = Annotated[str, StringConstraints(pattern=r"^name:sha256:[0-9a-f]{64}$")]
"""Digest of the name of an account or team, in small letters."""

Nonce = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16,64}$")]
"""Random text by which an issue is found after a claim."""


class Asked(Strict):
    """The comment in which the first of two people made a request."""

    comment: int
    index: Annotated[int, Field(ge=0)]
    body_sha256: str
    by: int
    """Account id of the author."""
