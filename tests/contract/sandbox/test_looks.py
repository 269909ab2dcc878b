"""GraphQL that looks at much in one request: many repositories, what changed last, nodes by their ids."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from reassay_sandbox import Sandbox
from reassay_sandbox.sandbox_repository import SandboxRepository
from tests.contract.sandbox.test_apps import PUBLIC, RIGHTS, as_app


@pytest.fixture
def repo(box: Sandbox) -> SandboxRepository:
    box.add_user("safety-lead")
    made = box.add_repo("lab/framework", files={"README.md": b"x"}, collaborators={"safety-lead": "write"})
    for title in ("first", "second", "third"):
        box.clock.advance(timedelta(minutes=1))
        made.open_issue_as("safety-lead", title)
    return made


def ask(box: Sandbox, token: str, document: str, **variables: object) -> dict[str, Any]:
    headers = {"authorization": f"bearer {token}", "user-agent": "test"}
    body = {"query": document, "variables": variables}
    found: dict[str, Any] = httpx.post(f"{box.url}/api/graphql", json=body, headers=headers).json()
    return found


def installed(box: Sandbox, *names: str) -> str:
    app = box.add_app("own", PUBLIC, "", RIGHTS)
    number = box.install(app, *names)
    return str(as_app(box, app, "POST", f"/app/installations/{number}/access_tokens").json()["token"])


ORDERED = """query Ordered($by: IssueOrder!, $states: [IssueState!]) { repository(owner: "lab", name: "framework") {
  issues(first: 2, orderBy: $by, states: $states) { totalCount nodes { number title updatedAt } }
} }"""


@pytest.mark.parametrize(
    ("field", "direction", "numbers"),
    [("UPDATED_AT", "DESC", [1, 3]), ("UPDATED_AT", "ASC", [2, 3]), ("CREATED_AT", "DESC", [3, 2]),
     ("COMMENTS", "DESC", [1, 2])],
)  # fmt: skip
def test_issues_come_in_the_order_that_is_asked_for(
    box: Sandbox, repo: SandboxRepository, field: str, direction: str, numbers: list[int]
) -> None:
    box.clock.advance(timedelta(minutes=1))
    repo.comment_as("safety-lead", 1, "news")
    token = box.token("safety-lead", repo.full_name, permissions={"issues": "read", "pull_requests": "read"})
    answer = ask(box, token, ORDERED, by={"field": field, "direction": direction})
    assert [each["number"] for each in answer["data"]["repository"]["issues"]["nodes"]] == numbers


def test_issues_and_pull_requests_are_asked_for_by_state(box: Sandbox, repo: SandboxRepository) -> None:
    repo.close_as("safety-lead", 2)
    repo.commit({"a": b"1"}, branch="change")
    number = repo.open_pull_as("safety-lead", "change")
    token = box.token("safety-lead", repo.full_name, permissions={"issues": "read", "pull_requests": "read"})
    by = {"field": "CREATED_AT", "direction": "ASC"}
    assert ask(box, token, ORDERED, by=by, states=["CLOSED"])["data"]["repository"]["issues"]["nodes"][0]["number"] == 2
    pulls = """query Pulls($s: [PullRequestState!]) { repository(owner: "lab", name: "framework") {
      pullRequests(first: 5, states: $s, orderBy: {field: UPDATED_AT, direction: DESC}) { nodes { number state } } } }"""
    repo.merge_as("safety-lead", number)
    for states, found in ((["OPEN"], []), (["MERGED"], [number]), (["CLOSED"], []), (None, [number])):
        nodes = ask(box, token, pulls, s=states)["data"]["repository"]["pullRequests"]["nodes"]
        assert [each["number"] for each in nodes] == found


def test_nodes_come_in_the_order_of_their_ids_and_never_from_elsewhere(box: Sandbox, repo: SandboxRepository) -> None:
    other = box.add_repo("elsewhere/framework", files={"README.md": b"x"})
    token = installed(box, repo.full_name)
    ids = [f"R_{box.dispatcher.store.repos[each.full_name].id}" for each in (repo, other)]
    issue = f"I_{box.dispatcher.store.repos[repo.full_name].issues[3].id}"
    document = """query Nodes($ids: [ID!]!) { nodes(ids: $ids) {
      __typename id ... on Repository { nameWithOwner isPrivate isArchived databaseId } ... on Issue { number }
    } }"""
    answer = ask(box, token, document, ids=[issue, *ids, "R_0"])
    first, second, *rest = answer["data"]["nodes"]
    assert (first["__typename"], first["number"]) == ("Issue", 3)
    assert (second["nameWithOwner"], rest) == ("lab/framework", [None, None])
    assert [each["type"] for each in answer["errors"]] == ["NOT_FOUND", "NOT_FOUND"]


def test_one_request_looks_at_many_repositories_and_only_at_its_own(box: Sandbox, repo: SandboxRepository) -> None:
    box.add_repo("elsewhere/framework", files={"README.md": b"x"})
    box.add_repo("lab/other", files={"README.md": b"y"})
    token = installed(box, repo.full_name, "lab/other")
    document = "query Look {" + "".join(
        f'r{index}: repository(owner: "{owner}", name: "{name}") '
        "{ nameWithOwner defaultBranchRef { name target { oid } } "
        'ref(qualifiedName: "refs/heads/main") { target { oid } } } '
        for index, (owner, name) in enumerate([("lab", "framework"), ("elsewhere", "framework"), ("lab", "other")])
    )
    answer = ask(box, token, document + " rateLimit { remaining resetAt cost } }")
    looked = answer["data"]
    assert looked["r0"]["defaultBranchRef"]["target"]["oid"] == repo.head()
    assert looked["r2"]["ref"]["target"]["oid"] == box.repo("lab/other").head()
    assert looked["r1"] is None
    assert [each["path"] for each in answer["errors"]] == [["r1"]]


@pytest.mark.parametrize(
    ("field", "permission"),
    [
        ("defaultBranchRef { name }", "contents"),
        ('label(name: "reassay") { name }', "issues"),
        ("issues(first: 1) { nodes { number } }", "issues"),
        ("pullRequests(first: 1) { nodes { number } }", "pull_requests"),
        ('mergeQueue(branch: "main") { entries(first: 1) { nodes { position } } }', "merge_queues"),
    ],
)
def test_a_token_reads_only_what_its_permissions_allow(
    box: Sandbox, repo: SandboxRepository, field: str, permission: str
) -> None:
    query = f'query Look {{ repository(owner: "lab", name: "framework") {{ id {field} }} }}'

    def is_shown(*permissions: str) -> bool:
        given = dict.fromkeys(("metadata", *permissions), "read")
        answer = ask(box, box.token("safety-lead", repo.full_name, permissions=given), query)
        kinds = [error["type"] for error in answer.get("errors", ())]
        assert kinds in ([], ["FORBIDDEN"])
        return not kinds

    assert is_shown(permission)
    # Issues and pull requests share labels.
    shared = {"pull_requests"} if field.startswith("label") else set()
    assert not is_shown(*{"contents", "issues", "pull_requests", "checks", "merge_queues"} - {permission} - shared)


def test_a_route_is_read_only_with_its_permission(box: Sandbox, repo: SandboxRepository) -> None:
    for path, permission in (("issues", "issues"), ("pulls", "pull_requests"), ("branches", "contents")):
        for given, status in (({permission: "read"}, 200), ({"metadata": "read"}, 403)):
            token = box.token("safety-lead", repo.full_name, permissions=given)
            headers = {"authorization": f"bearer {token}", "user-agent": "test", "x-github-api-version": "2022-11-28"}
            assert httpx.get(f"{box.api_url}/repos/{repo.full_name}/{path}", headers=headers).status_code == status
