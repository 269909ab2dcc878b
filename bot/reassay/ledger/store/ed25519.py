"""Ed25519 keys: reading, creating, signing, verifying. A private key is never shown in a repr, a message or a log.

Only this module uses `cryptography`. It is imported only where a key or a signature is needed.
"""

import base64
import binascii
import os
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from reassay.common.errors import UsageError
from reassay.ledger.keys import key_id
from reassay.ledger.store.envelope import Envelope, EnvelopeSignature
from reassay.ledger.store.key_files import read_key_file

_PUBLIC_PEM = "PUBLIC KEY"
_HOW = "Create one with `reassay ledger new-key FILE`, and give the file's text, or 32 bytes in base64."


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key that signs the ledger."""

    public_key: str
    """In base64."""
    _private: Ed25519PrivateKey = field(repr=False, compare=False)

    @property
    def id(self) -> str:
        """Id of the public half."""
        return key_id(self.public_key)

    def seal(self, envelope: Envelope) -> Envelope:
        """The envelope with this key's signature."""
        signature = EnvelopeSignature(self.id, self._private.sign(envelope.signed_bytes))
        return Envelope(envelope.kind, envelope.payload, signature)


def read_signer(text: str, where: str) -> Signer:
    """The signer in a text: PEM, or 32 bytes in base64. Raises UsageError, which never shows the text."""
    try:
        if "-----BEGIN" in text:
            private = load_pem_private_key(_lines(text), None)
        else:
            private = Ed25519PrivateKey.from_private_bytes(base64.b64decode("".join(text.split()), validate=True))
    except (ValueError, TypeError, binascii.Error, UnsupportedAlgorithm):
        # Without its cause, because a library's message may quote the key.
        raise UsageError("this is not a usable signing key.", where=where, remedy=_HOW) from None
    if not isinstance(private, Ed25519PrivateKey):
        raise UsageError("this key is not an Ed25519 key.", where=where, remedy=_HOW)
    return Signer(_base64(private.public_key()), private)


def read_signer_file(path: Path, where: str) -> Signer:
    """The signer in a file that is no more open than key files may be. Raises UsageError."""
    return read_signer(read_key_file(path, where), where)


def read_public(text: str, where: str) -> str:
    """The public key in a text (PEM or base64), in base64. Raises UsageError."""
    if "PRIVATE KEY" in text:
        remedy = "Give the public half: `reassay ledger new-key` printed it."
        raise UsageError("this is a private key, but a public key is needed.", where=where, remedy=remedy)
    try:
        if _PUBLIC_PEM in text:
            public = load_pem_public_key(_lines(text))
        else:
            public = Ed25519PublicKey.from_public_bytes(base64.b64decode("".join(text.split()), validate=True))
    except (ValueError, TypeError, binascii.Error) as error:
        raise UsageError("this is not a public key.", where=where, remedy="Give PEM or 32 bytes in base64.") from error
    if not isinstance(public, Ed25519PublicKey):
        raise UsageError("this key is not an Ed25519 key.", where=where, remedy="Give an Ed25519 public key.")
    return _base64(public)


def new_key_file(path: Path) -> Signer:
    """A new private key, written to a new file that only its owner can read. Raises UsageError if the file exists."""
    private = Ed25519PrivateKey.generate()
    data = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        remedy = "Give a new file in a folder that you can write to; a key is never overwritten."
        raise UsageError(f"the key cannot be written ({error.strerror}).", where=str(path), remedy=remedy) from error
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    return Signer(_base64(private.public_key()), private)


def public_pem(public_key: str) -> str:
    """A public key as PEM."""
    return _public(public_key).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def holds(envelope: Envelope, public_key: str) -> bool:
    """Whether the envelope has a valid signature by the private half of `public_key`."""
    if envelope.signature is None:
        return False
    try:
        _public(public_key).verify(envelope.signature.value, envelope.signed_bytes)
    except (InvalidSignature, ValueError):
        # A public key in the ledger is 32 arbitrary bytes, which may not be a valid key.
        return False
    return True


@cache
def _public(public_key: str) -> Ed25519PublicKey:

    return Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key))


def _base64(public: Ed25519PublicKey) -> str:
    return base64.b64encode(public.public_bytes_raw()).decode()


def _lines(text: str) -> bytes:
    # A secret pasted into one line, or with \n written out, is still the same key.
    return text.replace("\\n", "\n").strip().encode("ascii", "replace") + b"\n"
