"""Sealing of a confidential file: a digest from which its content cannot be guessed.

The digest is HMAC-SHA256 over the file, keyed with 32 random bytes that the custodian keeps. With these bytes anybody can
show later that it is the same file.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Seal:
    """A sealed file."""

    locator: str
    """Place where the custodian keeps the file, without blanks."""
    digest: str
    """`sha256:` and 64 digits."""
    custodian: str
    until: date
    """Last day on which it is kept."""
    summary: str

    @property
    def line(self) -> str:
        """The slash command to paste into the issue."""
        return (
            f"/reassay evidence sealed:{self.locator} {self.digest} custodian {self.custodian}"
            f" until {self.until} because {self.summary}"
        )


def salted_digest(salt: bytes, chunks: Iterable[bytes]) -> str:
    """The salted digest of a file's chunks. Raises ValueError for a salt of another length."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    mac = hmac.new(salt, digestmod="sha256")
    for chunk in chunks:
        mac.update(chunk)
    return f"sha256:{mac.hexdigest()}"


def is_same(digest: str, other: str) -> bool:
    """Whether two digests are the same, in constant time."""
    return hmac.compare_digest(digest.lower(), other.lower())
