"""DSSE envelopes, in one form only: canonical JSON, with one signature or none."""

import base64
import re
from dataclasses import dataclass

_FORM = re.compile(
    rb'\{"payload":"([A-Za-z0-9+/=]*)","payloadType":"([^"\\]+)","signatures":\['
    rb'(?:\{"keyid":"(sha256:[0-9a-f]{64})","sig":"([A-Za-z0-9+/]{86}==)"\})?\]\}'
)
"""What `Envelope.encode` writes, but for the spelling of base64."""


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
    match = _FORM.fullmatch(data)
    if match is None:
        raise ValueError("not in the one form it could have been written in, with one signature or none")
    payload, name, key, signature = match.groups()
    if name.decode("ascii", "replace") != kind:
        raise ValueError("another kind of envelope")
    signed = Signature(key.decode(), base64.b64decode(signature)) if key else None
    envelope = Envelope(kind, base64.b64decode(payload, validate=True), signed)
    if envelope.encode() != data:
        raise ValueError("base64 that another program wrote")
    return envelope


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
