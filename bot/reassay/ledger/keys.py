"""What the ledger records about its own keys, and which key is in force after it.

A key is named by the SHA-256 of its public half (DER, SubjectPublicKeyInfo), so that `openssl` gives the same name.
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
"""The 32 bytes of an Ed25519 public key in base64, in the one way it can be written."""
Introduction = Literal["first", "rotation", "recovery"]
"""How a key came in: as the first one; named by the key before it; or by nobody but itself."""
_DER_OF_ED25519 = bytes.fromhex("302a300506032b6570032100")


class KeyAdded(Strict):
    """From the next entry on this key signs, and no other."""

    kind: Literal["key-added"] = "key-added"
    public_key: PublicKey
    how: Introduction


class KeyRevoked(Strict):
    """What a key wrote from some entry on may be somebody else's: it is unknown, not valid."""

    kind: Literal["key-revoked"] = "key-revoked"
    key: KeyId
    revoked_from: Annotated[int, Field(ge=1)]
    """The first `seq` that is no longer believed."""


def key_id(public_key: str) -> str:
    """The name of a public key given in base64."""
    return f"sha256:{hashlib.sha256(_DER_OF_ED25519 + base64.b64decode(public_key)).hexdigest()}"


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key as the ledger introduced it."""

    id: str
    public_key: str
    how: Introduction
    added_by: int
    """The entry that introduced it."""
    introduced_by: str | None
    """The key that named it; None for the first one and after a recovery."""
    revoked_from: int | None = None


@dataclass(frozen=True, slots=True)
class KeyBook:
    """The keys that a ledger has named up to some entry."""

    keys: Mapping[str, KnownKey] = field(default_factory=dict)
    """By id, in order of introduction."""
    current: str | None = None
    """The key in force; None while the ledger is unsigned."""

    def refusal(self, seq: int, body: object, signer: str | None) -> str | None:
        """Why an entry may not be the next one, whoever holds which key; None if it may."""
        if isinstance(body, KeyAdded):
            return self._refused_key(body, signer)
        if signer is None:
            return None if self.current is None else "it carries no signature, and the ledger was signed before it"
        if self.current is None:
            return "it is signed before any key was introduced"
        if signer != self.current:
            return f"it is signed by key {short(signer)}, and key {short(self.current)} is in force"
        if isinstance(body, KeyRevoked):
            return self._refused_revocation(body, seq)
        return None

    def _refused_key(self, body: KeyAdded, signer: str | None) -> str | None:
        added = key_id(body.public_key)
        if added in self.keys:
            return f"it introduces key {short(added)} a second time"
        if (body.how == "first") != (self.current is None):
            return f"it introduces a key as '{body.how}', and the ledger {'has one' if self.current else 'has none'}"
        wanted = self.current if body.how == "rotation" else added
        if signer != wanted:
            return f"it is not signed by key {short(wanted or added)}, which has to sign it"
        return None

    def _refused_revocation(self, body: KeyRevoked, seq: int) -> str | None:
        if body.key not in self.keys:
            return f"it revokes key {short(body.key)}, which this ledger does not know"
        if body.key == self.current:
            return "it revokes the very key it is signed by"
        return "it revokes a key from an entry that was yet to come" if body.revoked_from > seq else None

    def add(self, seq: int, body: object) -> "KeyBook":
        """The book after an entry."""
        if isinstance(body, KeyAdded):
            name = key_id(body.public_key)
            by = self.current if body.how == "rotation" else None
            known = KnownKey(name, body.public_key, body.how, seq, by)
            return KeyBook({**self.keys, name: known}, name)
        if isinstance(body, KeyRevoked) and body.key in self.keys:
            known = self.keys[body.key]
            since = min(body.revoked_from, known.revoked_from or body.revoked_from)
            return replace(self, keys={**self.keys, body.key: replace(known, revoked_from=since)})
        return self


def short(key: str) -> str:
    """A key's id as people read it."""
    return key.removeprefix("sha256:")[:12]
