"""A real browser from the printed address to a table of mitigations, by way of the sandbox's GitHub pages."""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
import uvicorn

from reassay.hosted.rules.subject import JobSubject
from tests.browser.playwright_pages import Pages, assert_accessible, assert_fits, screenshot
from tests.hosted.web.browsing import LAB, WebLab
from tests.hosted.web.test_api import STATUS, UNREADABLE, swept

if TYPE_CHECKING:
    from playwright.sync_api import Page

NARROW = 360


@contextmanager
def served(lab: WebLab) -> Iterator[str]:
    """On a port of its own, over real HTTP."""
    config = uvicorn.Config(
        lab.web.app,
        host="127.0.0.1",
        port=lab.settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield lab.settings.base_url
    finally:
        server.should_exit = True
        thread.join()


def look_at(page: "Page", name: str) -> None:
    """On a wide and a narrow screen, by day and by night: nothing stands out of the page, and axe finds nothing."""
    for dark in (False, True):
        page.emulate_media(color_scheme="dark" if dark else "light")
        for width in (NARROW, 1_200):
            page.set_viewport_size({"width": width, "height": 900})
            assert_fits(page)
            screenshot(page, f"{name}-{width}-{'dark' if dark else 'light'}")
        assert_accessible(page, least="minor")
    page.emulate_media(color_scheme="light")


def press(page: "Page", selector: str, lands: str) -> None:
    """Clicks, and waits until the address holds `lands`."""
    with page.expect_navigation(url=re.compile(re.escape(lands))):
        page.click(selector)


@pytest.mark.long
def test_from_the_printed_address_to_a_table_in_a_browser(lab: WebLab, pages: Pages, free_port: int) -> None:
    lab.settings = lab.settings_on(free_port)
    with lab.serve(operators=("safety-lead",)), served(lab) as base:
        pages.homes.append(lab.box.url)
        page = pages.open(base)
        assert "not set up yet" in page.inner_text("body")
        look_at(page, "closed")
        page.goto(lab.web.address)
        assert page.url == f"{base}/setup"
        assert "Create the App on GitHub" in page.inner_text("body")
        look_at(page, "set-up")
        press(page, "main form button.main", "/settings/apps/new")
        press(page, "form.card button", "/setup")
        assert "The App is created" in page.inner_text("body")
        look_at(page, "done")
        press(page, "ol a.button", "/installations/new")
        press(page, "form.card button", "/login/oauth/authorize")
        app = lab.web.dependencies.current.app
        assert app is not None
        number = next(iter(lab.box.dispatcher.apps[app.id].installations))
        now = lab.box.clock.now()
        lab.database.run(
            "insert into reassay_installations (id, account, seen_at) values (%s, 'example-lab', %s)", (number, now)
        )
        lab.database.run(
            "insert into reassay_repositories (id, installation_id, full_name, next_sweep_at) values (%s, %s, %s, %s)",
            (lab.id_of(LAB), number, LAB, now),
        )
        cell = STATUS["cells"][0]
        more = [
            cell
            | {
                "deployment": f"a-deployment-with-a-rather-long-name-{at}",
                "state": "current",
                "reason": "6 months since the last decision, which was effective, judged",
            }
            for at in range(3)
        ]
        swept(
            lab,
            UNREADABLE | {"cells": [cell, *more], "summary": {"overdue": 1, "current": 3}},
            ({"what": "issue #4", "message": "GitHub answered 502"},),
        )
        letter = JobSubject(lab.id_of(LAB), "pull", 5)
        lab.database.run(
            "insert into reassay_dead_letters (kind, key, repository_id, reason, at) values ('job', %s, %s, 'GitHub finds nothing there (a reason that takes a line or two to tell).', %s)",
            (f"{letter.repository}/{letter.text}", letter.repository, now),
        )
        page.select_option("select[name=as]", "safety-lead")
        press(page, "form.card button", base)
        assert LAB in page.inner_text("body")
        assert "1 overdue, 3 current" in page.inner_text("body")
        assert "1 part of the register cannot be read" in page.inner_text("body")
        look_at(page, "overview")
        press(page, f"a[href='/repositories/{LAB}']", "/repositories/")
        assert "jailbreak-filter" in page.inner_text("body")
        look_at(page, "repository")
        press(page, "nav a[href='/dead-letters']", "/dead-letters")
        look_at(page, "dead-letters")
        press(page, "td form button", "/dead-letters")
        page.wait_for_selector("text=tried 2026")
        press(page, "nav a[href='/docs']", "/docs")
        look_at(page, "docs")
        page.goto(f"{base}/nothing")
        look_at(page, "error")
        page.goto(base)
        press(page, "header form button", base)
        page.wait_for_selector("text=Sign in with GitHub")
        look_at(page, "welcome")
