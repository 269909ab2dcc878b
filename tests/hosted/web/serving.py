"""The server of `reassay serve` in a thread, on a real socket, and small proxies in front of it."""

import asyncio
import contextlib
import http.client
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from reassay.hosted.credentials import Credentials
from reassay.hosted.database.database import Database
from reassay.hosted.settings import HostingSettings
from reassay.hosted.web.process import HostedServer, listen
from reassay_sandbox import Sandbox
from tests.lab import BoxClock

DEADLINE = 30.0


@dataclass
class Serving:
    """A server that runs, and what it printed on its console."""

    settings: HostingSettings
    printed: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """The printed address of the set-up page."""
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            for word in " ".join(self.printed).split():
                if "/setup?code=" in word:
                    return word
            time.sleep(0.02)
        raise AssertionError(self.printed)


@contextmanager
def serving(box: Sandbox, database: Database, settings: HostingSettings) -> Iterator[Serving]:
    Credentials(settings.data).prepare()
    console = Serving(settings)
    with listen(settings) as listening:
        server = HostedServer(settings, database, BoxClock(box), console.printed.append)
        loop, stop = asyncio.new_event_loop(), asyncio.Event()
        thread = threading.Thread(target=loop.run_until_complete, args=(server.run(stop, listening),), daemon=True)
        thread.start()
        end = time.monotonic() + DEADLINE
        while not console.printed:
            assert thread.is_alive(), "the server ended"
            assert time.monotonic() < end, "the server did not start"
            time.sleep(0.02)
        try:
            yield console
        finally:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(stop.set)
            thread.join(DEADLINE)
            loop.close()


def _stripped(path: str, strip: str) -> str:
    rest = path.removeprefix(strip)
    return rest if rest.startswith("/") else f"/{rest}"


@contextmanager
def proxy(
    target: int,
    *,
    strip: str = "",
    keeps_host: bool = True,
    largest: int = 0,
    address: str = "127.0.0.1",
    tls: ssl.SSLContext | None = None,
) -> Iterator[int]:
    """A proxy to a port of this machine; its own port. It strips a path, hides the Host header, or refuses large bodies."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _pass_on(self) -> None:
            size = int(self.headers.get("content-length", 0))
            body = self.rfile.read(size)
            if largest and size > largest:
                self.send_response(413)
                self.send_header("content-length", "0")
                self.end_headers()
                return
            path = _stripped(self.path, strip)
            headers = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
            if not keeps_host:
                headers["Host"] = f"127.0.0.1:{target}"
            connection = http.client.HTTPConnection("127.0.0.1", target, timeout=DEADLINE)
            try:
                connection.request(self.command, path, body or None, headers)
                answer = connection.getresponse()
                data = answer.read()
            except OSError:
                # The server closes early where it does not want the body, or has ended.
                connection.close()
                self.send_error(502)
                return
            self.send_response_only(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in {"connection", "transfer-encoding", "content-length"}:
                    self.send_header(name, value)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)
            connection.close()

        do_GET = do_POST = do_HEAD = _pass_on  # noqa: N815 -- names that the base class calls

        def log_message(self, *_arguments: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer((address, 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join(DEADLINE)
