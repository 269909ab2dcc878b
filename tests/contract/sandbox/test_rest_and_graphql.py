"""The sandbox through the very clients that are used on GitHub: PyGithub, git, and plain HTTP."""

import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import github
import httpx
import pytest

from reassay_sandbox import Sandbox
from reassay_sandbox.sandbox_repository import SandboxRepository

NAME = "example-lab/framework"
HEADERS = {"X-GitHub-Api-Version": "2022-11-28", "User-Agent": "test"}


@pytest.fixture
def repo(box: Sandbox) -> SandboxRepository:
    box.add_user("safety-lead")
    box.add_user("stranger")
    box.add_bot("reassay")
    return box.add_repo(NAME, files={"a.txt": b"one\n"}, collaborators={"safety-lead": "write"})


@pytest.fixture
def token(box: Sandbox, repo: SandboxRepository) -> str:
    return box.token("reassay[bot]", NAME, permissions={"issues": "write", "contents": "write"})


@pytest.fixture
def client(box: Sandbox, token: str) -> Iterator[github.Github]:
    with github.Github(
        auth=github.Auth.Token(token),
        base_url=box.api_url,
        retry=None,
        seconds_between_requests=None,
        seconds_between_writes=None,
        api_version="2022-11-28",
    ) as made:
        yield made


@pytest.fixture
def http(box: Sandbox, token: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=box.api_url, headers={**HEADERS, "Authorization": f"Bearer {token}"}) as made:
        yield made


def test_pygithub_can_live_with_it(client: github.Github, repo: SandboxRepository) -> None:
    found = client.get_repo(NAME)
    assert (found.full_name, found.private, found.default_branch) == (NAME, True, "main")
    issue = found.create_issue("A title", body="A body", labels=["new-label"], assignees=["safety-lead"])
    comment = issue.create_comment("hello")
    issue.edit(state="closed", state_reason="completed", title="Another")
    again = found.get_issue(issue.number)
    assert (again.title, again.state, again.comments, again.user.login, again.user.type) == (
        "Another",
        "closed",
        1,
        "reassay[bot]",
        "Bot",
    )
    assert [label.name for label in again.labels] == ["new-label"]
    assert [each.body for each in again.get_comments()] == [comment.body]
    assert repo.issue(issue.number).assignees == ("safety-lead",)


def test_issues_come_in_pages_by_time_and_state(client: github.Github, box: Sandbox, repo: SandboxRepository) -> None:
    for number in range(7):
        repo.open_issue_as("safety-lead", f"Issue {number}")
        box.clock.advance(timedelta(minutes=1))
    repo.close_as("safety-lead", 2)
    found = client.get_repo(NAME)
    assert [issue.number for issue in found.get_issues(state="all", sort="created", direction="asc")] == [
        1,
        2,
        3,
        4,
        5,
        6,
        7,
    ]
    assert found.get_issues(state="closed").totalCount == 1


@pytest.mark.complaints_expected
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"body": "no title"}, "title"),
        ({"title": "x" * 257}, "title"),
        ({"title": "x", "body": "y" * 65_537}, "body"),
        ({"title": "x", "assignees": ["stranger"]}, "assignees"),
    ],
)
def test_what_github_rejects_is_rejected(http: httpx.Client, body: dict[str, object], field: str) -> None:
    answer = http.post(f"/repos/{NAME}/issues", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == field


def test_an_archived_a_foreign_and_a_missing_repository_refuse(
    http: httpx.Client, box: Sandbox, repo: SandboxRepository
) -> None:
    box.add_repo("example-lab/other", files={})
    assert http.post("/repos/example-lab/other/issues", json={"title": "x"}).status_code == 404
    assert http.get("/repos/example-lab/nothing").status_code == 404
    repo.set_archived(True)
    assert http.post(f"/repos/{NAME}/issues", json={"title": "x"}).status_code == 403
    assert box.url in str(http.base_url)


def test_bad_credentials_and_no_user_agent_are_refused(box: Sandbox, repo: SandboxRepository) -> None:
    assert (
        httpx.get(f"{box.api_url}/repos/{NAME}", headers={**HEADERS, "Authorization": "Bearer nonsense"}).status_code
        == 401
    )
    assert httpx.get(f"{box.api_url}/repos/{NAME}", headers={**HEADERS, "User-Agent": ""}).status_code == 403


def test_the_same_reaction_twice_is_one(http: httpx.Client, repo: SandboxRepository) -> None:
    number = repo.open_issue_as("safety-lead", "x")
    comment = repo.comment_as("safety-lead", number, "hello")
    path = f"/repos/{NAME}/issues/comments/{comment}/reactions"
    assert [http.post(path, json={"content": "+1"}).status_code for _ in range(2)] == [201, 200]
    assert len(repo.issue(number).comments[0].reactions) == 1


def test_a_commit_by_graphql_compares_and_swaps(client: github.Github, repo: SandboxRepository) -> None:
    mutation = (
        "mutation A($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }"
    )
    head = repo.head()

    def commit(expected: str | None) -> dict[str, object]:
        variables = {
            "input": {
                "branch": {"repositoryNameWithOwner": NAME, "branchName": "main"},
                "expectedHeadOid": expected,
                "message": {"headline": "add"},
                "fileChanges": {
                    "additions": [{"path": "b/c.txt", "contents": "dHdvCg=="}],
                    "deletions": [{"path": "a.txt"}],
                },
            }
        }
        _, answer = client.requester.requestJsonAndCheck(
            "POST", client.requester.graphql_url, input={"query": mutation, "variables": variables}
        )
        return dict(answer)

    assert "errors" not in commit(head)
    assert (repo.read("main", "b/c.txt"), repo.read("main", "a.txt")) == (b"two\n", None)
    errors = commit(head)["errors"]
    assert isinstance(errors, list)
    assert errors[0]["type"] == "STALE_DATA"


def test_git_fetches_with_the_token_and_only_with_it(
    box: Sandbox, repo: SandboxRepository, token: str, tmp_path: Path
) -> None:
    url = box.url.replace("http://", f"http://x-access-token:{token}@")
    done = subprocess.run(
        ["git", "clone", "--quiet", "--depth=1", f"{url}/{NAME}.git", str(tmp_path / "clone")],
        check=False,
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "clone" / "a.txt").read_text() == "one\n"
    environment = {"GIT_TERMINAL_PROMPT": "0", "PATH": "/usr/bin:/bin", "GIT_ASKPASS": "true"}
    refused = subprocess.run(
        ["git", "ls-remote", f"{box.url}/{NAME}.git"], check=False, capture_output=True, env=environment
    )
    assert refused.returncode != 0
    pushed = subprocess.run(
        ["git", "push", "--quiet", "origin", "HEAD:refs/heads/x"],
        cwd=tmp_path / "clone",
        check=False,
        capture_output=True,
    )
    assert pushed.returncode != 0


def test_events_look_like_githubs(box: Sandbox, repo: SandboxRepository) -> None:
    told: list[tuple[str, dict[str, object]]] = []
    box.on_event(lambda name, payload: told.append((name, payload)))
    number = repo.open_issue_as("safety-lead", "x")
    repo.comment_as("safety-lead", number, "hello")
    repo.close_as("safety-lead", number)
    repo.commit({"b.txt": b"two"})
    assert [(name, payload.get("action")) for name, payload in told] == [
        ("issues", "opened"),
        ("issue_comment", "created"),
        ("issues", "closed"),
        ("push", None),
    ]
    assert told[1][1]["comment"]["body"] == "hello"  # type: ignore[index] # GitHub's shape
    assert told[3][1]["ref"] == "refs/heads/main"
