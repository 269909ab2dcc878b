"""A transport of httpx that connects only to the address that was checked, and that ends an answer in time."""

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from socket import SHUT_RDWR, socket
from typing import Any, Final

import httpx

from reassay.signals.fetching.addresses import IpAddress, Resolver, is_public, resolved
from reassay.signals.fetching.fetch_settings import HostPort, normal_host

CONNECT: Final = 10.0
"""Seconds to connect to one address."""
READ: Final = 30.0
"""Seconds without a byte."""
WHOLE: Final = 100.0
"""Seconds of one answer, from its first byte sent to its last byte read."""
MOST_ADDRESSES: Final = 3
PORTS: Final[Mapping[str, int]] = {"https": 443, "http": 80}


class PrivateAddressError(Exception):
    """The host has an address that is not of the public internet, and the operator does not allow it."""


class NoAddressError(Exception):
    """The name of the host has no address."""


class SlowAnswerError(Exception):
    """The answer was not complete in time."""


@dataclass(slots=True)
class _Origin:
    """The one connection to an address for a host. A connection is never shared by two hosts, whose certificates differ."""

    transport: httpx.BaseTransport
    line: socket | None = field(default=None, repr=False)
    """A copy of its socket, by which a slow answer is ended."""

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Takes the socket of a new connection (https://www.encode.io/httpcore/extensions/#trace)."""
        if event == "connection.connect_tcp.complete":
            self.hang_up()
            connected = info["return_value"].get_extra_info("socket")
            self.line = connected.dup() if connected is not None else None

    def cut(self) -> None:
        """Ends the connection: whatever reads or writes fails at once."""
        if self.line is not None:
            with suppress(OSError):
                self.line.shutdown(SHUT_RDWR)

    def hang_up(self) -> None:
        if self.line is not None:
            self.line.close()
            self.line = None

    def close(self) -> None:
        self.hang_up()
        self.transport.close()


class PinnedTransport(httpx.BaseTransport):
    """Looks a host up once, checks all of its addresses, and connects to one of them by number.

    A name whose address changes between the check and the connection (DNS rebinding) leads nowhere else. The certificate is still
    compared with the name. Proxies of the environment are not used: they would look the name up again.
    """

    def __init__(
        self, *, allowed: Callable[[HostPort], bool], resolver: Resolver = resolved, whole: float = WHOLE
    ) -> None:
        self._allowed, self._resolver, self._whole = allowed, resolver, whole
        self._origins: dict[tuple[str, str, int, str], _Origin] = {}
        self._context: ssl.SSLContext | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Raises PrivateAddressError, NoAddressError, SlowAnswerError, and httpx.TransportError; so does reading the answer."""
        url = request.url
        place = HostPort(normal_host(url.raw_host.decode("ascii")), url.port or PORTS[url.scheme])
        addresses = self._checked(place)
        for address in addresses[:-1]:
            with suppress(httpx.ConnectError, httpx.ConnectTimeout):
                return self._ask(request, place, address)
        return self._ask(request, place, addresses[-1])

    def close(self) -> None:
        """Ends all connections."""
        for origin in self._origins.values():
            origin.close()
        self._origins.clear()

    def _checked(self, place: HostPort) -> tuple[IpAddress, ...]:
        try:
            addresses = self._resolver(place.host, place.port)
        except (OSError, UnicodeError):
            addresses = ()
        if not addresses:
            raise NoAddressError
        if not self._allowed(place) and not all(map(is_public, addresses)):
            raise PrivateAddressError
        return addresses[:MOST_ADDRESSES]

    def _ask(self, request: httpx.Request, place: HostPort, address: IpAddress) -> httpx.Response:
        origin = self._origin(request.url.scheme, place, address)
        host = f"[{address}]" if address.version == 6 else str(address)  # noqa: PLR2004 -- of IP
        pinned = httpx.Request(
            request.method,
            request.url.copy_with(host=host),
            headers=request.headers,  # they have the name as their `Host`
            stream=request.stream,
            extensions={
                "timeout": httpx.Timeout(READ, connect=CONNECT).as_dict(),
                "sni_hostname": place.host,
                "trace": origin.trace,
            },
        )
        deadline = _Deadline(self._whole, origin)
        try:
            with deadline.words():
                response = origin.transport.handle_request(pinned)
        except BaseException:
            deadline.end()
            raise
        return httpx.Response(
            response.status_code, headers=response.headers, stream=_TimedStream(response, deadline), request=request
        )

    def _origin(self, scheme: str, place: HostPort, address: IpAddress) -> _Origin:
        key = (scheme, place.host, place.port, str(address))
        if key not in self._origins:
            self._context = self._context or httpx.create_ssl_context()
            limits = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=5)
            self._origins[key] = _Origin(httpx.HTTPTransport(verify=self._context, limits=limits))
        return self._origins[key]


class _Deadline:
    """Ends a connection after a time, also while a read waits: a server that sends a byte now and then never ends by itself."""

    def __init__(self, seconds: float, origin: _Origin) -> None:
        self.is_over = False
        self._origin = origin
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def _cut(self) -> None:
        self.is_over = True
        self._origin.cut()

    @contextmanager
    def words(self) -> Iterator[None]:
        """Calls what fails after the deadline a time-out; a connection that ends there is no whole answer either."""
        try:
            yield
        except (httpx.TransportError, OSError):
            if self.is_over:
                raise SlowAnswerError from None
            raise
        if self.is_over:
            raise SlowAnswerError

    def end(self) -> None:
        self._timer.cancel()


class _TimedStream(httpx.SyncByteStream):
    def __init__(self, response: httpx.Response, deadline: _Deadline) -> None:
        self._response, self._deadline = response, deadline

    def __iter__(self) -> Iterator[bytes]:
        stream = self._response.stream
        with self._deadline.words():
            yield from stream if isinstance(stream, httpx.SyncByteStream) else ()

    def close(self) -> None:
        self._deadline.end()
        self._response.close()
