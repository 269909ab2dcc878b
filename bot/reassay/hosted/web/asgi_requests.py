"""Parts that the ASGI applications in front of FastAPI share: headers, bodies within limits, answers, refusals.

https://asgi.readthedocs.io/en/latest/specs/www.html
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class RefusedError(Exception):
    """The refusal of a delivery, with the next step in its message."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason
        """One word, for the counts."""


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """Limits of bodies that are received."""

    largest: int
    """Bytes of one body."""
    most_arriving: int
    """Bytes of incomplete bodies at one moment."""
    seconds: float
    """Time limit for receiving a body."""
    what: str
    """What a body is, for messages."""


@dataclass(slots=True)
class ArrivingBytes:
    """Bytes of the incomplete bodies of one application."""

    count: int = 0


async def read_body(receive: Receive, arriving: ArrivingBytes, limits: BodyLimits) -> bytes:
    """The whole body of a request. Raises RefusedError if it is too large, too slow or cut off, or if too many arrive at once."""
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(limits.seconds):
            more = True
            while more:
                message = await receive()
                if message["type"] != "http.request":
                    raise RefusedError(400, "disconnected", "The connection ended before the body was complete.")
                part, more = message.get("body", b""), message.get("more_body", False)
                size += len(part)
                arriving.count += len(part)
                if size > limits.largest:
                    raise too_large(limits)
                if arriving.count > limits.most_arriving:
                    raise RefusedError(503, "busy", f"Too much arrives at once: send the {limits.what} again.")
                parts.append(part)
    except TimeoutError as error:
        raise RefusedError(408, "slow", "The body was not received in time.") from error
    finally:
        arriving.count -= size
    return parts[0] if len(parts) == 1 else b"".join(parts)


def too_large(limits: BodyLimits) -> RefusedError:
    """The refusal of a body that is too large."""
    return RefusedError(413, "size", f"A {limits.what} has at most {limits.largest} bytes.")


def headers_of(pairs: Iterable[tuple[bytes, bytes]]) -> Mapping[bytes, bytes]:
    """Headers by lower-case name. The value of a repeated header is empty, so that it is not trusted."""
    headers: dict[bytes, bytes] = {}
    for name, value in pairs:
        headers[name] = b"" if name in headers else value
    return headers


async def send_answer(
    send: Send, status: int, body: bytes, *, close: bool = False, more: Iterable[tuple[bytes, bytes]] = ()
) -> None:
    """Sends an answer in JSON; `close` if the rest of the body is not read."""
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), *more]
    if close:
        headers.append((b"connection", b"close"))
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers.append((b"allow", b"POST"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
