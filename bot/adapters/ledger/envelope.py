"""DSSE envelopes, in one form only: canonical JSON, with one signature or none."""

import base64
import json
import re
from dataclasses import dataclass

_KEY = re.compile(r"sha256:[0-9a-f]{64}")
_SIGNATURE_BYTES = 64


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, and the 64 bytes."""

    key: str
    value: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """A payload, what it is, and at most one signature of both."""

    kind: str
    payload: bytes
    signature: Signature | None = None

    @property
    def signed_bytes(self) -> bytes:
        """What a signature covers."""
        return pae(self.kind, self.payload)

    def encode(self) -> bytes:
        """The one serialisation: what RFC 8785 gives, written out because nothing in it needs an escape."""
        signature = self.signature
        signed = f'{{"keyid":"{signature.key}","sig":"{_text(signature.value)}"}}' if signature else ""
        return f'{{"payload":"{_text(self.payload)}","payloadType":"{self.kind}","signatures":[{signed}]}}'.encode()


def pae(kind: str, payload: bytes) -> bytes:
    """DSSE's pre-authentication encoding, version 1."""
    name = kind.encode()
    return b"DSSEv1 %d %b %d %b" % (len(name), name, len(payload), payload)


def read_envelope(data: bytes, kind: str) -> Envelope:
    """Parses what `encode` wrote. Raises ValueError for everything else: another form, another kind, a second signature."""
    try:
        found = json.loads(data)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(found, dict) or found.get("payloadType") != kind:
        raise ValueError("another kind of envelope")
    try:
        signatures = [_signature(each["keyid"], each["sig"]) for each in found["signatures"]]
        payload = _bytes(found["payload"])
    except (KeyError, TypeError) as error:
        raise ValueError("no envelope") from error
    if len(signatures) > 1:
        raise ValueError("more than one signature")
    envelope = Envelope(kind, payload, signatures[0] if signatures else None)
    if envelope.encode() != data:
        raise ValueError("not in the one form it could have been written in")
    return envelope


def _signature(key: object, text: str) -> Signature:
    value = _bytes(text)
    if not isinstance(key, str) or not _KEY.fullmatch(key) or len(value) != _SIGNATURE_BYTES:
        raise ValueError("no Ed25519 signature")
    return Signature(key, value)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
