"""The seal of a confidential file: a salted digest, and who keeps the file.

The digest is HMAC-SHA256 (RFC 2104) over the bytes of the file, keyed with 32 random bytes that the custodian keeps. With this
salt, anybody can verify the file; without it, the content cannot be found by trying likely contents.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Seal:
    """The description of a sealed file, as the ledger and the register record it."""

    locator: str
    """Place where the custodian keeps it, without spaces."""
    digest: str
    """`sha256:` and 64 hexadecimal digits."""
    custodian: str
    until: date
    """Day until which it is kept."""
    summary: str

    @property
    def line(self) -> str:
        """The slash command to paste into the issue."""
        return (
            f"/reassay evidence sealed:{self.locator} {self.digest} custodian {self.custodian}"
            f" until {self.until} because {self.summary}"
        )


def salted_digest(salt: bytes, chunks: Iterable[bytes]) -> str:
    """The digest of a file that is read in chunks. Raises ValueError for a salt of another length."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    mac = hmac.new(salt, digestmod="sha256")
    for chunk in chunks:
        mac.update(chunk)
    return f"sha256:{mac.hexdigest()}"


def is_same(digest: str, other: str) -> bool:
    """Whether two digests are equal, in any case of letters; takes constant time."""
    return hmac.compare_digest(digest.lower(), other.lower())
