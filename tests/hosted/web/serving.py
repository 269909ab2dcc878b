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


def _asked(
    port: int, command: str, path: str, body: bytes, headers: dict[str, str]
) -> tuple[http.client.HTTPResponse, bytes] | None:
    """What the server answers; None where it closes early, because it does not want the body or has ended."""
    headers = {name: value for name, value in headers.items() if name.lower() != "connection"}
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE)) as connection:
        try:
            connection.request(command, path, body or None, headers)
            answer = connection.getresponse()
            return answer, answer.read()
        except OSError:
            return None


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
            headers = dict(self.headers.items()) | ({} if keeps_host else {"Host": f"127.0.0.1:{target}"})
            passed_on = _asked(target, self.command, path, body, headers)
            if passed_on is None:
                self.send_error(502)
                return
            answer, data = passed_on
            # A browser that leaves a page takes no more of it.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self._answer(answer, data)

        def _answer(self, answer: http.client.HTTPResponse, data: bytes) -> None:
            self.send_response_only(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in {"connection", "transfer-encoding", "content-length"}:
                    self.send_header(name, value)
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(data)

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
