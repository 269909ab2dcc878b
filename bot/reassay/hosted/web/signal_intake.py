"""Messages of monitoring tools (POST /signals/OWNER/REPOSITORY/SOURCE): stored with the job of a sweep, then acknowledged.

An unknown repository, an unknown source, a secret that nobody declared and a wrong one get the same answer, so that nobody learns
which of them there are. Addresses may hold a token and are never logged.
"""

import asyncio
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Final

from reassay.hosted.database.database import DatabaseError
from reassay.hosted.rules.signal_senders import SenderRequest, is_authentic
from reassay.hosted.signal_events import SenderSource, SignalEvents
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
from reassay.hosted.web.intake import DeliveryCounts
from reassay.signals.sources import alertmanager, pagerduty, statuspage
from reassay.signals.sources.webhook_values import Shape, reduced

PREFIX: Final = "/signals/"
LIMITS: Final = BodyLimits(largest=4 * 1024**2, most_arriving=32 * 1024**2, seconds=15.0, what="message")
RETRY_SECONDS: Final = 60
USED: Final[Mapping[str, Shape]] = {each.KIND: each.USED for each in (alertmanager, pagerduty, statuspage)}
_ADDRESS = re.compile(
    r"/signals/((?P<name>[A-Za-z0-9._-]{1,60}/[A-Za-z0-9._-]{1,100})|(?P<id>[0-9]{1,15}))/(?P<source>[a-z0-9-]{1,100})"
)
_TYPE = b"application/json"


@dataclass(frozen=True, slots=True)
class SignalDesk:
    """What decides on a message. Its methods wait for the database, so they are called in a thread."""

    events: SignalEvents
    secrets: Callable[[str, str], Sequence[bytes]]
    """The declared secrets with a name that are for a repository with a full name; none if there are none."""
    now: Callable[[], datetime]

    def take(self, path: str, request: SenderRequest) -> bool:
        """Stores an authentic message; False if the same waits already. Raises RefusedError and DatabaseError."""
        source = self._source(path)
        own_secrets = self.secrets(source.secret, source.full_name) if source else ()
        is_sender = is_authentic(source.kind if source else "", own_secrets, request)
        if source is None or not is_sender:
            words = "There is no such source, or the sender's secret is wrong. See docs/how-to/receive-alerts.md."
            raise RefusedError(
                404, "unknown" if source is None else "undeclared" if not own_secrets else "secret", words
            )
        return self.events.store(source, reduced(_document(request.body), USED[source.kind]), self.now())

    def _source(self, path: str) -> SenderSource | None:
        match = _ADDRESS.fullmatch(path)
        source = self.events.source(match["name"] or match["id"], match["source"]) if match else None
        return source if source and source.kind in USED else None


def _document(body: bytes) -> Mapping[str, object]:
    """The object in a body. Raises RefusedError."""
    try:
        document = json.loads(body, parse_constant=_not_json)
    except (ValueError, RecursionError) as error:
        raise RefusedError(400, "json", "The body is not JSON.") from error
    if not isinstance(document, dict):
        raise RefusedError(400, "json", "The body is not an object in JSON.")
    return document


def _not_json(word: str) -> None:
    raise ValueError(word)


@dataclass(slots=True)
class SignalIntake:
    """The ASGI application; requests for other paths go to `inner`."""

    inner: Application
    desk: SignalDesk
    stored: Callable[[], None] = lambda: None
    """Called after a message is on disk, so that the inbox is drained at once."""
    note: Callable[[int, str], None] = lambda _status, _why: None
    """Called with every refusal: status and reason; never with an address, a body or a secret."""
    counts: DeliveryCounts = field(default_factory=DeliveryCounts)
    bodies: ArrivingBytes = field(default_factory=ArrivingBytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI entry point, https://asgi.readthedocs.io/en/latest/specs/www.html."""
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self.inner(scope, receive, send)
            return
        try:
            request = await self._request(scope, receive)
            new = await asyncio.to_thread(self.desk.take, scope["path"], request)
        except RefusedError as error:
            await self._refuse(error, send)
        except DatabaseError as error:
            await self._refuse(RefusedError(503, "unavailable", f"The message was not stored: {error}"), send)
        else:
            self.stored()
            self.counts.outcomes["accepted" if new else "duplicate"] += 1
            await send_answer(send, 202, b"")

    async def _request(self, scope: Scope, receive: Receive) -> SenderRequest:
        """The request with its whole body, whoever sent it: how far it is read tells nobody what there is."""
        if scope["method"] != "POST":
            raise RefusedError(405, "method", "Messages must be sent with POST.")
        headers = headers_of(scope["headers"])
        length = headers.get(b"content-length", b"")
        if length.isdigit() and int(length) > LIMITS.largest:
            raise too_large(LIMITS)
        if headers.get(b"content-type", b"").partition(b";")[0].strip().lower() != _TYPE:
            raise RefusedError(415, "content-type", "The content type must be application/json.")
        return SenderRequest(headers, scope["query_string"], await read_body(receive, self.bodies, LIMITS))

    async def _refuse(self, error: RefusedError, send: Send) -> None:
        self.counts.outcomes[error.reason] += 1
        self.note(error.status, error.reason)
        is_busy = error.status == HTTPStatus.SERVICE_UNAVAILABLE
        more = [(b"retry-after", str(RETRY_SECONDS).encode())] if is_busy else []
        await send_answer(send, error.status, json.dumps({"message": str(error)}).encode(), close=True, more=more)
