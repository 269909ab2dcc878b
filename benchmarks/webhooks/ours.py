"""The intake as `serve` runs it, with the PostgreSQL that starts itself, and nothing behind it: port, secret, folder."""

import asyncio
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import uvicorn

from reassay.hosted.database.database import migrate
from reassay.hosted.database.embedded import embedded
from reassay.hosted.inbox.inbox import GroupCommit
from reassay.hosted.web.asgi_requests import Receive, Scope, Send
from reassay.hosted.web.intake import ExpectedSender, Intake
from reassay.hosted.web.process import until_signalled


async def nothing(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b""})


class Server(uvicorn.Server):
    """Says when it listens."""

    url = ""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        print("ready", self.url, flush=True)


async def serve(stop: asyncio.Event, port: int, secret: bytes, url: str) -> bool:
    commit = GroupCommit(url)
    expected = ExpectedSender(1, (secret,))
    intake = Intake(nothing, commit.put, lambda: expected, lambda: datetime.now(UTC))
    server = Server(
        uvicorn.Config(
            intake,
            host="127.0.0.1",
            port=port,
            http="httptools",
            lifespan="off",
            access_log=False,
            log_level="warning",
            proxy_headers=False,
            server_header=False,
            date_header=False,
        )
    )
    server.url = url
    writing = asyncio.create_task(commit.run())
    serving = asyncio.create_task(server.serve())
    await stop.wait()
    server.should_exit = True
    await serving
    writing.cancel()
    with suppress(asyncio.CancelledError):
        await writing
    return True


def main() -> None:
    port, secret, folder = sys.argv[1:]
    with embedded(Path(folder)) as url:
        migrate(url)
        until_signalled(lambda stop: serve(stop, int(port), secret.encode(), url))


if __name__ == "__main__":
    main()
