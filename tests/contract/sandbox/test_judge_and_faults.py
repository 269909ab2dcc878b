"""It judges what it gets, and it can go wrong in every way a network does."""

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from reassay_sandbox import Fault, Sandbox
from reassay_sandbox.faults import Kind
from reassay_sandbox.judge import lint
from reassay_sandbox.sandbox_repository import SandboxRepository

NAME = "example-lab/framework"
HEADERS = {"X-GitHub-Api-Version": "2022-11-28", "User-Agent": "test"}


@pytest.fixture
def repo(box: Sandbox) -> SandboxRepository:
    box.add_user("safety-lead")
    box.add_bot("reassay")
    return box.add_repo(NAME, files={"a.txt": b"one\n"}, collaborators={"safety-lead": "write"})


@pytest.fixture
def http(box: Sandbox, repo: SandboxRepository) -> Iterator[httpx.Client]:
    token = box.token("reassay[bot]", NAME, permissions={"issues": "write"})
    with httpx.Client(base_url=box.api_url, headers={**HEADERS, "Authorization": f"Bearer {token}"}, timeout=5) as made:
        yield made


def create(http: httpx.Client, title: str = "x") -> int:
    return http.post(f"/repos/{NAME}/issues", json={"title": title}).status_code


@pytest.mark.complaints_expected
def test_unknown_routes_keys_fields_and_missing_permissions_are_complained_of(
    http: httpx.Client, box: Sandbox, repo: SandboxRepository
) -> None:
    assert http.get(f"/repos/{NAME}/milestones").status_code == 404
    http.post(f"/repos/{NAME}/issues", json={"title": "x", "colour": "red"})
    http.post(f"{box.url}/api/graphql", json={"query": "{ viewer { salary } }"})
    assert http.post(f"/repos/{NAME}/git/trees", json={"tree": []}).status_code == 403
    assert http.get(f"/repos/{NAME}", headers={"X-GitHub-Api-Version": ""}).status_code == 200
    words = [
        "no such route",
        "knows no 'colour'",
        "Cannot query field",
        "needs contents: write",
        "X-GitHub-Api-Version",
    ]
    assert len(box.complaints) == len(words)
    assert all(word in complaint for word, complaint in zip(words, box.complaints, strict=True))
    assert repo.issues()


def test_a_request_whose_sender_ends_half_way_is_none(box: Sandbox, repo: SandboxRepository) -> None:
    token = box.token("reassay[bot]", NAME, permissions={"issues": "write"})
    address = urlsplit(box.url)
    before = len(box.traffic)
    with socket.create_connection((address.hostname, address.port), 5) as connection:
        head = (
            f"POST /api/v3/repos/{NAME}/issues HTTP/1.1\r\nAuthorization: Bearer {token}\r\nContent-Length: 14\r\n\r\n"
        )
        connection.sendall(head.encode() + b'{"title"')
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(1) == b""
    assert len(box.traffic) == before
    assert list(repo.issues()) == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<!-- open", "not closed"),
        ("<script>x</script>", "raw HTML"),
        ("text <b>bold</b>", "raw HTML"),
        ("| a | b |\n|---|\n| 1 | 2 |", "does not show"),
        ("[x](ftp://example.org)", "a link to"),
        ("[x]()", "a link to"),
        ("ask @nobody", "@nobody is nobody"),
        ("see #99", "#99 does not exist"),
        ("a\u202eb", "bidirectional"),
        ("due None", "left over"),
        ("due {{ due }}", "left over"),
        ("a\n\n\n\nb", "blank lines"),
    ],
)
def test_markdown_that_a_reader_would_stumble_over(body: str, words: str) -> None:
    assert any(words in fault for fault in lint(body, {"safety-lead"}, {1}))


def test_good_markdown_passes() -> None:
    body = "<!-- m -->\n**Bold** @safety-lead see #1 [x](https://example.org)\n\n| a | b |\n|---|---|\n| `None` | 2 |\n\n<details><summary>s</summary>\n\ntext\n\n</details>"
    assert lint(body, {"safety-lead"}, {1}) == []


@pytest.mark.parametrize(
    ("kind", "status", "happened"),
    [("502-before", 502, False), ("502-after-commit", 502, True), ("500", 500, False), ("403-primary", 403, False),
     ("403-secondary", 403, False), ("429", 429, False), ("forbidden", 403, False)],
)  # fmt: skip
def test_faults_that_answer(
    http: httpx.Client, box: Sandbox, repo: SandboxRepository, kind: Kind, status: int, happened: bool
) -> None:
    box.faults.add(Fault(kind, r"POST .*/issues$", retry_after=7))
    assert create(http) == status
    assert bool(repo.issues()) is happened
    assert create(http) == 201


@pytest.mark.parametrize(("kind", "happened"), [("drop", True), ("timeout", False), ("dead", True)])
def test_faults_that_do_not_answer(
    http: httpx.Client, box: Sandbox, repo: SandboxRepository, kind: Kind, happened: bool
) -> None:
    box.faults.add(Fault(kind, "write"))
    with pytest.raises(httpx.TransportError):
        create(http)
    assert bool(repo.issues()) is happened
    if kind == "dead":
        with pytest.raises(httpx.TransportError):
            http.get(f"/repos/{NAME}")
        box.faults.clear()
    assert create(http) == 201


def test_faults_let_some_pass_and_strike_so_often(http: httpx.Client, box: Sandbox, repo: SandboxRepository) -> None:
    box.faults.add(Fault("500", "write", after=1, times=2))
    assert [create(http) for _ in range(4)] == [201, 500, 500, 201]
    assert box.faults.fired() == 2
    assert len(repo.issues()) == 2


def test_a_stale_read_shows_the_state_before_the_last_write(
    http: httpx.Client, box: Sandbox, repo: SandboxRepository
) -> None:
    box.faults.add(Fault("stale-read", "GET .*/issues", times=1))
    assert create(http) == 201
    assert [len(http.get(f"/repos/{NAME}/issues").json()) for _ in range(2)] == [0, 1]
    assert len(repo.issues()) == 1


def test_creating_too_much_is_limited_by_the_minute_and_the_hour(
    http: httpx.Client, box: Sandbox, repo: SandboxRepository
) -> None:
    from datetime import timedelta

    box.limits.per_minute, box.limits.per_hour = 2, 3
    assert [create(http) for _ in range(3)] == [201, 201, 403]
    box.clock.advance(timedelta(minutes=2))
    assert [create(http) for _ in range(2)] == [201, 403]
    box.clock.advance(timedelta(hours=1))
    assert create(http) == 201
    assert len(repo.issues()) == 4


def test_readonly_names_what_wrote(http: httpx.Client, box: Sandbox, repo: SandboxRepository) -> None:
    with pytest.raises(AssertionError, match="POST /repos/"), box.readonly():
        create(http)
    with box.readonly():
        http.get(f"/repos/{NAME}")
    assert len(repo.issues()) == 1
