"""ASGI middleware around all pages: checks the Host header and the address, bounds request bodies, sets security headers."""

import unicodedata
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import unquote, urlsplit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

LARGEST = 2 * 1024 * 1024
ANY_HOST = frozenset({"/livez", "/readyz", "/metrics"})
"""Paths that are answered under any host name: probes use the container's address, and the answers are not confidential."""
CACHEABLE = frozenset({"/style.css"})
DASHBOARDS = "/repositories/"
"""Where the paths of dashboards begin."""
_POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none';"
_NOBODY = "'none'"
_PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; sandbox"
_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
_DEFAULT = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """The names under which browsers may reach this server."""

    base_url: str
    """It may have a path."""

    def is_host(self, header: str) -> bool:
        """Whether a Host header names this server; another name can mean DNS rebinding."""
        return self.is_loopback(header) or self._parts(f"{urlsplit(self.base_url).scheme}://{header}") == self._own()

    def is_loopback(self, header: str) -> bool:
        """Whether a Host header names this machine by a name that needs no DNS."""
        return _split(f"http://{header}")[1] in _NAMES

    def is_ours(self, origin: str) -> bool:
        """Whether an Origin header names this server."""
        scheme, name, _ = _split(origin)
        return self._parts(origin) == self._own() or (scheme == "http" and name in _NAMES)

    def _own(self) -> tuple[str, str, int]:
        parts = urlsplit(self.base_url)
        return self._parts(f"{parts.scheme}://{parts.netloc}")

    @staticmethod
    def _parts(url: str) -> tuple[str, str, int]:
        return _split(url)


def _split(url: str) -> tuple[str, str, int]:
    """Scheme, host name and port; empty for an invalid address."""
    try:
        parts = urlsplit(url)
        port = parts.port or _DEFAULT.get(parts.scheme, 0)
    except ValueError:
        return "", "", 0
    if parts.username is not None or parts.path not in {"", "/"} or parts.query or parts.fragment:
        return "", "", 0
    return parts.scheme, (parts.hostname or "").lower(), port


def is_loopback(address: str) -> bool:
    """Whether a client's IP address is a loopback address."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class RequestGuard:
    """ASGI middleware."""

    inner: Application
    address: ServerAddress
    github: str
    """Address of the GitHub server: forms may be sent there and to this server only."""
    refuse: Callable[[Scope, int, str, str], Application]
    """The response to a refused request, by its scope, status, message and remedy."""
    framed_by: str = ""
    """Origin of the one page that may show these pages in a frame; empty: none may."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes valid requests on to `inner`."""
        if scope["type"] != "http":
            await self.inner(scope, receive, send)
            return
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        sender = _Sender(send, self._headers(scope["path"]))
        if scope["path"] not in ANY_HOST and (len(hosts) != 1 or not self.address.is_host(hosts[0])):
            await self.refuse(scope, 421, "This server does not have that host name.", f"Use {self.address.base_url}")(
                scope, receive, sender
            )
            return
        if _is_odd(scope["path"]):
            await self.refuse(scope, 404, "There is no page at this address.", "Start at the front page.")(
                scope, receive, sender
            )
            return
        if _is_odd(unquote(scope["query_string"].decode("latin-1"), errors="surrogateescape")):
            await self.refuse(scope, 400, "The address has an invalid character.", "See /docs for what is expected.")(
                scope, receive, sender
            )
            return
        length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if not length.isdigit() or int(length) > LARGEST:
            await self.refuse(scope, 413, "The request is too large.", f"Send at most {LARGEST} bytes.")(
                scope, receive, sender
            )
            return
        await self.inner(scope, _Bounded(receive), sender)

    def _policy(self, path: str) -> str:
        """What a page may load: everything from this server alone, and scripts in dashboards alone."""
        end = f"frame-ancestors {self.framed_by or _NOBODY}; form-action 'self' {self.github}"
        if not path.startswith(DASHBOARDS):
            return f"{_POLICY} {end}"
        if path.endswith(".svg"):
            # Opened by itself, a picture is a document: it has styles of its own, and nothing else.
            return _PICTURE_POLICY
        return f"{_POLICY} script-src 'self'; {end}"

    def _headers(self, path: str) -> list[tuple[bytes, bytes]]:
        headers = {
            "content-security-policy": self._policy(path),
            "x-content-type-options": "nosniff",
            "x-frame-options": "DENY",
            # Paths may hold a code, so they are not sent. With `no-referrer` browsers would send `Origin: null` with our forms.
            "referrer-policy": "strict-origin",
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
            "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
            "cache-control": "max-age=3600" if path in CACHEABLE else "no-store",
        }
        if self.framed_by:
            # Older than `frame-ancestors`, which browsers prefer; it cannot name an origin.
            del headers["x-frame-options"]
        if self.address.base_url.startswith("https://"):
            headers["strict-transport-security"] = "max-age=31536000"
        return [(name.encode(), value.encode()) for name, value in headers.items()]


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
    """Bounds a chunked body, which has no content length."""

    receive: Receive
    left: int = LARGEST

    async def __call__(self) -> Message:
        message = await self.receive()
        self.left -= len(message.get("body", b""))
        # The application sees this as if the client had disconnected.
        return message if self.left >= 0 else {"type": "http.disconnect"}


def _is_odd(text: str) -> bool:
    """Whether it holds what no name, number or page has: a control character, or bytes that are not UTF-8.

    Databases and GitHub refuse such a text, each in its own way; nothing behind this guard has to know how.
    """
    return any(
        unicodedata.category(character) in {"Cc", "Cs"} or character == "\N{REPLACEMENT CHARACTER}"
        for character in text
    )
