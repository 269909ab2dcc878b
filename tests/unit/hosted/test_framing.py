"""No page may show the App's pages in a frame, unless the demo names the one origin that may."""

import asyncio
from pathlib import Path

from reassay.hosted.settings import HostingSettings, read_hosting
from reassay.hosted.web.headers import Message, Receive, RequestGuard, Scope, Send, ServerAddress


async def _page(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})


def headers(framed_by: str) -> dict[bytes, bytes]:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        await asyncio.sleep(0)
        sent.append(message)

    async def receive() -> Message:
        await asyncio.sleep(0)
        return {"type": "http.request", "body": b""}

    address = ServerAddress("http://127.0.0.1:8321")
    guard = RequestGuard(_page, address, "https://github.com", lambda *_: _page, framed_by=framed_by)
    scope: Scope = {"type": "http", "path": "/", "query_string": b"", "headers": [(b"host", b"127.0.0.1:8321")]}
    asyncio.run(guard(scope, receive, send))
    return dict(sent[0]["headers"])


def test_frames_are_refused_twice_over() -> None:
    own = headers("")
    assert b"frame-ancestors 'none'" in own[b"content-security-policy"]
    assert own[b"x-frame-options"] == b"DENY"


def test_one_origin_may_frame_and_no_other() -> None:
    own = headers("http://127.0.0.1:4711")
    assert b"frame-ancestors http://127.0.0.1:4711;" in own[b"content-security-policy"]
    assert b"x-frame-options" not in own


def test_no_option_and_no_variable_sets_it(tmp_path: Path) -> None:
    environment = {"REASSAY_FRAMED_BY": "https://evil.example", "HOME": str(tmp_path)}
    assert read_hosting(environment, {"framed-by": "https://evil.example"}).framed_by == ""
    assert HostingSettings(tmp_path).framed_by == ""
