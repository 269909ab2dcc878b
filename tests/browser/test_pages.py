"""The sandbox's pages: what a person sees, and that nothing untrusted runs there. Chromium's part skips without it."""

import re

import httpx
import pytest

from reassay_sandbox import Sandbox
from reassay_sandbox.sandbox_repository import SandboxRepository
from reassay_sandbox.state import SandboxPull
from tests.browser.playwright_pages import NARROW, WIDE, Pages
from tests.lab import Lab

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1)) <a href='javascript:alert(1)'>y</a> <style>*{display:none}</style>"


@pytest.fixture(autouse=True)
def repo(lab: Lab) -> SandboxRepository:
    lab.fine()
    return lab.repo


def page(box: Sandbox, path: str) -> httpx.Response:
    return httpx.get(f"{box.url}{path}", follow_redirects=True)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/", "example-lab/framework"),
        ("/example-lab/framework", "framework/mitigations.yml"),
        ("/example-lab/framework/issues", "2 open"),
        ("/example-lab/framework/issues?state=closed", "No closed issues"),
        ("/example-lab/framework/issues/1", "Decide by Fri 11 Dec 2026, Berlin."),
        ("/example-lab/framework/blob/main/framework/mitigations.yml", 'id="L4"'),
        ("/example-lab/framework/commits/reassay-ledger", "reassay: 2 opened"),
        ("/example-lab/framework/tree/reassay-ledger", "head.json"),
    ],
)
def test_every_page_shows_what_is_there(box: Sandbox, path: str, words: str) -> None:
    answer = page(box, path)
    assert answer.status_code == 200
    assert words in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path", ["/nothing/here", "/example-lab/framework/issues/99", "/example-lab/framework/blob/main/no", "/a/b/c/d/e"]
)
def test_what_is_not_there_says_so(box: Sandbox, path: str) -> None:
    answer = page(box, path)
    assert (answer.status_code, "Nothing here" in answer.text) == (404, True)


def test_links_from_the_issue_lead_to_the_line_of_the_register(box: Sandbox) -> None:
    html = page(box, "/example-lab/framework/issues/1").text
    link = re.search(r'href="(http[^"]+/blob/[^"]+#L4)"', html)
    assert link
    assert "jailbreak-filter" in httpx.get(link[1]).text


def test_untrusted_text_is_shown_and_never_runs(box: Sandbox, repo: SandboxRepository) -> None:
    number = repo.open_issue_as("auditor", HOSTILE, HOSTILE)
    repo.comment_as("auditor", number, HOSTILE)
    html = page(box, f"/example-lab/framework/issues/{number}").text
    assert "<script" not in html
    assert "<style" not in html
    assert not re.search(r"<[^>]*(onerror|javascript:)", html)
    assert "&lt;script&gt;" in html


def test_a_person_can_conclude_in_the_browser(lab: Lab, box: Sandbox, repo: SandboxRepository) -> None:
    form = {"as": "red-team-lead", "body": "/reassay conclude effective because fine"}
    number = next(issue.number for issue in repo.issues() if "filter" in issue.title)
    answer = httpx.post(f"{box.url}/example-lab/framework/issues/{number}", data=form)
    assert answer.status_code == 303
    lab.fine()
    html = page(box, f"/example-lab/framework/issues/{number}").text
    assert "Closed" in html
    assert "R-2026-00" in html


def test_a_button_of_the_banner_runs_its_action_and_stays_on_this_server(box: Sandbox) -> None:
    pressed: list[str] = []
    box.banner = "It is Tuesday here."
    box.add_page_action("Onwards", lambda: pressed.append("x"))
    assert "It is Tuesday here." in page(box, "/").text
    answer = httpx.post(f"{box.url}/_action", data={"label": "Onwards", "back": "//evil.example/"})
    assert (answer.status_code, answer.headers["location"], pressed) == (303, "/", ["x"])


def test_a_real_browser_draws_the_issue(box: Sandbox, pages: Pages) -> None:
    page = pages.open(f"{box.url}/example-lab/framework/issues/1", javascript=False)
    assert "Decide by Fri 11 Dec 2026" in page.inner_text("main")
    assert page.locator("input[type=checkbox]").count()
    assert "reassay:begin" not in page.content()


def test_a_pull_request_shows_its_change_and_can_be_merged(box: Sandbox, repo: SandboxRepository) -> None:
    repo.commit({"notes.md": b"a note\n"}, branch="notes")
    with box.dispatcher.lock:
        store = box.dispatcher.store
        known = store.find(repo.full_name)
        assert known is not None
        pull = box.dispatcher.actions.open_pull(
            known, store.user("auditor"), "A note", "Read it", SandboxPull("notes", "main")
        )
    shown = page(box, f"/example-lab/framework/pull/{pull.number}").text
    assert "wants to merge notes into main" in shown
    assert "+a note" in shown
    form = {"as": "safety-lead", "do": "merge", "body": ""}
    merged = httpx.post(f"{box.url}/example-lab/framework/issues/{pull.number}", data=form, follow_redirects=True)
    assert "Merged" in merged.text
    assert "Merge pull request" not in merged.text


@pytest.mark.parametrize("width", [320, NARROW, WIDE])
def test_the_list_of_issues_begins_below_what_is_above_it(box: Sandbox, pages: Pages, width: int) -> None:
    shown = pages.open(f"{box.url}/example-lab/framework/issues", width=width)
    link, rows = shown.locator(".tabs .new").bounding_box(), shown.locator(".rows").bounding_box()
    assert link
    assert rows
    assert link["y"] + link["height"] <= rows["y"]
