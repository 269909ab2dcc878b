"""Around everything: hosts that are not ours are refused, bodies are bounded, answers carry what browsers need to know."""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

LARGEST = 2 * 1024 * 1024
ANY_HOST = frozenset({"/livez", "/readyz", "/metrics"})
"""Probes come by an address of the container; what they are told says nothing about anybody."""
CACHEABLE = frozenset({"/style.css"})
_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
_DEFAULT = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Places:
    """Where this server is, as browsers may call it."""

    base_url: str

    def is_host(self, header: str) -> bool:
        """Whether a Host header means this server: else a name of somebody's own leads here, and is not to be believed."""
        return self.is_loopback(header) or self._parts(f"{urlsplit(self.base_url).scheme}://{header}") == self._parts(
            self.base_url
        )

    def is_loopback(self, header: str) -> bool:
        """No name server is asked for these."""
        return _split(f"http://{header}")[1] in _NAMES

    def is_ours(self, origin: str) -> bool:
        """Whether an Origin header is of a page of this server."""
        scheme, name, _ = _split(origin)
        return self._parts(origin) == self._parts(self.base_url) or (scheme == "http" and name in _NAMES)

    @staticmethod
    def _parts(url: str) -> tuple[str, str, int]:
        return _split(url)


def _split(url: str) -> tuple[str, str, int]:
    """Scheme, name and port; nothing for what is none."""
    try:
        parts = urlsplit(url)
        port = parts.port or _DEFAULT.get(parts.scheme, 0)
    except ValueError:
        return "", "", 0
    if parts.username is not None or parts.path not in {"", "/"} or parts.query or parts.fragment:
        return "", "", 0
    return parts.scheme, (parts.hostname or "").lower(), port


def is_loopback(address: str) -> bool:
    """Whether a client's address is this machine."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Guard:
    """ASGI; everything else is `inner`."""

    inner: Application
    places: Places
    github: str
    """Address of the GitHub server: the one place that forms may be sent to besides this one."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers by itself only to what is refused."""
        if scope["type"] != "http":
            await self.inner(scope, receive, send)
            return
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        sender = _Sender(send, self._headers(scope["path"]))
        if scope["path"] not in ANY_HOST and (len(hosts) != 1 or not self.places.is_host(hosts[0])):
            await _refuse(sender, 421, "This server is not called that.", f"Use {self.places.base_url}")
            return
        length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if not length.isdigit() or int(length) > LARGEST:
            await _refuse(sender, 413, "That is too much.", f"Send {LARGEST} bytes at most.")
            return
        await self.inner(scope, _Bounded(receive), sender)

    def _headers(self, path: str) -> list[tuple[bytes, bytes]]:
        policy = (
            "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none';"
            f" form-action 'self' {self.github}"
        )
        found = {
            "content-security-policy": policy,
            "x-content-type-options": "nosniff",
            "x-frame-options": "DENY",
            # Never a path, which may hold a code. Without the origin browsers would say `null` with our own forms.
            "referrer-policy": "strict-origin",
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
            "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
            "cache-control": "max-age=3600" if path in CACHEABLE else "no-store",
        }
        if self.places.base_url.startswith("https://"):
            found["strict-transport-security"] = "max-age=31536000"
        return [(name.encode(), value.encode()) for name, value in found.items()]


@dataclass(slots=True)
class _Sender:
    send: Send
    headers: list[tuple[bytes, bytes]]

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            mine = {name for name, _ in self.headers}
            kept = [pair for pair in message.get("headers", []) if pair[0].lower() not in mine | {b"server"}]
            message = {**message, "headers": [*kept, *self.headers]}
        await self.send(message)


@dataclass(slots=True)
class _Bounded:
    """What is sent in pieces, without saying how much, is bounded as well."""

    receive: Receive
    left: int = LARGEST

    async def __call__(self) -> Message:
        message = await self.receive()
        self.left -= len(message.get("body", b""))
        # To the application it looks as if the sender had gone.
        return message if self.left >= 0 else {"type": "http.disconnect"}


async def _refuse(send: Send, status: int, message: str, remedy: str) -> None:
    body = json.dumps({"error": {"message": message, "remedy": remedy}}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
