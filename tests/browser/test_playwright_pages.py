"""The harness of browser tests: what it must notice, and that it leaves other tests alone."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.browser import playwright_pages as harness
from tests.browser.playwright_pages import Pages, assert_accessible, assert_fits

GOOD = '<!doctype html><html lang="en"><title>A</title><main><h1>A page</h1><p>Words.</p></main>'
STRICT = "default-src 'none'; style-src 'self'"


@contextmanager
def _served(body: str, policy: str = STRICT, status: int = 200) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.send_header("content-security-policy", policy)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_arguments: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_good_page_is_accessible_below_a_strict_policy(pages: Pages) -> None:
    with _served(GOOD) as address:
        page = pages.open(address)
        assert_accessible(page)
        assert_fits(page)
        assert pages.records[page].requests == [address]


def test_without_javascript_a_page_fits_and_axe_says_that_it_cannot_run(pages: Pages) -> None:
    with _served(f"{GOOD}<noscript>no scripts</noscript>", policy="script-src 'self'") as address:
        page = pages.open(address, javascript=False)
        assert "no scripts" in page.inner_text("body")
        assert_fits(page)
        with pytest.raises(AssertionError, match="axe needs"):
            assert_accessible(page)


def test_a_page_without_a_title_and_with_pale_words_is_refused(pages: Pages, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text('<html lang="en"><main><h1>A</h1><p style="color:#ccc">pale</p></main>')
    with pytest.raises(AssertionError, match=r"(?s)color-contrast \(serious\).*pale.*document-title"):
        assert_accessible(pages.open(file))


def test_a_page_that_is_too_wide_is_refused(pages: Pages, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text('<p style="width:500px">wide</p>')
    assert_fits(pages.open(file))
    with pytest.raises(AssertionError, match="wider than the window"):
        assert_fits(pages.open(file, width=harness.NARROW))


def test_a_dark_page_is_dark_and_a_printed_one_printed(pages: Pages, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text("<p>x")
    asked = "[matchMedia('(prefers-color-scheme: dark)').matches, matchMedia('print').matches, innerWidth]"
    assert pages.open(file).evaluate(asked) == [False, False, 1280]
    assert pages.open(file, dark=True, print_media=True, width=390).evaluate(asked) == [True, True, 390]


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("<style>p{color:red}</style>", "Content Security Policy"),
        ("<p onclick='x()'>x</p><script>alert(1)</script>", "Content Security Policy"),
        ("<img src=/picture alt=x>", "Content Security Policy"),
    ],
)
def test_what_a_policy_refuses_is_a_complaint(pages: Pages, body: str, complaint: str) -> None:
    with _served(GOOD + body) as address:
        page = pages.open(address)
        assert complaint in " ".join(pages.records[page].complaints)
    with pytest.raises(AssertionError):
        pages.assert_calm()
    pages.records.clear()


@pytest.mark.parametrize(
    ("script", "complaint"), [("console.error('loud')", "loud"), ("throw new Error('thrown')", "thrown")]
)
def test_errors_of_a_page_are_complaints(pages: Pages, tmp_path: Path, script: str, complaint: str) -> None:
    file = tmp_path / "page.html"
    file.write_text(f"<script>{script}</script>")
    page = pages.open(file)
    assert complaint in " ".join(pages.records[page].complaints)
    pages.records.clear()


def test_a_request_to_another_place_is_noticed(pages: Pages) -> None:
    other = "http://127.0.0.1:9/picture.png"
    with _served(f"{GOOD}<img src={other} alt=x>", policy="") as address:
        page = pages.open(address)
        assert pages.records[page].leaving() == [other]
    with pytest.raises(AssertionError):
        pages.assert_calm()
    pages.records.clear()


def test_an_error_page_is_no_complaint_of_its_own(pages: Pages) -> None:
    with _served(GOOD, status=404) as address:
        assert_accessible(pages.open(address))


def test_other_tests_run_their_own_loops_while_the_browser_stays_open(chromium_browser: object) -> None:
    async def answer() -> int:
        await asyncio.sleep(0)
        return 7

    with pytest.raises(RuntimeError):
        asyncio.get_running_loop()
    assert asyncio.run(answer()) == 7
