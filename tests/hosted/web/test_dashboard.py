"""The dashboard in the App: its pages over the wire and in a browser, what has happened since first, and for its readers only."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from reassay.common.errors import UsageError
from reassay.dashboard import site
from reassay.dashboard.values import Dashboard
from reassay.hosted.dashboards import DashboardTable
from reassay.hosted.web.dashboard_pages import DashboardPages
from reassay.hosted.web.headers import DASHBOARDS
from tests.browser.playwright_pages import NARROW, Pages, assert_accessible, assert_fits, screenshot
from tests.hosted.web.browsing import LAB, OTHER, Browser, WebLab, target
from tests.hosted.web.serving import proxy, serving
from tests.hosted.web.test_api import STATUS, UNREADABLE, swept
from tests.unit.dashboard.sample import hostile, sample
from tests.unit.dashboard.sample_values import AT, TODAY

HOME = f"{DASHBOARDS}{LAB}"
API = f"/api/v1{HOME}/dashboard"


def keep(lab: WebLab, dashboard: Dashboard | None = None, name: str = LAB, key: str = "a-key") -> None:
    """As a sweep stores it, on the day that it shows."""
    shown = dashboard or sample()
    DashboardTable(lab.database).keep(lab.id_of(name), key, shown, AT)


@pytest.fixture
def person(ready: WebLab) -> Browser:
    """Somebody who may read the repository, on the day that the sample shows."""
    ready.box.clock.move_to(AT)
    return ready.signed_in("safety-lead")


def test_every_file_is_served_below_the_repository_with_strict_headers(ready: WebLab, person: Browser) -> None:
    keep(ready)
    assert target(person.get(HOME)) == f"{HOME}/"
    paths = site.Site(sample().model_copy(update={"verdicts": ()})).paths()
    assert len(paths) > 20
    for path in ("", *paths):
        answer = person.get(f"{HOME}/{path}")
        assert answer.status_code == 200, path
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none';")
        assert ("script-src 'self';" in policy) == (not path.endswith(".svg"))
        assert ("unsafe" in policy) == path.endswith(".svg")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
    assert "script-src" not in person.get("/").headers["content-security-policy"]
    assert person.get(f"{HOME}/").text == person.get(f"{HOME}/index.html").text
    assert person.get(f"{HOME}/calendar.ics").headers["content-type"].startswith("text/calendar")


@pytest.mark.parametrize(
    "path", ["nothing", "subjects/nothing.html", "pictures/nothing.svg", "../other", "%2e%2e/x", "index.html/"]
)
def test_another_path_is_not_found(ready: WebLab, person: Browser, path: str) -> None:
    keep(ready)
    assert person.get(f"{HOME}/{path}").status_code == 404


def test_the_page_has_the_ways_of_the_app_and_its_own_visitor(ready: WebLab, person: Browser) -> None:
    keep(ready)
    page = person.get(f"{HOME}/").text
    assert 'href="/docs"' in page
    assert "Dead letters" not in page
    assert "safety-lead" in page
    other = ready.signed_in("red-team-lead").get(f"{HOME}/").text
    forms = [text.partition('name="form" value="')[2].partition('"')[0] for text in (page, other)]
    assert all(forms)
    assert forms[0] != forms[1]
    assert person.post("/sign-out", data={"form": forms[1]}).status_code == 403
    assert person.post("/sign-out", data={"form": forms[0]}).status_code == 303


def test_without_a_dashboard_the_cells_of_the_last_sweep_are_shown_and_why(ready: WebLab, person: Browser) -> None:
    swept(ready, UNREADABLE)
    for path in (HOME, f"{HOME}/"):
        page = person.get(path).text
        assert "1 part of the register cannot be read, and is not watched" in page
        assert "could not be made" not in page
    assert person.get(f"{HOME}/cells.html").status_code == 404
    DashboardTable(ready.database).fail(ready.id_of(LAB), "a-key", "this dashboard has 40 MB <b>.")
    page = person.get(HOME).text
    assert "The dashboard could not be made:</strong> this dashboard has 40 MB &lt;b&gt;." in page
    assert "<td>jailbreak-filter</td>" in page
    answer = person.get(API)
    assert (answer.status_code, "40 MB" in answer.json()["error"]["message"]) == (404, True)


def test_what_has_happened_since_is_first_on_the_page_and_in_the_api(ready: WebLab, person: Browser) -> None:
    keep(ready)

    def problems() -> list[tuple[str, str]]:
        found = [(own["what"], own["why"]) for own in person.get(API).json()["problems"]]
        page = person.get(f"{HOME}/").text
        assert all(word in page for what, _ in found for word in what.split())
        return found

    before = problems()
    assert len(before) == len(sample().problems)
    swept(ready, STATUS, ({"what": "issue #4", "message": "GitHub answered 502"},))
    assert problems()[0] == ("issue #4", "The last sweep did not finish: GitHub answered 502.")
    DashboardTable(ready.database).fail(ready.id_of(LAB), "next-key", "an internal error occurred.")
    assert [what for what, _ in problems()[:2]] == ["this dashboard", "issue #4"]
    why = problems()[0][1]
    assert why.startswith("It is of an earlier sweep (2026-11-30 14:02 UTC)")
    assert why.endswith("because an internal error occurred.")
    keep(ready, key="next-key")
    swept(ready)
    assert problems() == before


def test_a_dashboard_of_yesterday_says_that_no_sweep_has_run_since(ready: WebLab, person: Browser) -> None:
    keep(ready)
    early = ready.box.clock.now().replace(hour=23, minute=0) + timedelta(hours=1)
    for later, is_said in ((early + timedelta(hours=1), False), (early + timedelta(hours=4), True)):
        ready.box.clock.move_to(later)
        page = ready.signed_in("safety-lead").get(f"{HOME}/").text
        assert ("no sweep has read the repository since then" in page) == is_said
    assert AT.date() == TODAY


def test_a_deadline_that_has_passed_since_is_said(ready: WebLab) -> None:
    first, *others = sample().cells
    keep(
        ready,
        sample().model_copy(update={"cells": (first.model_copy(update={"due_at": AT + timedelta(hours=2)}), *others)}),
    )
    for hours, is_said in ((1, False), (2, True)):
        ready.box.clock.move_to(AT + timedelta(hours=hours))
        page = ready.signed_in("safety-lead").get(f"{HOME}/").text
        assert ("a deadline has passed since then: Mon 30 Nov 2026 16:02 UTC." in page) == is_said


def test_what_another_version_stored_is_said_to_be_unreadable(ready: WebLab, person: Browser) -> None:
    swept(ready)
    keep(ready)
    ready.database.run("update reassay_dashboards set document = %s", (b"nonsense",))
    page = person.get(HOME).text
    assert "cannot be read by this version of reassay" in page
    assert "<td>jailbreak-filter</td>" in page


@pytest.mark.long
def test_a_dashboard_is_read_once_and_a_picture_drawn_once(
    ready: WebLab, person: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(ready)
    drawn: list[str] = []
    read: list[str] = []
    draw, document = DashboardPages._drawn, DashboardTable.document

    def counted(dashboard: Dashboard, path: str) -> bytes:
        drawn.append(path)
        return draw(dashboard, path)

    def counted_document(self: DashboardTable, repository: int, key: str) -> Any:  # noqa: ANN401 -- as it is
        read.append(key)
        return document(self, repository, key)

    monkeypatch.setattr(DashboardPages, "_drawn", staticmethod(counted))
    monkeypatch.setattr(DashboardTable, "document", counted_document)
    first = person.get(f"{HOME}/pictures/states.svg")
    assert first.content.startswith(b"<svg ")
    assert person.get(f"{HOME}/pictures/states.svg").content == first.content
    assert (drawn, read) == (["pictures/states.svg"], ["a-key"])
    keep(ready, key="another-key")
    person.get(f"{HOME}/pictures/states.svg")
    assert (len(drawn), read) == (2, ["a-key", "another-key"])


@pytest.mark.long
def test_a_picture_that_cannot_be_drawn_says_why(
    ready: WebLab, person: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(ready)

    def broken(_dashboard: Dashboard, _name: str) -> bytes:
        raise UsageError("Matplotlib is broken.")

    monkeypatch.setattr("reassay.dashboard.site.picture", broken)
    answer = person.get(f"{HOME}/pictures/states.svg")
    assert (answer.status_code, "Matplotlib is broken" in answer.text) == (503, True)


@pytest.mark.long
def test_parts_of_pages_do_not_use_up_the_requests_of_a_person(ready: WebLab, person: Browser) -> None:
    keep(ready)
    assert {person.get(f"{HOME}/dashboard.css").status_code for _ in range(130)} == {200}
    assert person.get(f"{HOME}/").status_code == 200


@pytest.mark.long
def test_hostile_texts_are_inert(ready: WebLab, person: Browser) -> None:
    keep(ready, hostile())
    for path in ("", "cells.html", "timeline.html", "incidents.html"):
        page = person.get(f"{HOME}/{path}").text
        assert "<script>" not in page
        assert 'href="javascript:' not in page
    assert person.get(f"{HOME}/dashboard.json").headers["content-type"] == "application/json"


@pytest.mark.long
def test_the_api_gives_the_document(ready: WebLab, person: Browser) -> None:
    assert person.get(API).status_code == 404
    keep(ready)
    document = person.get(API).json()
    assert document == person.get(f"{HOME}/dashboard.json").json()
    assert document["schema"] == "reassay/dashboard/v1"
    assert Dashboard.model_validate_json(person.get(API).text).cells == sample().cells


PATHS = (
    "",
    "/",
    "/index.html",
    "/cells.html",
    "/pictures/states.svg",
    "/calendar.ics",
    "/dashboard.json",
    "/dashboard.css",
)


@pytest.mark.long
def test_strangers_get_nothing_and_others_what_they_get_for_what_is_not_there(ready: WebLab) -> None:
    ready.add_other()
    ready.box.clock.move_to(AT)
    person, stranger = ready.signed_in("safety-lead"), ready.browser("203.0.113.7")
    # The same before there is a dashboard and after it.
    for _ in range(2):
        for path in (*(f"{DASHBOARDS}{{}}{path}" for path in PATHS), "/api/v1/repositories/{}/dashboard"):
            hidden, absent = (person.get(path.format(name)) for name in (OTHER, "nobody/nothing"))
            assert (hidden.status_code, hidden.text, hidden.headers) == (404, absent.text, absent.headers), path
            assert stranger.get(path.format(LAB)).status_code == 401
        keep(ready, name=OTHER)
    assert ready.signed_in("release-manager").get(f"{DASHBOARDS}{OTHER}/").status_code == 200
    assert ready.signed_in("release-manager").get(f"{HOME}/").status_code == 404


@pytest.mark.long
def test_no_cache_leads_from_one_repository_to_another(ready: WebLab) -> None:
    ready.add_other()
    ready.box.clock.move_to(AT)
    mine, theirs = sample(), sample().model_copy(update={"repository": OTHER, "url": "", "cells": sample().cells[:1]})
    keep(ready, mine)
    keep(ready, theirs, OTHER)
    answers: dict[str, list[httpx.Response]] = {}
    for login, name in (("safety-lead", LAB), ("release-manager", OTHER), ("safety-lead", LAB)):
        browser = ready.signed_in(login)
        answers.setdefault(name, []).extend(
            browser.get(f"{DASHBOARDS}{name}/{path}") for path in ("", "pictures/states.svg")
        )
    assert OTHER not in answers[LAB][0].text
    assert LAB not in answers[OTHER][0].text
    assert answers[LAB][1].content == answers[LAB][3].content != answers[OTHER][1].content


@pytest.mark.long
def test_whoever_loses_the_repository_loses_its_dashboard(ready: WebLab, person: Browser) -> None:
    keep(ready)
    assert person.get(f"{HOME}/cells.html").status_code == 200
    ready.box.dispatcher.store.repos[LAB].collaborators.clear()
    ready.box.clock.advance(timedelta(minutes=11))
    assert target(person.get(f"{HOME}/cells.html")) == f"/sign-in?to={HOME}/cells.html"
    back = ready.sign_in(person, "safety-lead", f"{HOME}/cells.html")
    assert target(back) == f"{HOME}/cells.html"
    assert person.get(f"{HOME}/cells.html").status_code == 404


@pytest.mark.long
def test_a_token_shows_the_dashboard_of_what_it_may_read(ready: WebLab) -> None:
    ready.add_other()
    ready.box.clock.move_to(AT)
    keep(ready)
    keep(ready, name=OTHER)
    rights = {"metadata": "read", "contents": "read"}
    headers = {"authorization": f"Bearer {ready.box.token('safety-lead', LAB, permissions=rights)}"}
    browser = ready.browser("203.0.113.7")
    assert browser.get(f"{HOME}/calendar.ics", headers=headers).text.startswith("BEGIN:VCALENDAR")
    for path in PATHS:
        assert browser.get(f"{DASHBOARDS}{OTHER}{path}", headers=headers).status_code == 404
    assert browser.get(API.replace(LAB, OTHER), headers=headers).status_code == 404


@contextmanager
def below_a_path(lab: WebLab) -> Iterator[str]:
    """A real server behind a proxy, below a path; the address of the dashboard."""
    app = lab.made()
    with proxy(lab.settings.port) as outside:
        public = f"http://127.0.0.1:{outside}/reassay"
        (there,) = lab.box.dispatcher.apps.values()
        there.callback_urls = (f"{public}/sign-in/callback",)
        from dataclasses import replace

        settings = replace(lab.settings, public_url=public, app=app, concurrency=0)
        lab.install(app.id, LAB)
        with serving(lab.box, lab.database, settings):
            yield f"{public}{HOME}"


@pytest.mark.long
def test_in_a_browser_below_a_path_nothing_is_refused_and_it_can_be_left(
    lab: WebLab, free_port: int, pages: Pages
) -> None:
    lab.settings = lab.settings_on(free_port)
    lab.box.clock.move_to(AT)
    with below_a_path(lab) as home:
        keep(lab)
        page = pages.new()
        page.goto(home.replace(HOME, f"/sign-in?to={HOME}"))
        page.select_option("select[name=as]", "safety-lead")
        page.click("form.card button")
        page.wait_for_url(f"{home}/")
        # What the sandbox's own page asked for is not looked at.
        pages.records[page].requests[:] = [home]
        pages.records[page].complaints.clear()
        # A verdict is a page of its own table (test_verdicts).
        for path in site.Site(sample()).paths():
            if path.endswith(".html") and not path.startswith("verdicts/"):
                page.goto(f"{home}/{path}")
                for picture in page.locator("img").all():
                    picture.scroll_into_view_if_needed()
                    page.wait_for_function("img => img.complete && img.naturalWidth > 0", arg=picture.element_handle())
        assert pages.records[page].complaints == []
        page.goto(f"{home}/")
        for width in (1280, NARROW):
            page.set_viewport_size({"width": width, "height": 900})
            assert_fits(page)
            screenshot(page, f"app-dashboard-{width}")
        assert_accessible(page)
        page.set_viewport_size({"width": 1280, "height": 900})
        page.click("text=Sign out")
        page.wait_for_selector("text=Sign in with GitHub")
        page.close()
        assert httpx.get(f"{home}/").status_code == 401


@pytest.mark.long
def test_files_are_those_of_the_report(ready: WebLab, person: Browser, tmp_path: Path) -> None:
    """Only the frame and the header differ: a picture, the calendar and the style sheet are the same bytes."""
    keep(ready)
    shown = site.Site(sample())
    for path in ("pictures/timeline.svg", "calendar.ics", "dashboard.css", "dashboard.js"):
        file = shown.file(path)
        assert file is not None
        assert person.get(f"{HOME}/{path}").content == file.content
