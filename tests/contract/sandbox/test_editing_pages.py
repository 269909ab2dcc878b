"""What people do on the pages of the local GitHub: open issues, edit files, post a command that the bot proposes."""

from types import SimpleNamespace

import httpx
import pytest

from reassay_sandbox import Sandbox
from reassay_sandbox.demo.suggested_commands import SuggestedCommand, proposed
from reassay_sandbox.sandbox_repository import SandboxRepository


@pytest.fixture
def repo(box: Sandbox) -> SandboxRepository:
    box.add_user("safety-lead")
    files = {"framework/m.yml": b"every: 1 year\n"}
    return box.add_repo("lab/framework", files=files, collaborators={"safety-lead": "write"}, labels=["incident"])


def test_an_issue_is_opened_with_a_label(box: Sandbox, repo: SandboxRepository) -> None:
    where = f"{box.url}/lab/framework/issues/new"
    assert "<option>incident</option>" in httpx.get(where).text
    httpx.post(where, data={"as": "safety-lead", "title": "It got past", "label": "incident"})
    (issue,) = repo.issues()
    assert (issue.title, issue.labels, issue.author) == ("It got past", ("incident",), "safety-lead")


def test_a_file_is_edited_on_main_or_in_a_pull_request(box: Sandbox, repo: SandboxRepository) -> None:
    where = f"{box.url}/lab/framework/edit/main/framework/m.yml"
    assert "every: 1 year" in httpx.get(where).text
    form = {"as": "safety-lead", "text": "every: 2 years\r\n", "message": "Looser"}
    httpx.post(where, data=form | {"to": "pull"})
    assert repo.read("main", "framework/m.yml") == b"every: 1 year\n"
    (pull,) = repo.pulls()
    assert pull.title == "Looser"
    assert f"#{pull.number}" in httpx.get(f"{box.url}/lab/framework/issues?state=pulls").text
    httpx.post(where, data=form | {"to": "main"})
    assert repo.read("main", "framework/m.yml") == b"every: 2 years\n"
    assert httpx.get(f"{box.url}/lab/framework/edit/main/nothing").status_code == 404


def test_a_comment_can_be_filled_in_by_an_address(box: Sandbox, repo: SandboxRepository) -> None:
    number = repo.open_issue_as("safety-lead", "x")
    address = f"{box.url}/lab/framework/issues/{number}"
    text = httpx.get(address, params={"as": "safety-lead", "say": "</textarea><script>"}).text
    assert "&lt;/textarea&gt;&lt;script&gt;" in text
    assert "<option selected>safety-lead</option>" in text


def test_commands_are_taken_from_the_last_list_of_the_bot() -> None:
    bot, person = SimpleNamespace(is_bot=True), SimpleNamespace(is_bot=False)
    comments = [
        SimpleNamespace(
            body="- @\u2060a or @b: `/reassay signoff 1 e01db6c` · `/reassay answer 2: <your words>`", author=bot
        ),
        SimpleNamespace(body="- @c: `/reassay override because I say so`", author=person),
        SimpleNamespace(body="Recorded.", author=None),
    ]
    issue = SimpleNamespace(body="- @d: `/reassay conclude effective because ...`", comments=comments)
    commands = proposed(issue)  # type: ignore[arg-type] # as much of an issue as it reads
    assert commands == (
        SuggestedCommand("a", "/reassay signoff 1 e01db6c"),
        SuggestedCommand("a", "/reassay answer 2: <your words>"),
    )
    assert [command.is_complete for command in commands] == [True, False]
    comments.clear()
    assert proposed(issue) == (SuggestedCommand("d", "/reassay conclude effective because ..."),)  # type: ignore[arg-type] # same


def test_pages_are_framed_by_this_server_only_where_that_is_switched_on(box: Sandbox, repo: SandboxRepository) -> None:
    address = f"{box.url}/lab/framework"
    assert repo.full_name == "lab/framework"
    assert "frame-ancestors 'none'" in httpx.get(address).headers["content-security-policy"]
    box.dispatcher.pages.framed = True
    assert "frame-ancestors 'self'" in httpx.get(address).headers["content-security-policy"]
