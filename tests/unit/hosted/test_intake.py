import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reassay.hosted.database.database import DatabaseError
from reassay.hosted.inbox.inbox import ReceivedDelivery
from reassay.hosted.web import intake as module
from reassay.hosted.web.asgi_requests import Receive, Scope, Send
from reassay.hosted.web.intake import LARGEST, ExpectedSender, Intake

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
SECRET, BEFORE, APP = b"a secret", b"the one before", 12
BODY = b'{"action": "opened", "pull_request": {"number": 5, "title": "Hello"}, "repository": {"id": 7}}'
NUMBER = b"72d3162e-cc78-11e3-81ab-4c9367dc0958"
Change = Callable[[dict[bytes, bytes]], None]


@dataclass
class Kept:
    """Remembers what it was given, or fails."""

    deliveries: dict[str, ReceivedDelivery] = field(default_factory=dict)
    broken: bool = False

    async def put(self, delivery: ReceivedDelivery) -> bool:
        if self.broken:
            raise DatabaseError("it has no room.", where="inbox")
        return self.deliveries.setdefault(delivery.id, delivery) is delivery


@dataclass
class Answer:
    status: int = 0
    headers: dict[bytes, bytes] = field(default_factory=dict)
    body: bytes = b""

    @property
    def message(self) -> str:
        return str(json.loads(self.body)["message"])


@dataclass
class Door:
    """The intake and what it was seen to do."""

    kept: Kept = field(default_factory=Kept)
    expected: ExpectedSender = field(default_factory=lambda: ExpectedSender(APP, (SECRET, BEFORE)))
    record: list[tuple[str, int, str]] = field(default_factory=list)
    passed_on: list[str] = field(default_factory=list)
    read: int = 0
    intake: Intake = field(init=False)

    def __post_init__(self) -> None:
        def note(delivery: str, status: int, why: str) -> None:
            self.record.append((delivery, status, why))

        self.intake = Intake(self.inner, self.kept.put, lambda: self.expected, lambda: NOW, note)

    async def inner(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.passed_on.append(f"{scope['type']} {scope.get('path')}")

    def post(self, headers: dict[bytes, bytes], *parts: bytes, method: str = "POST", path: str = "/webhook") -> Answer:
        return asyncio.run(self.posted(list(headers.items()), *parts, method=method, path=path))

    async def posted(self, headers: list[tuple[bytes, bytes]], *parts: bytes, method: str = "POST", path: str = "/webhook") -> Answer:  # fmt: skip
        messages = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
        if messages:
            messages[-1]["more_body"] = False

        async def receive() -> MutableMapping[str, Any]:
            self.read += 1
            return messages.pop(0) if messages else {"type": "http.disconnect"}

        answer = Answer()

        async def send(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                answer.status, answer.headers = message["status"], dict(message["headers"])
            else:
                answer.body += message["body"]

        await self.intake({"type": "http", "method": method, "path": path, "headers": headers}, receive, send)
        return answer


def signed(body: bytes, secret: bytes = SECRET) -> bytes:
    return b"sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest().encode()


def headers(body: bytes = BODY, /, **changed: bytes | None) -> dict[bytes, bytes]:
    found: dict[bytes, bytes | None] = {
        b"content-type": b"application/json",
        b"content-length": str(len(body)).encode(),
        b"x-github-event": b"pull_request",
        b"x-github-delivery": NUMBER,
        b"x-github-hook-installation-target-type": b"integration",
        b"x-github-hook-installation-target-id": str(APP).encode(),
        b"x-hub-signature-256": signed(body),
    }
    found |= {name.replace("_", "-").encode(): value for name, value in changed.items()}
    return {name: value for name, value in found.items() if value is not None}


def test_a_delivery_is_kept_and_then_acknowledged() -> None:
    door = Door()
    answer = door.post(headers(), BODY)
    assert (answer.status, answer.body) == (202, b"")
    kept = door.kept.deliveries[NUMBER.decode()]
    assert (kept.event, kept.received_at) == ("pull_request", NOW)
    assert b"Hello" not in kept.body
    assert door.intake.counts.outcomes == {"accepted": 1}
    assert door.record == []


def test_the_same_again_is_acknowledged_and_counted_as_known() -> None:
    door = Door()
    door.post(headers(), BODY)
    assert door.post(headers(), BODY).status == 202
    assert door.intake.counts.outcomes == {"accepted": 1, "duplicate": 1}


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\x00", b"[" * 50_000, b'{"repository": 7}'])
def test_a_body_that_makes_no_sense_is_kept_whole(body: bytes) -> None:
    door = Door()
    assert door.post(headers(body), body).status == 202
    assert door.kept.deliveries[NUMBER.decode()].body == body


def test_a_body_in_many_parts_is_one() -> None:
    door = Door()
    assert door.post(headers(), *(BODY[at : at + 1] for at in range(len(BODY)))).status == 202
    assert door.intake.arriving == 0


@pytest.mark.parametrize("secret", [SECRET, BEFORE])
def test_during_a_rotation_both_secrets_are_good(secret: bytes) -> None:
    assert Door().post(headers(x_hub_signature_256=signed(BODY, secret)), BODY).status == 202


@pytest.mark.parametrize(
    "kind", [b"application/json; charset=utf-8", b"Application/JSON", b"application/json;charset=UTF-8"]
)
def test_json_is_json_however_it_is_written(kind: bytes) -> None:
    assert Door().post(headers(content_type=kind), BODY).status == 202


REFUSED: list[tuple[str, dict[str, bytes | None], int, str, str]] = [
    ("a form", {"content_type": b"application/x-www-form-urlencoded"}, 415, "content-type", "application/json"),
    ("no type", {"content_type": None}, 415, "content-type", "settings of the App's webhook"),
    ("too long", {"content_length": str(LARGEST + 1).encode()}, 413, "size", str(LARGEST)),
    ("no event", {"x_github_event": None}, 400, "headers", "X-GitHub-Event"),
    ("odd event", {"x_github_event": b"push\0"}, 400, "headers", "X-GitHub-Event"),
    ("long event", {"x_github_event": b"a" * 101}, 400, "headers", "X-GitHub-Event"),
    ("no delivery id", {"x_github_delivery": None}, 400, "headers", "X-GitHub-Delivery"),
    ("odd delivery id", {"x_github_delivery": b"'; drop"}, 400, "headers", "X-GitHub-Delivery"),
    ("long delivery id", {"x_github_delivery": b"1" * 101}, 400, "headers", "X-GitHub-Delivery"),
    ("another App", {"x_github_hook_installation_target_id": b"13"}, 404, "target", "another App"),
    ("no App", {"x_github_hook_installation_target_id": None}, 404, "target", "another App"),
    (
        "a repository's hook",
        {"x_github_hook_installation_target_type": b"repository"},
        404,
        "target",
        "remove that webhook",
    ),
    ("no signature", {"x_hub_signature_256": None}, 401, "signature", "secret"),
    ("another secret", {"x_hub_signature_256": signed(BODY, b"other")}, 401, "signature", "secret"),
    ("no secret at all", {"x_hub_signature_256": signed(BODY, b"")}, 401, "signature", "secret"),
    ("another body", {"x_hub_signature_256": signed(b"{}")}, 401, "signature", "secret"),
    ("sha1", {"x_hub_signature_256": b"sha1=" + b"0" * 40}, 401, "signature", "secret"),
    ("odd bytes", {"x_hub_signature_256": b"sha256=\xff"}, 401, "signature", "secret"),
    ("half a signature", {"x_hub_signature_256": signed(BODY)[:40]}, 401, "signature", "secret"),
]


@pytest.mark.parametrize(("changed", "status", "why", "words"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])  # fmt: skip
def test_what_is_refused_is_told_why_counted_noted_and_not_kept(
    changed: dict[str, bytes | None], status: int, why: str, words: str
) -> None:
    door = Door(expected=ExpectedSender(APP, (SECRET, b"")))
    answer = door.post(headers(**changed), BODY)
    assert answer.status == status
    assert words in answer.message
    assert b"\n" not in answer.body
    assert answer.headers[b"connection"] == b"close"
    assert door.kept.deliveries == {}
    assert door.intake.counts.outcomes == {why: 1}
    [(number, record, reason)] = door.record
    assert (record, reason) == (status, why)
    assert number in {NUMBER.decode(), "-"}
    assert door.intake.arriving == 0


@pytest.mark.parametrize("case", [case for case in REFUSED if case[3] != "signature"], ids=lambda case: case[0])
def test_what_the_headers_tell_is_refused_before_the_body_is_read(case: tuple[str, dict[str, bytes | None], int, str, str]) -> None:  # fmt: skip
    door = Door()
    door.post(headers(**case[1]), BODY)
    assert door.read == 0


def test_other_methods_are_refused_and_other_paths_are_not_its_business() -> None:
    door = Door()
    answer = door.post(headers(), BODY, method="GET")
    assert answer.status == 405
    assert answer.headers[b"allow"] == b"POST"
    door.post(headers(), BODY, path="/webhook/")
    door.post(headers(), BODY, method="GET", path="/")
    assert door.passed_on == ["http /webhook/", "http /"]
    assert door.kept.deliveries == {}


def test_what_comes_under_one_header_twice_is_not_believed() -> None:
    door = Door()
    for name in (b"x-hub-signature-256", b"x-github-delivery", b"x-github-event", b"content-type"):
        twice = [*headers().items(), (name, headers()[name])]
        assert asyncio.run(door.posted(twice, BODY)).status in {400, 401, 415}
    assert door.kept.deliveries == {}


def test_a_body_that_is_longer_than_it_said_ends_at_the_limit() -> None:
    door = Door()
    part = b"x" * (1024 * 1024)
    answer = door.post(headers(content_length=b"10"), *([part] * 40))
    assert (answer.status, door.read) == (413, 26)


def test_bodies_that_arrive_at_once_share_so_much_room() -> None:
    door = Door()
    part = b"x" * (1024 * 1024)

    async def at_once() -> list[int]:
        parts = [part] * 24
        many = [door.posted(list(headers().items()), *parts) for _ in range(8)]
        return [answer.status for answer in await asyncio.gather(*many)]

    with patch.object(module, "MOST_ARRIVING", 20 * len(part)):
        assert set(asyncio.run(at_once())) == {503}
    assert door.intake.arriving == 0
    assert door.intake.counts.outcomes == {"busy": 8}


def test_a_client_that_goes_away_or_dawdles_is_not_waited_for() -> None:
    door = Door()
    assert door.post(headers()).status == 400

    async def dawdle() -> Answer:
        answer = Answer()

        async def receive() -> MutableMapping[str, Any]:
            await asyncio.Event().wait()
            raise AssertionError

        async def send(message: MutableMapping[str, Any]) -> None:
            answer.status = message.get("status", answer.status)

        scope = {"type": "http", "method": "POST", "path": "/webhook", "headers": list(headers().items())}
        await door.intake(scope, receive, send)
        return answer

    with patch.object(module, "BODY_SECONDS", 0.0):
        assert asyncio.run(dawdle()).status == 408
    assert door.intake.counts.outcomes == {"disconnected": 1, "slow": 1}


def test_what_cannot_be_kept_is_not_acknowledged() -> None:
    door = Door(Kept(broken=True))
    answer = door.post(headers(), BODY)
    assert answer.status == 503
    assert "it has no room" in answer.message
    assert door.intake.counts.outcomes == {"unavailable": 1}


def test_without_an_app_nothing_is_taken() -> None:
    door = Door(expected=ExpectedSender())
    answer = door.post(headers(), BODY)
    assert answer.status == 503
    assert "set-up page" in answer.message


def test_secrets_show_nowhere() -> None:
    assert SECRET.decode() not in repr(ExpectedSender(APP, (SECRET,)))
    assert "Hello" not in repr(ReceivedDelivery("1", "push", b"Hello", NOW))


@given(
    st.dictionaries(st.sampled_from([*headers(), b"x-other"]), st.binary(max_size=60)),
    st.lists(st.binary(max_size=50), max_size=4),
    st.sampled_from(["POST", "GET", "PUT", "\0"]),
)
def test_whatever_comes_unsigned_is_refused_in_good_order(changed: dict[bytes, bytes], parts: list[bytes], method: str) -> None:  # fmt: skip
    door = Door()
    answer = door.post({**headers(b"something else"), **changed}, *parts, method=method)
    assert 400 <= answer.status < 504
    assert answer.message
    assert door.kept.deliveries == {}


@given(st.binary(max_size=300))
def test_whatever_is_signed_is_acknowledged(body: bytes) -> None:
    assert Door().post(headers(body), body).status == 202
