"""A real browser from the printed address to a table of mitigations, by way of the sandbox's GitHub pages."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn

from reassay.hosted.rules.subject import JobSubject
from tests.hosted.web.browsing import LAB, WebLab
from tests.hosted.web.chromium import FOUND, Chromium, chromium
from tests.hosted.web.test_api import STATUS, UNREADABLE, swept

pytestmark = pytest.mark.skipif(FOUND is None, reason="no Chromium is installed")
PICTURES = os.environ.get("REASSAY_PICTURES", "")
"""A folder for what each page looks like."""
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


def look_at(page: Chromium, name: str) -> None:
    """On a wide and a narrow screen, by day and by night: nothing stands out of the page, and nothing was refused."""
    for width in (1_200, NARROW):
        for dark in (False, True):
            page.look(width=width, dark=dark)
            beyond = page.ask("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert beyond == 0, (name, width)
            if PICTURES:
                page.picture(Path(PICTURES) / f"{name}-{width}-{'dark' if dark else 'light'}.png")
    page.look()
    assert page.complaints == []


def test_from_the_printed_address_to_a_table_in_a_browser(lab: WebLab, tmp_path: Path, free_port: int) -> None:
    lab.settings = lab.settings_on(free_port)
    with lab.serve(operators=("safety-lead",)), served(lab) as base, chromium(tmp_path / "browser") as page:
        page.go(base)
        assert "not set up yet" in page.text
        look_at(page, "closed")
        page.go(lab.web.address)
        assert page.ask("location.href") == f"{base}/setup"
        assert "Create the App on GitHub" in page.text
        look_at(page, "set-up")
        page.press("main form button.main", "/settings/apps/new")
        page.press("form.card button", "/setup")
        assert "The App is created" in page.text
        look_at(page, "done")
        page.press("ol a.button", "/installations/new")
        page.press("form.card button", "/login/oauth/authorize")
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
        page.ask("document.querySelector('select[name=as]').value = 'safety-lead'")
        page.press("form.card button", base)
        assert LAB in page.text
        assert "1 overdue, 3 current" in page.text
        assert "1 part of the register cannot be read" in page.text
        look_at(page, "overview")
        page.press(f"a[href='/repositories/{LAB}']", "/repositories/")
        assert "jailbreak-filter" in page.text
        look_at(page, "repository")
        page.press("nav a[href='/dead-letters']", "/dead-letters")
        look_at(page, "dead-letters")
        page.press("td form button", "/dead-letters")
        page.wait("document.body.innerText.includes('tried 2026')")
        page.press("nav a[href='/docs']", "/docs")
        look_at(page, "docs")
        page.go(f"{base}/nothing")
        look_at(page, "error")
        page.go(base)
        page.press("header form button", base)
        page.wait("document.body.innerText.includes('Sign in with GitHub')")
        look_at(page, "welcome")
