"""HTTP on loopback, with connections that can be dropped without an answer."""

import contextlib
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from reassay_sandbox.dispatcher import RequestDispatcher
from reassay_sandbox.traffic import SandboxRequest

DAWDLE_SECONDS = 0.3
"""A time-out fault holds the connection so long before closing it."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body are written at once, whatever their size: with Nagle's algorithm a second write waits 40 ms for the
    # client's acknowledgement of the first.
    disable_nagle_algorithm = True
    wbufsize = -1
    server: "_Server"

    def _any(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        chunked = "chunked" in self.headers.get("transfer-encoding", "")
        body = self._chunked() if chunked else self.rfile.read(length)
        if not chunked and len(body) < length:
            # A client that was killed half way sent no request: GitHub acts on none of it either.
            self._drop()
            return
        parts = urlsplit(self.path)
        headers = {key.lower(): value for key, value in self.headers.items()}
        request = SandboxRequest(self.command, parts.path, dict(parse_qsl(parts.query)), headers, body, parts.query)
        response, fault = self.server.dispatcher.answer(request)
        if response is None:
            if fault and fault.kind == "timeout":
                time.sleep(DAWDLE_SECONDS)
            self._drop()
            return
        self.send_response_only(response.status)
        now = self.server.dispatcher.clock.now()
        for name, value in {"date": self.date_time_string(int(now.timestamp())), **response.headers}.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(response.body)))
        self.end_headers()
        if response.is_cut:
            self.wfile.write(response.body[: len(response.body) // 2])
            self.wfile.flush()
            self._drop()
        elif self.command != "HEAD":
            self.wfile.write(response.body)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = _any

    def _chunked(self) -> bytes:
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _drop(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """The traffic is kept; nothing is printed."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    dispatcher: RequestDispatcher
    open_connections: set[socket.socket]

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.open_connections = set()

    def process_request(self, request: socket.socket, client_address: tuple[str, int]) -> None:  # type: ignore[override] # narrower than the library's
        self.open_connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket) -> None:  # type: ignore[override] # same
        self.open_connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - the library's arguments
        """A client that went away is what faults are about; anything else is a defect of ours."""
        error = sys.exc_info()[1]
        if not isinstance(error, (ConnectionError, TimeoutError)):
            self.dispatcher.judge.say(f"the sandbox failed: {error!r}")


class HttpServer:
    """HTTP server in front of a dispatcher."""

    def __init__(self, port: int) -> None:
        self._server = _Server(port)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        """Without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self, dispatcher: RequestDispatcher) -> None:
        """From now on it answers."""
        self._server.dispatcher = dispatcher
        self._thread.start()

    def close(self) -> None:
        """Ends every connection."""
        self._server.shutdown()
        for connection in list(self._server.open_connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._server.server_close()
        self._thread.join(5)
