"""DSSE envelopes (https://github.com/secure-systems-lab/dsse) in canonical JSON, with at most one signature."""

import base64
import re
from dataclasses import dataclass

_FORM = re.compile(
    rb'\{"payload":"([A-Za-z0-9+/=]*)","payloadType":"([^"\\]+)","signatures":\['
    rb'(?:\{"keyid":"(sha256:[0-9a-f]{64})","sig":"([A-Za-z0-9+/]{86}==)"\})?\]\}'
)
"""The form that `Envelope.encode` writes; base64 is checked separately."""


@dataclass(frozen=True, slots=True)
class EnvelopeSignature:
    """A signature: the id of its key, and 64 bytes."""

    key: str
    value: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """A payload with its type, and at most one signature of both."""

    kind: str
    payload: bytes
    signature: EnvelopeSignature | None = None

    @property
    def signed_bytes(self) -> bytes:
        """The bytes that a signature covers."""
        return pae(self.kind, self.payload)

    def encode(self) -> bytes:
        """The only serialisation, in the form of RFC 8785, written directly because no value needs an escape."""
        signature = self.signature
        signed = f'{{"keyid":"{signature.key}","sig":"{_text(signature.value)}"}}' if signature else ""
        return f'{{"payload":"{_text(self.payload)}","payloadType":"{self.kind}","signatures":[{signed}]}}'.encode()


def pae(kind: str, payload: bytes) -> bytes:
    """DSSE's pre-authentication encoding, version 1."""
    name = kind.encode()
    return b"DSSEv1 %d %b %d %b" % (len(name), name, len(payload), payload)


def read_envelope(data: bytes, kind: str) -> Envelope:
    """The envelope in some bytes. Raises ValueError unless `encode` gives the same bytes for the same kind."""
    match = _FORM.fullmatch(data)
    if match is None:
        raise ValueError("not in canonical form with at most one signature")
    payload, name, key, signature = match.groups()
    if name.decode("ascii", "replace") != kind:
        raise ValueError("another kind of envelope")
    signed = EnvelopeSignature(key.decode(), base64.b64decode(signature)) if key else None
    envelope = Envelope(kind, base64.b64decode(payload, validate=True), signed)
    if envelope.encode() != data:
        raise ValueError("base64 is not in canonical form")
    return envelope


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
