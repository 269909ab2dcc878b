"""Authentication of messages from monitoring tools: by token, or by signature."""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote_to_bytes

_NOBODY: Final = secrets.token_bytes(32)
"""Compared where there is no secret, so that this takes as long as where there is one."""
MOST_SIGNATURES: Final = 10
MOST_PARAMETERS: Final = 20


@dataclass(frozen=True, slots=True)
class SenderRequest:
    """What a sender shows."""

    headers: Mapping[bytes, bytes] = field(repr=False)
    """By name in small letters; a header that is repeated is empty."""
    query: bytes = field(repr=False)
    body: bytes = field(repr=False)


Check = Callable[[SenderRequest, bytes], bool]


def is_authentic(kind: str, own_secrets: Sequence[bytes], request: SenderRequest) -> bool:
    """Whether one of the secrets of a source shows in a request, compared in constant time. False without a secret.

    Everything is checked whatever the kind is: how long a signature of a large body takes would tell which sources there are.
    """
    results = [
        check(request, secret) and name == kind
        for secret in own_secrets or (_NOBODY,)
        for name, check in CHECKS.items()
    ]
    return any(results) and bool(own_secrets)


def _bearer(request: SenderRequest, secret: bytes) -> bool:
    """Alertmanager: `authorization: {credentials: ...}` of its `http_config`."""
    scheme, _, token = request.headers.get(b"authorization", b"").partition(b" ")
    return hmac.compare_digest(token.strip(), secret) and scheme.lower() == b"bearer"


def _signature(request: SenderRequest, secret: bytes) -> bool:
    """PagerDuty: HMAC-SHA256 of the body; while its secret is rotated, a signature for each secret."""
    expected = b"v1=" + hmac.digest(secret, request.body, hashlib.sha256).hex().encode()
    given = request.headers.get(b"x-pagerduty-signature", b"").split(b",")[:MOST_SIGNATURES]
    matches = [hmac.compare_digest(signature.strip(), expected) for signature in given]
    return any(matches)


def _query_token(request: SenderRequest, secret: bytes) -> bool:
    """Statuspage: it signs nothing, so that its address is the secret."""
    pairs = request.query.split(b"&")[:MOST_PARAMETERS]
    tokens = [unquote_to_bytes(pair.removeprefix(b"token=")) for pair in pairs if pair.startswith(b"token=")]
    return hmac.compare_digest(tokens[0] if len(tokens) == 1 else b"", secret)


CHECKS: Final[Mapping[str, Check]] = {"alertmanager": _bearer, "pagerduty": _signature, "statuspage": _query_token}
