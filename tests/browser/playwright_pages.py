"""Pages in a real browser: every complaint and request is recorded, and each page can be checked with axe.

Any test may ask for the fixture `pages`. Pictures are written where REASSAY_PICTURES names a folder.
"""

import asyncio
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PICTURES = os.environ.get("REASSAY_PICTURES", "")
WIDE, NARROW, HUGE = 1280, 390, 1920
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
_IMPACTS = ("minor", "moderate", "serious", "critical")
_OPTIONS = {
    "resultTypes": ["violations"],
    "preload": False,
    "rules": {"label-content-name-mismatch": {"enabled": True}},
}
"""The rule that is switched on: a control's name must hold the words that are seen on it (WCAG 2.5.3).

Style sheets are not fetched a second time, which the policy of a page from disk refuses."""
_INLINE = frozenset({"data", "blob", "about"})


@dataclass
class PageRecord:
    """What one page complained of and asked for."""

    complaints: list[str] = field(default_factory=list)
    """Errors of its console and of its code, and what its content security policy refused."""
    requests: list[str] = field(default_factory=list)
    documents: set[str] = field(default_factory=set)
    """The requests that were for a page."""

    def add_message(self, message: "ConsoleMessage") -> None:
        # That an error page is one is no complaint; what a page cannot load is.
        is_of_document = message.text.startswith("Failed to load resource") and (
            message.location.get("url") in self.documents
        )
        if message.type == "error" and not is_of_document:
            self.complaints.append(f"{message.text} ({message.location.get('url')})")

    def add_request(self, request: "Request") -> None:
        self.requests.append(request.url)
        if request.is_navigation_request():
            self.documents.add(request.url)

    def leaving(self, *homes: str) -> list[str]:
        """The requests that went to another place than the first one did, or one of `homes`."""
        places = {_place(url) for url in (*self.requests[:1], *homes)}
        return [url for url in self.requests if urlsplit(url).scheme not in _INLINE and _place(url) not in places]


def _place(url: str) -> tuple[str, str]:
    """The origin, and all files together."""
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


@dataclass
class Pages:
    """Opens pages, each in a context of its own: no cookie and no cache of another."""

    browser: "Browser"
    contexts: ExitStack
    records: "dict[Page, PageRecord]" = field(default_factory=dict)
    homes: list[str] = field(default_factory=list)
    """Addresses where pages may also go, besides that of their first request."""

    def new(
        self, *, width: int = WIDE, dark: bool = False, javascript: bool = True, print_media: bool = False
    ) -> "Page":
        """A blank page."""
        context: BrowserContext = self.browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        self.contexts.callback(context.close)
        page = context.new_page()
        if print_media:
            page.emulate_media(media="print")
        record = self.records[page] = PageRecord()
        page.on("console", record.add_message)
        page.on("pageerror", lambda error: record.complaints.append(str(error)))
        page.on("request", record.add_request)
        return page

    def open(
        self,
        address: str | Path,
        *,
        width: int = WIDE,
        dark: bool = False,
        javascript: bool = True,
        print_media: bool = False,
    ) -> "Page":
        """The page of an address, or of a file."""
        page = self.new(width=width, dark=dark, javascript=javascript, print_media=print_media)
        page.goto(address.as_uri() if isinstance(address, Path) else address)
        return page

    def assert_calm(self) -> None:
        """No page complained, and none asked another place for anything."""
        for page, record in self.records.items():
            assert record.complaints == [], (page.url, record.complaints)
            assert record.leaving(*self.homes) == [], (page.url, record.leaving(*self.homes))


def assert_accessible(page: "Page", *, least: str = "serious") -> None:
    """Fails with a list of what axe finds on the page, from the impact `least` on. No policy of the page binds axe."""
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

    assert page.evaluate("matchMedia('(scripting: enabled)').matches"), "axe needs a page with JavaScript"
    violations = Axe().run(page, options=_OPTIONS).response["violations"]
    counted = _IMPACTS[_IMPACTS.index(least) :]
    findings = [_as_text(violation) for violation in violations if violation["impact"] in counted]
    assert not findings, f"{page.url}\n" + "\n".join(findings)


def _as_text(violation: dict[str, Any]) -> str:
    places = "".join(
        f"\n    {' '.join(str(part) for part in node['target'])}\n      {node['html'][:200]}\n      {_reason(node)}"
        for node in violation["nodes"]
    )
    return f"{violation['id']} ({violation['impact']}): {violation['help']}{places}"


def _reason(node: dict[str, Any]) -> str:
    return "; ".join(check["message"] for kind in ("any", "all", "none") for check in node[kind])


def assert_fits(page: "Page") -> None:
    """Nothing stands out of the page sideways."""
    beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert beyond <= 0, f"{page.url} is {beyond} pixels wider than the window"


def screenshot(page: "Page", name: str) -> None:
    """The whole page as a picture, where a folder is named for it."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


@contextmanager
def _loop_of(browser: "Browser") -> Iterator[None]:
    """Playwright's event loop counts as this thread's running one in the block only, so that other tests can run theirs."""
    loop = browser._loop
    asyncio._set_running_loop(loop)
    try:
        yield
    finally:
        asyncio._set_running_loop(None)


@pytest.fixture(scope="session")
def chromium_browser() -> Iterator["Browser"]:
    """One browser for each process of the test run."""
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed")
    from playwright.sync_api import sync_playwright

    playwright = sync_playwright().start()
    browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=list(ARGUMENTS))
    asyncio._set_running_loop(None)
    yield browser
    with _loop_of(browser):
        browser.close()
        playwright.stop()


@pytest.fixture
def pages(chromium_browser: "Browser") -> Iterator[Pages]:
    """Pages that must have nothing to complain of at the end, and must have stayed where they are."""
    with _loop_of(chromium_browser), ExitStack() as contexts:
        opened = Pages(chromium_browser, contexts)
        yield opened
        opened.assert_calm()
