"""Buttons under a check run: GitHub's limits, and whom a press is told to."""

from typing import Any

import httpx
import pytest

from reassay_sandbox import Sandbox
from reassay_sandbox.sandbox_repository import SandboxRepository

MUTATION = "mutation M($input: CreateCheckRunInput!) { createCheckRun(input: $input) { checkRun { databaseId } } }"
BUTTON = {"label": "Judge again", "identifier": "re-evaluate", "description": "Reads everything anew"}


@pytest.fixture
def repo(box: Sandbox) -> SandboxRepository:
    box.add_user("safety-lead")
    return box.add_repo("lab/framework", files={"README.md": b"x"}, collaborators={"safety-lead": "write"})


def publish(
    box: Sandbox, repo: SandboxRepository, token: str, head: str, actions: list[dict[str, str]]
) -> dict[str, Any]:
    number = box.dispatcher.store.repos[repo.full_name].id
    wanted = {"repositoryId": f"R_{number}", "name": "gate", "headSha": head, "conclusion": "SUCCESS",
              "actions": actions}  # fmt: skip
    headers = {"authorization": f"bearer {token}", "user-agent": "test"}
    answer = httpx.post(
        f"{box.url}/api/graphql", json={"query": MUTATION, "variables": {"input": wanted}}, headers=headers
    )
    found: dict[str, Any] = answer.json()
    return found


def test_a_press_is_told_with_the_pull_request_it_is_about(box: Sandbox, repo: SandboxRepository) -> None:
    box.add_bot("own")
    head = repo.commit({"a": b"1"}, branch="change")
    number = repo.open_pull_as("safety-lead", "change")
    token = box.token("own[bot]", repo.full_name, permissions={"checks": "write"})
    told: list[tuple[str, dict[str, Any]]] = []
    box.on_event(lambda name, payload: told.append((name, payload)))
    check = publish(box, repo, token, head, [BUTTON])["data"]["createCheckRun"]["checkRun"]["databaseId"]
    repo.press_as("safety-lead", check, "re-evaluate")
    repo.press_as("safety-lead", check, "rerequest")
    assert [(name, payload["action"]) for name, payload in told] == [
        ("check_run", "created"),
        ("check_run", "completed"),
        ("check_run", "requested_action"),
        ("check_run", "rerequested"),
    ]
    pressed = told[2][1]
    assert pressed["requested_action"] == {"identifier": "re-evaluate"}
    assert (pressed["check_run"]["id"], pressed["check_run"]["head_sha"]) == (check, head)
    assert [each["number"] for each in pressed["check_run"]["pull_requests"]] == [number]
    assert pressed["sender"]["login"] == "safety-lead"
    with pytest.raises(LookupError, match="something-else"):
        repo.press_as("safety-lead", check, "something-else")


def test_the_button_is_on_the_pages_and_works_there(box: Sandbox, repo: SandboxRepository) -> None:
    box.add_bot("own")
    head = repo.commit({"a": b"1"}, branch="change")
    number = repo.open_pull_as("safety-lead", "change")
    token = box.token("own[bot]", repo.full_name, permissions={"checks": "write"})
    check = publish(box, repo, token, head, [BUTTON])["data"]["createCheckRun"]["checkRun"]["databaseId"]
    where = f"{box.url}/lab/framework/runs/{check}"
    assert "Judge again" in httpx.get(f"{box.url}/lab/framework/pull/{number}").text
    assert "Judge again" in httpx.get(where).text
    told: list[str] = []
    box.on_event(lambda _name, payload: told.append(payload["action"]))
    for button in ("re-evaluate", "rerequest"):
        assert httpx.post(where, data={"as": "safety-lead", "do": button}).status_code == 303
    assert httpx.post(where, data={"as": "safety-lead", "do": "made-up"}).status_code == 404
    assert told == ["requested_action", "rerequested"]


@pytest.mark.parametrize(
    "actions",
    [
        [BUTTON] * 4,
        [BUTTON | {"label": "x" * 21}],
        [BUTTON | {"identifier": "x" * 21}],
        [BUTTON | {"description": "x" * 41}],
    ],
)
def test_more_than_github_takes_is_refused(
    box: Sandbox, repo: SandboxRepository, actions: list[dict[str, str]]
) -> None:
    box.add_bot("own")
    token = box.token("own[bot]", repo.full_name, permissions={"checks": "write"})
    answer = publish(box, repo, token, repo.head() or "", actions)
    assert "too many, or too long" in answer["errors"][0]["message"]
    assert repo.checks() == ()
