"""Every kind of page of the local GitHub: axe finds nothing on it, and nothing stands out of it, by day and by night."""

from collections.abc import Callable

import pytest

from tests.browser.playwright_pages import NARROW, WIDE, Pages, assert_accessible, assert_fits, screenshot
from tests.gate_lab import API, AUDIO, FILES, GateLab
from tests.lab import Lab

NARROWEST = 320
"""What a page must still fit (WCAG 2.2, 1.4.10)."""


@pytest.fixture
def gate(make_lab: Callable[..., Lab]) -> GateLab:
    return GateLab.of(make_lab(dict(FILES)))


@pytest.mark.long
def test_every_page_of_the_local_github_is_accessible_and_fits(gate: GateLab, pages: Pages) -> None:
    number = gate.propose({API: AUDIO})
    run = gate.judge(number)
    gate.lab.fine()
    repo = f"/{gate.lab.name}"
    paths = {
        "home": "/",
        "code": repo,
        "issues": f"{repo}/issues?state=all",
        "issue": f"{repo}/issues/2",
        "pull": f"{repo}/pull/{number}",
        "run": f"{repo}/runs/{run.id}",
        "file": f"{repo}/blob/main/{API}",
        "commits": f"{repo}/commits/reassay-ledger",
        "tree": f"{repo}/tree/reassay-ledger",
        "missing": "/nothing/here",
    }
    page = pages.new()
    for name, path in paths.items():
        page.goto(f"{gate.lab.box.url}{path}")
        for dark in (False, True):
            page.emulate_media(color_scheme="dark" if dark else "light")
            for width in (NARROWEST, NARROW, WIDE):
                page.set_viewport_size({"width": width, "height": 900})
                assert_fits(page)
                screenshot(page, f"github-{name}-{width}-{'dark' if dark else 'light'}")
            assert_accessible(page, least="minor")
