"""A public address below a path: paths of requests and redirects, cookies, and which paths are taken."""

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import Response

from reassay.common.errors import UsageError
from reassay.hosted.settings import HostingSettings, read_hosting
from reassay.hosted.web.headers import ServerAddress
from reassay.hosted.web.public_path import PublicPath, inside
from reassay.hosted.web.sessions import Cookies

PAGES = (
    "/",
    "/setup",
    "/setup/created",
    "/webhook",
    "/repositories/a/b",
    "/api/v1/check",
    "/signals/a/b/c",
    "/reassayed",
)


def read(public: str) -> HostingSettings:
    return read_hosting({"HOME": "/home/somebody"}, {"public-url": public})


@given(st.sampled_from(PAGES), st.sampled_from(["/reassay", "/tools/reassay"]))
def test_a_page_is_the_same_whether_a_proxy_strips_the_path_or_not(page: str, public_path: str) -> None:
    assert inside(page, public_path) == page
    assert inside(f"{public_path}{page}", public_path) == page
    assert inside(public_path, public_path) == "/"
    assert inside(page, "") == page


@pytest.mark.parametrize(
    ("public", "path"),
    [
        ("https://example.com/reassay/", "/reassay"),
        ("https://example.com/tools/re.assay_1", "/tools/re.assay_1"),
        ("https://example.com", ""),
        ("https://example.com/", ""),
    ],
)
def test_the_path_is_that_of_the_public_address(public: str, path: str) -> None:
    assert read(public).path == path


@pytest.mark.parametrize(
    "path", ["/api", "/docs/x", "/webhook", "/signals/a", "/a//b", "/../a", "/a/..", "/a%2fb", "/.", "/a b", "/ä"]
)
def test_a_path_that_could_be_mistaken_is_refused_at_the_start(path: str) -> None:
    with pytest.raises(UsageError, match="--public-url"):
        read(f"https://example.com{path}")


@pytest.mark.parametrize(
    ("location", "sent"),
    [
        ("/setup", "/reassay/setup"),
        ("https://github.com/x", "https://github.com/x"),
        ("//evil.example", "//evil.example"),
    ],
)
def test_redirects_to_own_pages_get_the_path(location: str, sent: str) -> None:
    messages: list[MutableMapping[str, Any]] = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 -- ASGI
        assert (scope["path"], scope["raw_path"]) == ("/docs", b"/docs")
        await Response(status_code=303, headers={"location": location})(scope, receive, send)

    async def send(message: MutableMapping[str, Any]) -> None:
        messages.append(message)

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request"}

    scope = {"type": "http", "method": "GET", "path": "/reassay/docs", "raw_path": b"/reassay/docs", "headers": []}
    asyncio.run(PublicPath(inner, "/reassay")(scope, receive, send))
    assert dict(messages[0]["headers"])[b"location"].decode() == sent


@pytest.mark.parametrize(
    ("cookies", "name", "path"),
    [
        (Cookies(is_https=True), "__Host-reassay-session", "Path=/;"),
        (Cookies(is_https=True, path="/reassay"), "__Secure-reassay-session", "Path=/reassay;"),
        (Cookies(is_https=False, path="/reassay"), "reassay-session", "Path=/reassay;"),
    ],
)
def test_a_cookie_is_for_the_path_alone(cookies: Cookies, name: str, path: str) -> None:
    response = Response()
    cookies.put(response, "session", "value", 60)
    header = response.headers["set-cookie"]
    assert header.startswith(f"{name}=value")
    assert path in f"{header};"


def test_host_and_origin_are_compared_without_the_path() -> None:
    address = ServerAddress("https://example.com/reassay")
    assert address.is_host("example.com")
    assert address.is_host("example.com:443")
    assert not address.is_host("other.example.com")
    assert not address.is_host("example.com/reassay")
    assert address.is_ours("https://example.com")
    assert not address.is_ours("http://example.com")
