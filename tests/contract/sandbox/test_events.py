"""What is told when something happens: the names, actions and fields of GitHub's webhooks."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from reassay_sandbox import Sandbox
from reassay_sandbox.sandbox_repository import SandboxRepository
from tests.contract import description

Told = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def repo(box: Sandbox) -> SandboxRepository:
    for login in ("safety-lead", "auditor"):
        box.add_user(login)
    return box.add_repo("lab/framework", files={"README.md": b"x"}, collaborators={"safety-lead": "admin"})


@pytest.fixture
def told(box: Sandbox, repo: SandboxRepository) -> Told:
    """After the repository was made."""
    found: Told = []
    box.on_event(lambda name, payload: found.append((name, payload)))
    return found


def names(told: Told) -> list[str]:
    return [f"{name}.{payload['action']}" if "action" in payload else name for name, payload in told]


def test_an_issue_tells_of_labels_edits_and_its_end(repo: SandboxRepository, told: Told) -> None:
    number = repo.open_issue_as("safety-lead", "A title")
    repo.label_as("safety-lead", number, "due")
    repo.edit_as("safety-lead", number, title="Another")
    comment = repo.comment_as("safety-lead", number, "hello")
    repo.delete_comment_as("safety-lead", number, comment)
    repo.unlabel_as("safety-lead", number, "due")
    repo.delete_issue(number)
    assert names(told) == [
        "issues.opened", "issues.labeled", "issues.edited", "issue_comment.created", "issue_comment.deleted",
        "issues.unlabeled", "issues.deleted",
    ]  # fmt: skip
    assert told[1][1]["label"]["name"] == "due"
    assert told[2][1]["changes"] == {"title": {"from": "A title"}}


def test_a_pull_request_tells_of_each_step(repo: SandboxRepository, told: Told) -> None:
    repo.commit({"a": b"1"}, branch="change")
    repo.commit({"b": b"1"}, branch="release")
    number = repo.open_pull_as("safety-lead", "change", draft=True)
    repo.draft_as("safety-lead", number, draft=False)
    repo.edit_as("safety-lead", number, body="why")
    repo.retarget_as("safety-lead", number, "release")
    repo.commit({"a": b"2"}, branch="change")
    repo.review_as("auditor", number)
    repo.close_as("safety-lead", number)
    repo.reopen_as("safety-lead", number)
    repo.merge_as("safety-lead", number)
    repo.delete_branch_as("safety-lead", "change")
    assert names(told)[2:] == [
        "pull_request.opened", "pull_request.ready_for_review", "pull_request.edited", "pull_request.edited",
        "pull_request.synchronize", "push", "pull_request_review.submitted", "pull_request.closed",
        "pull_request.reopened", "pull_request.closed", "push", "push",
    ]  # fmt: skip
    assert told[5][1]["changes"]["base"]["ref"] == {"from": "main"}


def test_a_push_says_where_the_branch_was_and_is(repo: SandboxRepository, told: Told) -> None:
    start = repo.head()
    first = repo.commit({"a": b"1"})
    made = repo.commit({"a": b"2"}, branch="change")
    repo.push_over("change", first, "safety-lead")
    repo.delete_branch_as("safety-lead", "change")
    nowhere = "0" * 40
    seen = [(each["before"], each["after"], each["created"], each["forced"], each["deleted"]) for _, each in told]
    assert seen == [
        (start, first, False, False, False),
        (nowhere, made, True, False, False),
        (made, first, False, True, False),
        (first, nowhere, False, False, True),
    ]


def test_a_repository_tells_of_its_name_visibility_archive_people_and_end(
    box: Sandbox, repo: SandboxRepository, told: Told
) -> None:
    repo.allow("auditor", "read")
    repo.allow("auditor", "write")
    repo.allow("auditor", None)
    repo.set_private(private=False)
    repo.set_archived(True)
    box.rename("lab/framework", "lab/register")
    box.rename("lab/register", "elsewhere/register")
    assert box.repo("lab/framework").head()
    box.delete("elsewhere/register")
    assert names(told) == [
        "member.added", "member.edited", "member.removed", "repository.publicized", "repository.archived",
        "repository.renamed", "repository.transferred", "repository.deleted",
    ]  # fmt: skip
    assert told[5][1]["changes"] == {"repository": {"name": {"from": "framework"}}}
    assert len({payload["repository"]["id"] for _, payload in told}) == 1


def test_a_repository_that_moves_to_another_owner_is_lost_to_the_installation(
    box: Sandbox, repo: SandboxRepository
) -> None:
    app = box.add_app("own", "", repo.full_name, {"metadata": "read"})
    (where,) = box.dispatcher.apps[app].installations.values()
    box.rename("lab/framework", "elsewhere/framework")
    assert where.repositories == set()


def test_whatever_is_said_moves_the_time_of_the_last_change(box: Sandbox, repo: SandboxRepository) -> None:
    number = repo.open_issue_as("safety-lead", "x")
    comment = repo.comment_as("safety-lead", number, "hello")
    issue = box.dispatcher.store.repos["lab/framework"].issues[number]
    acts: list[Callable[[], object]] = [
        lambda: repo.edit_comment_as("safety-lead", number, comment, "other words"),
        lambda: repo.delete_comment_as("safety-lead", number, comment),
        lambda: repo.label_as("safety-lead", number, "due"),
        lambda: repo.edit_as("safety-lead", number, body="y"),
        lambda: repo.close_as("safety-lead", number),
    ]
    for act in acts:
        box.clock.advance(timedelta(minutes=1))
        act()
        assert issue.updated_at == box.clock.now()


@pytest.mark.skipif(not description.is_there(), reason=description.REASON)
def test_every_event_that_is_told_has_githubs_name_and_fields(
    box: Sandbox, repo: SandboxRepository, told: Told
) -> None:
    test_an_issue_tells_of_labels_edits_and_its_end(repo, told)
    told.clear()
    test_a_pull_request_tells_of_each_step(repo, told)
    repo.check_as("safety-lead", "build", repo.head() or "")
    repo.press_as("safety-lead", repo.checks()[-1].id, "rerequest")
    repo.commit({"c": b"1"}, branch="queued")
    repo.enqueue_as("safety-lead", repo.open_pull_as("safety-lead", "queued"))
    repo.allow("auditor", "read")
    box.rename(repo.full_name, "lab/register")
    assert {problem for name, payload in told if (problem := lacking(name, payload))} == set()


@pytest.mark.skipif(not description.is_there(), reason=description.REASON)
def test_every_delivery_about_an_installation_has_githubs_name_and_fields(
    box: Sandbox, repo: SandboxRepository
) -> None:
    box.add_repo("lab/other", files={})
    app = box.add_app("own", "", repo.full_name, {"metadata": "read"}, hook_url="http://127.0.0.1:9/webhook")
    number = box.install(app, "lab/other")
    box.take_away(app, "lab/other")
    box.suspend(app, number)
    box.suspend(app, number, suspended=False)
    box.grant(app, number, {"metadata": "read", "issues": "write"})
    box.uninstall(app, number)
    box.hooks.settle()
    sent = [(each.event, json.loads(each.body)) for each in box.hooks.attempts]
    assert names(sent) == [
        "installation.created", "installation_repositories.added", "installation_repositories.removed",
        "installation.suspend", "installation.unsuspend", "installation.new_permissions_accepted", "installation.deleted",
    ]  # fmt: skip
    assert {problem for name, payload in sent if (problem := lacking(name, payload))} == set()


def lacking(name: str, payload: dict[str, Any]) -> str:
    """What GitHub says is always there and is not."""
    key = (f"{name}-{payload['action']}" if "action" in payload else name).replace("_", "-")
    described = description.webhooks()
    missing = sorted(described[key] - set(payload)) if key in described else ["no such event"]
    return f"{key}: {missing}" if missing else ""
