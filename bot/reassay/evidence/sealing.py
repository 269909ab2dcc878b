"""Sealing: naming a confidential file by a digest that nobody can guess its content from.

The digest is HMAC-SHA256 over the bytes of the file, keyed with 32 random bytes that the custodian keeps. With them anybody can
show later that it was this very file; without them the digest says nothing, however few contents a file may have.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Seal:
    """A sealed file, as it is written down elsewhere."""

    locator: str
    """Where the custodian keeps it; no blanks."""
    digest: str
    """`sha256:` and 64 digits."""
    custodian: str
    until: date
    """Until when it is kept."""
    summary: str

    @property
    def line(self) -> str:
        """The command to paste."""
        return (
            f"/reassay evidence sealed:{self.locator} {self.digest} custodian {self.custodian}"
            f" until {self.until} because {self.summary}"
        )


def salted_digest(salt: bytes, chunks: Iterable[bytes]) -> str:
    """Of a file read in chunks. Raises ValueError for a salt of another length."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    mac = hmac.new(salt, digestmod="sha256")
    for chunk in chunks:
        mac.update(chunk)
    return f"sha256:{mac.hexdigest()}"


def is_same(digest: str, other: str) -> bool:
    """Whether two digests are the same, in constant time."""
    return hmac.compare_digest(digest.lower(), other.lower())
