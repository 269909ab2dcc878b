"""Webhook intake (POST /webhook): an ASGI application in front of FastAPI that stores a delivery, then acknowledges it.

Before the acknowledgement only size, content type, event, delivery id, target App and signature are checked. A delivery
with a malformed body is acknowledged as well, and becomes a dead letter when it is processed.

(GitHub's documentation: "Validating webhook
deliveries", "Webhook events and payloads: Delivery headers".)
"""

import hashlib
import hmac
import json
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from reassay.hosted.database.database import DatabaseError
from reassay.hosted.inbox.inbox import ReceivedDelivery
from reassay.hosted.rules.deliveries import used_fields
from reassay.hosted.web.asgi_requests import (
    Application,
    ArrivingBytes,
    BodyLimits,
    Receive,
    RefusedError,
    Scope,
    Send,
    headers_of,
    read_body,
    send_answer,
    too_large,
)

PATH = "/webhook"
LARGEST = 25 * 1024 * 1024
"""GitHub's limit for a payload, in bytes."""
MOST_ARRIVING = 4 * LARGEST
"""Limit of bytes of incomplete bodies at one moment: their signature can be checked only when they are complete."""
BODY_SECONDS = 15.0
"""Time limit for receiving a body."""
_TOKEN = re.compile(rb"[A-Za-z0-9_-]{1,100}")
_TYPE = b"application/json"


@dataclass(frozen=True, slots=True)
class ExpectedSender:
    """The App whose deliveries are accepted, and its webhook secrets; none before set-up."""

    app: int | None = None
    secrets: tuple[bytes, ...] = field(default=(), repr=False)
    """The webhook secret, and the previous one while it is being rotated."""


@dataclass(slots=True)
class DeliveryCounts:
    """Counts of deliveries since this process started."""

    outcomes: Counter[str] = field(default_factory=Counter)
    """By `accepted`, `duplicate`, or the reason of a refusal."""


@dataclass(slots=True)
class Intake:
    """The ASGI application; requests for other paths go to `inner`."""

    inner: Application
    store: Callable[[ReceivedDelivery], Awaitable[bool]]
    """Stores a delivery durably; True if it is new. Raises DatabaseError."""
    expected: Callable[[], ExpectedSender]
    now: Callable[[], datetime]
    note: Callable[[str, int, str], None] = lambda _delivery, _status, _why: None
    """Called with every refusal: delivery id, status, reason; never with a body or a secret."""
    counts: DeliveryCounts = field(default_factory=DeliveryCounts)
    bodies: ArrivingBytes = field(default_factory=ArrivingBytes)

    @property
    def arriving(self) -> int:
        """Bytes of incomplete bodies."""
        return self.bodies.count

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI entry point, https://asgi.readthedocs.io/en/latest/specs/www.html."""
        if scope["type"] != "http" or scope["path"] != PATH:
            await self.inner(scope, receive, send)
            return
        headers = headers_of(scope["headers"])
        try:
            delivery = await self._checked(scope["method"], headers, receive)
            new = await self.store(delivery)
        except RefusedError as error:
            await self._refuse(headers, error, send)
        except DatabaseError as error:
            await self._refuse(headers, RefusedError(503, "unavailable", f"The delivery was not stored: {error}"), send)
        else:
            self.counts.outcomes["accepted" if new else "duplicate"] += 1
            # An empty body: GitHub only reads the status.
            await send_answer(send, 202, b"")

    async def _checked(self, method: str, headers: Mapping[bytes, bytes], receive: Receive) -> ReceivedDelivery:
        if method != "POST":
            raise RefusedError(405, "method", "Deliveries must be sent with POST.")
        limits = BodyLimits(LARGEST, MOST_ARRIVING, BODY_SECONDS, "delivery")
        length = headers.get(b"content-length", b"")
        if length.isdigit() and int(length) > LARGEST:
            raise too_large(limits)
        if headers.get(b"content-type", b"").partition(b";")[0].strip().lower() != _TYPE:
            words = "The content type must be application/json: choose it in the settings of the App's webhook."
            raise RefusedError(415, "content-type", words)
        event, number = headers.get(b"x-github-event", b""), headers.get(b"x-github-delivery", b"")
        if not _TOKEN.fullmatch(event) or not _TOKEN.fullmatch(number):
            words = "The header X-GitHub-Event or X-GitHub-Delivery is missing or invalid: only GitHub sends to this address."
            raise RefusedError(400, "headers", words)
        expected = self.expected()
        self._target(headers, expected)
        body = await read_body(receive, self.bodies, limits)
        signature = headers.get(b"x-hub-signature-256", b"")
        # All secrets are compared, so that the response time reveals nothing.
        valid = [hmac.compare_digest(signature, _signature(secret, body)) for secret in expected.secrets if secret]
        if not any(valid):
            words = "The signature is invalid: the webhook secret here differs from the one in the App's settings."
            raise RefusedError(401, "signature", words)
        name = event.decode()
        return ReceivedDelivery(number.decode(), name, used_fields(name, body), self.now())

    def _target(self, headers: Mapping[bytes, bytes], expected: ExpectedSender) -> None:
        if expected.app is None:
            raise RefusedError(503, "no-app", "No App is set up yet: open the set-up page.")
        kind = headers.get(b"x-github-hook-installation-target-type", b"")
        target = headers.get(b"x-github-hook-installation-target-id", b"")
        if kind != b"integration" or target != str(expected.app).encode():
            words = "The delivery is for another App, or comes from a webhook of a repository: remove that webhook."
            raise RefusedError(404, "target", words)

    async def _refuse(self, headers: Mapping[bytes, bytes], error: RefusedError, send: Send) -> None:
        self.counts.outcomes[error.reason] += 1
        number = headers.get(b"x-github-delivery", b"")
        shown = number.decode() if _TOKEN.fullmatch(number) else "-"
        self.note(shown, error.status, error.reason)
        await send_answer(send, error.status, json.dumps({"message": str(error)}).encode(), close=True)


def _signature(secret: bytes, body: bytes) -> bytes:
    return b"sha256=" + hmac.digest(secret, body, hashlib.sha256).hex().encode()
