"""Ledger records of signing keys, and the key in force.

The id of a key is the SHA-256 of its public half (DER, SubjectPublicKeyInfo), as `openssl` computes it, too.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from reassay.register.base import Strict

KeyId = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
PublicKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$")]
"""The 32 bytes of an Ed25519 public key in canonical base64."""
Introduction = Literal["first", "rotation", "recovery"]
"""Introduction of a key: as the first one, signed by the key before it (rotation), or signed by itself (recovery)."""
_DER_OF_ED25519 = bytes.fromhex("302a300506032b6570032100")


class KeyAdded(Strict):
    """A key was added. From the next entry on it signs the ledger, and no other key."""

    kind: Literal["key-added"] = "key-added"
    public_key: PublicKey
    how: Introduction


class KeyRevoked(Strict):
    """A key was revoked. Its entries from `revoked_from` on are unknown, because a thief may have written them."""

    kind: Literal["key-revoked"] = "key-revoked"
    key: KeyId
    revoked_from: Annotated[int, Field(ge=1)]
    """First seq that is no longer trusted."""


def key_id(public_key: str) -> str:
    """The id of a public key in base64."""
    return f"sha256:{hashlib.sha256(_DER_OF_ED25519 + base64.b64decode(public_key)).hexdigest()}"


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A key of the ledger, with its introduction."""

    id: str
    public_key: str
    how: Introduction
    added_by: int
    """Seq of the entry that introduced it."""
    introduced_by: str | None
    """Id of the key that introduced it; None for the first key and after a recovery."""
    revoked_from: int | None = None


@dataclass(frozen=True, slots=True)
class KeyBook:
    """The keys of a ledger until some entry."""

    keys: Mapping[str, KeyRecord] = field(default_factory=dict)
    """By id, in order of introduction."""
    current: str | None = None
    """The key in force; None while the ledger is unsigned."""

    def refusal(self, seq: int, body: object, signer: str | None) -> str | None:
        """The reason why an entry must not be the next one, by its key; None if it may be."""
        if isinstance(body, KeyAdded):
            return self._refused_key(body, signer)
        if signer is None:
            return None if self.current is None else "it has no signature, but the ledger was signed before it"
        if self.current is None:
            return "it is signed before any key was introduced"
        if signer != self.current:
            return f"it is signed by key {short(signer)}, but key {short(self.current)} is in force"
        if isinstance(body, KeyRevoked):
            return self._refused_revocation(body, seq)
        return None

    def _refused_key(self, body: KeyAdded, signer: str | None) -> str | None:
        added = key_id(body.public_key)
        if added in self.keys:
            return f"it introduces key {short(added)} a second time"
        if (body.how == "first") != (self.current is None):
            return f"it introduces a key as '{body.how}', but the ledger {'has one' if self.current else 'has none'}"
        wanted = self.current if body.how == "rotation" else added
        if signer != wanted:
            return f"it must be signed by key {short(wanted or added)}, but is not"
        return None

    def _refused_revocation(self, body: KeyRevoked, seq: int) -> str | None:
        if body.key not in self.keys:
            return f"it revokes key {short(body.key)}, which this ledger does not have"
        if body.key == self.current:
            return "it revokes the key that signed it"
        return "it revokes a key from a later entry on" if body.revoked_from > seq else None

    def add(self, seq: int, body: object) -> "KeyBook":
        """The keys after an entry."""
        if isinstance(body, KeyAdded):
            name = key_id(body.public_key)
            by = self.current if body.how == "rotation" else None
            key = KeyRecord(name, body.public_key, body.how, seq, by)
            return KeyBook({**self.keys, name: key}, name)
        if isinstance(body, KeyRevoked) and body.key in self.keys:
            key = self.keys[body.key]
            since = min(body.revoked_from, key.revoked_from or body.revoked_from)
            return replace(self, keys={**self.keys, body.key: replace(key, revoked_from=since)})
        return self


def short(key: str) -> str:
    """A key's id in short form, its first 12 digits."""
    return key.removeprefix("sha256:")[:12]
