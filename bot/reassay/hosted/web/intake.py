"""POST /webhook as a raw ASGI callable beside FastAPI: judged, made durable, acknowledged; read later.

Judged before the acknowledgement are size, content type, event, delivery id, target App and signature, and nothing else:
whatever is wrong inside is found when it is read, and becomes a dead letter. (GitHub's documentation: "Validating webhook
deliveries", "Webhook events and payloads: Delivery headers".)
"""

import hashlib
import hmac
import json
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any, Protocol

from reassay.hosted.database.database import DatabaseError
from reassay.hosted.inbox.group_commit import Delivery
from reassay.hosted.rules.deliveries import essence
from reassay.hosted.web.deadline import Deadline

PATH = "/webhook"
LARGEST = 25 * 1024 * 1024
"""GitHub sends no more."""
MOST_ARRIVING = 4 * LARGEST
"""Bytes of bodies that are on their way at one moment; who sent them is known only when they are here."""
BODY_SECONDS = 15.0
_TOKEN = re.compile(rb"[A-Za-z0-9_-]{1,100}")
_TYPE = b"application/json"

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class Keeper(Protocol):
    """Makes deliveries durable."""

    async def put(self, delivery: Delivery) -> bool:
        """True if it is new. Raises DatabaseError."""
        ...


@dataclass(frozen=True, slots=True)
class Expected:
    """Whose deliveries are taken; nobody's as long as no App is set up."""

    app: int | None = None
    secrets: tuple[bytes, ...] = field(default=(), repr=False)
    """The webhook secret, and during a rotation the one before it."""


class RefusedError(Exception):
    """Not taken, with what to do."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason
        """A word, for counting."""


@dataclass(slots=True)
class Counts:
    """Since the start of this process."""

    outcomes: Counter[str] = field(default_factory=Counter)
    """`accepted`, `duplicate`, or why one was refused."""


@dataclass(slots=True)
class Intake:
    """Everything else goes to `inner`."""

    inner: Application
    keeper: Keeper
    expected: Callable[[], Expected]
    now: Callable[[], datetime]
    note: Callable[[str, int, str], None] = lambda _delivery, _status, _why: None
    """Told of every refusal: delivery id, status, why. Never a body, never a secret."""
    counts: Counts = field(default_factory=Counts)
    arriving: int = 0
    """Bytes of bodies that are not whole yet."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["path"] != PATH:
            await self.inner(scope, receive, send)
            return
        headers = _headers(scope["headers"])
        try:
            delivery = await self._judged(scope["method"], headers, receive)
            new = await self.keeper.put(delivery)
        except RefusedError as error:
            await self._refuse(headers, error, send)
        except DatabaseError as error:
            await self._refuse(headers, RefusedError(503, "unavailable", f"It was not kept: {error}"), send)
        else:
            self.counts.outcomes["accepted" if new else "duplicate"] += 1
            # The status says it all; a body would be a packet of its own.
            await _answer(send, 202, b"")

    async def _judged(self, method: str, headers: Mapping[bytes, bytes], receive: Receive) -> Delivery:
        if method != "POST":
            raise RefusedError(405, "method", "Deliveries are sent with POST.")
        length = headers.get(b"content-length", b"")
        if length.isdigit() and int(length) > LARGEST:
            raise RefusedError(413, "size", f"A delivery has at most {LARGEST} bytes.")
        if headers.get(b"content-type", b"").partition(b";")[0].strip().lower() != _TYPE:
            words = "Content type application/json is expected: choose it in the settings of the App's webhook."
            raise RefusedError(415, "content-type", words)
        event, number = headers.get(b"x-github-event", b""), headers.get(b"x-github-delivery", b"")
        if not _TOKEN.fullmatch(event) or not _TOKEN.fullmatch(number):
            words = "The headers X-GitHub-Event and X-GitHub-Delivery are missing or odd: only GitHub sends here."
            raise RefusedError(400, "headers", words)
        expected = self.expected()
        self._target(headers, expected)
        body = await self._body(receive)
        given = headers.get(b"x-hub-signature-256", b"")
        # All of them each time, so that the time taken says nothing.
        fits = [hmac.compare_digest(given, _signature(secret, body)) for secret in expected.secrets if secret]
        if not any(fits):
            words = "The signature does not fit: the webhook's secret here and in the settings of the App differ."
            raise RefusedError(401, "signature", words)
        name = event.decode()
        return Delivery(number.decode(), name, essence(name, body), self.now())

    def _target(self, headers: Mapping[bytes, bytes], expected: Expected) -> None:
        if expected.app is None:
            raise RefusedError(503, "no-app", "No App is set up here yet: open the set-up page.")
        kind = headers.get(b"x-github-hook-installation-target-type", b"")
        target = headers.get(b"x-github-hook-installation-target-id", b"")
        if kind != b"integration" or target != str(expected.app).encode():
            words = "It is meant for another App, or comes from a repository's own webhook: take that away."
            raise RefusedError(404, "target", words)

    async def _body(self, receive: Receive) -> bytes:
        parts: list[bytes] = []
        size = 0
        try:
            with Deadline(BODY_SECONDS):
                more = True
                while more:
                    message = await receive()
                    if message["type"] != "http.request":
                        raise RefusedError(400, "disconnected", "The body did not come.")
                    part, more = message.get("body", b""), message.get("more_body", False)
                    size += len(part)
                    self.arriving += len(part)
                    if size > LARGEST:
                        raise RefusedError(413, "size", f"A delivery has at most {LARGEST} bytes.")
                    if self.arriving > MOST_ARRIVING:
                        raise RefusedError(503, "busy", "Too much arrives at once: send it again.")
                    parts.append(part)
        except TimeoutError as error:
            raise RefusedError(408, "slow", "The body came too slowly.") from error
        finally:
            self.arriving -= size
        return parts[0] if len(parts) == 1 else b"".join(parts)

    async def _refuse(self, headers: Mapping[bytes, bytes], error: RefusedError, send: Send) -> None:
        self.counts.outcomes[error.reason] += 1
        number = headers.get(b"x-github-delivery", b"")
        shown = number.decode() if _TOKEN.fullmatch(number) else "-"
        self.note(shown, error.status, error.reason)
        await _answer(send, error.status, json.dumps({"message": str(error)}).encode(), close=True)


def _headers(pairs: Iterable[tuple[bytes, bytes]]) -> Mapping[bytes, bytes]:
    """By name in small letters; of one that comes twice nothing is believed."""
    found: dict[bytes, bytes] = {}
    for name, value in pairs:
        found[name] = b"" if name in found else value
    return found


def _signature(secret: bytes, body: bytes) -> bytes:
    return b"sha256=" + hmac.digest(secret, body, hashlib.sha256).hex().encode()


async def _answer(send: Send, status: int, body: bytes, *, close: bool = False) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if close:
        # What is left of the body is not read.
        headers.append((b"connection", b"close"))
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers.append((b"allow", b"POST"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
