import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reassay.hosted.rules.deliveries import MalformedDelivery, ParsedDelivery, parse_delivery, used_fields
from reassay.hosted.rules.events import EVENTS, subscribed
from reassay.hosted.rules.subject import JobSubject
from reassay.hosted.rules.webhook_event import Delivered

OWN = "reassay[bot]"
WORKED_ON = {event.name for event in EVENTS}
HERE = {"id": 7, "full_name": "example-lab/framework", "default_branch": "main"}
SHA = "5" * 40
MARKED = "<!-- reassay:reassessment -->\nRe-assess it."
COMMAND = "Thanks.\n\n/reassay assess"


def read(event: str, sender: str = "safety-lead", **payload: object) -> ParsedDelivery:
    body = {"repository": HERE, "installation": {"id": 3}, "sender": {"id": 1, "login": sender}, **payload}
    found = parse_delivery(event, json.dumps(body).encode(), OWN)
    assert isinstance(found, ParsedDelivery), found
    assert found.installation == (3 if event in WORKED_ON else None)
    return found


def subjects(event: str, sender: str = "safety-lead", **payload: object) -> tuple[str, ...]:
    return tuple(each.text for each in read(event, sender, **payload).subjects)


def comment(body: str, *, action: str = "created", on_pull: bool = False) -> Mapping[str, Any]:
    issue: dict[str, Any] = {"number": 4, **({"pull_request": {"url": "x"}} if on_pull else {})}
    return {"action": action, "issue": issue, "comment": {"body": body}}


def check(action: str, pulls: tuple[int, ...] = (), button: str | None = None) -> Mapping[str, Any]:
    pressed = {} if button is None else {"requested_action": {"identifier": button}}
    return {"action": action, "check_run": {"pull_requests": [{"number": each} for each in pulls]}, **pressed}


def suite(action: str, pulls: tuple[int, ...] = ()) -> Mapping[str, Any]:
    return {"action": action, "check_suite": {"pull_requests": [{"number": each} for each in pulls]}}


def issue(action: str, body: str | None) -> Mapping[str, Any]:
    return {"action": action, "issue": {"number": 4, "body": body}}


def pull(action: str) -> Mapping[str, Any]:
    return {"action": action, "pull_request": {"number": 5}}


def group(action: str = "checks_requested", sha: str = SHA, base: str = "refs/heads/main") -> Mapping[str, Any]:
    return {"action": action, "merge_group": {"head_sha": sha, "base_ref": base}}


@pytest.mark.parametrize(
    ("event", "payload", "expected"),
    [
        ("ping", {"zen": "Design for failure."}, ()),
        ("star", {"action": "created"}, ()),
        ("issue_comment", comment(COMMAND), ("issue:4",)),
        ("issue_comment", comment(COMMAND, on_pull=True), ("pull:4",)),
        ("issue_comment", comment("Nice work."), ()),
        ("issue_comment", comment(COMMAND, action="edited"), ()),
        ("issue_comment", comment(COMMAND, action="deleted"), ()),
        ("issues", issue("closed", MARKED), ("issue:4",)),
        ("issues", issue("closed", "A bug."), ()),
        ("issues", issue("closed", None), ()),
        ("issues", issue("edited", "The marker is gone."), ("issue:4",)),
        ("issues", issue("opened", MARKED), ()),
        ("issues", issue("labeled", MARKED), ("issue:4",)),
        # A form, or a person, put the label of a source of signals on it.
        ("issues", issue("labeled", "### Severity\n\ncritical"), ("repository",)),
        ("issues", issue("labeled", None), ("repository",)),
        ("issues", issue("unlabeled", "A bug."), ()),
        ("pull_request", pull("opened"), ("pull:5",)),
        ("pull_request", pull("synchronize"), ("pull:5",)),
        ("pull_request", pull("edited"), ("pull:5",)),
        ("pull_request", pull("closed"), ("pull:5", "repository")),
        ("pull_request", pull("assigned"), ()),
        ("pull_request_review", pull("submitted"), ("pull:5",)),
        ("pull_request_review", pull("dismissed"), ("pull:5",)),
        ("pull_request_review", pull("edited"), ()),
        ("push", {"ref": "refs/heads/main"}, ("repository",)),
        ("push", {"ref": "refs/heads/release"}, ("repository",)),
        ("push", {"ref": "refs/heads/reassay-ledger"}, ("repository",)),
        ("push", {"ref": "refs/heads/main", "created": True}, ("repository",)),
        ("push", {"ref": "refs/heads/topic", "created": True}, ()),
        ("push", {"ref": "refs/tags/v1"}, ()),
        ("merge_group", group(), (f"group:{SHA}:main",)),
        ("merge_group", group(base="refs/heads/release/1.2"), (f"group:{SHA}:release/1.2",)),
        ("merge_group", group(action="destroyed"), ()),
        ("merge_group", group(sha="5" * 39), ()),
        ("merge_group", group(sha="G" * 40), ()),
        ("merge_group", group(base="refs/heads/"), ()),
        ("merge_group", group(base="a\nb"), ()),
        ("merge_group", group(base="a" * 256), ()),
        ("check_run", check("requested_action", (5, 6, 5), "re-evaluate"), ("pull:5", "pull:6")),
        ("check_run", check("requested_action", (5,), "somebody-elses"), ()),
        ("check_run", check("rerequested", (5,)), ("pull:5",)),
        ("check_run", check("rerequested"), ("repository",)),  # from a fork: GitHub names no pull request
        ("check_run", check("completed", (5,)), ()),
        ("check_suite", suite("rerequested", (5,)), ("pull:5",)),
        ("check_suite", suite("requested", (5,)), ()),
        ("repository", {"action": "renamed"}, ("repository",)),
        ("repository", {"action": "deleted"}, ()),
        ("installation", {"action": "created"}, ()),
        ("installation_repositories", {"action": "added"}, ()),
        ("installation_target", {"action": "renamed"}, ()),
    ],
)
def test_what_a_delivery_is_worth(event: str, payload: Mapping[str, Any], expected: tuple[str, ...]) -> None:
    assert subjects(event, **payload) == expected


@pytest.mark.parametrize(
    ("event", "payload", "expected"),
    [
        ("issue_comment", comment(COMMAND), ()),
        ("issues", issue("closed", MARKED), ()),
        ("pull_request", pull("opened"), ()),
        ("pull_request", pull("closed"), ("pull:5", "repository")),
        ("push", {"ref": "refs/heads/reassay-ledger"}, ()),
        ("merge_group", group(), (f"group:{SHA}:main",)),
        ("check_run", check("rerequested", (5,)), ("pull:5",)),
    ],
)
def test_what_the_app_did_itself_does_not_go_round_and_what_is_asked_is_answered_whoever_asks(
    event: str, payload: Mapping[str, Any], expected: tuple[str, ...]
) -> None:
    assert subjects(event, OWN, **payload) == expected


@pytest.mark.parametrize("event", ["installation", "installation_repositories", "installation_target", "repository"])
def test_what_changes_which_repositories_there_are_has_them_looked_up(event: str) -> None:
    assert read(event, action="renamed").meaning.refresh
    assert not read("push", ref="refs/heads/main").meaning.refresh


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"7",
        b'"a"',
        b"{",
        b"\xff\xfe",
        b'{"action": "\xff"}',
        b'{"action": "\\ud800"}',
        b'{"action": 7}',
        b'{"repository": []}',
        b'{"repository": {"id": "7"}}',
        b'{"repository": {"id": 7.0}}',
        b'{"repository": {"id": true}}',
        b'{"repository": {"id": 0}}',
        b'{"repository": {"id": -1}}',
        b'{"repository": {"id": NaN}}',
        b'{"repository": {"id": 1e400}}',
        b'{"repository": {"id": %s}}' % (b"9" * 5_000),
        b'{"pull_request": {"number": 1}, "repository": {}}',
        b'{"pull_request": {"number": 1%s}}' % (b"0" * 15),
        b'{"pull_request": {}}',
        b"{}",
        b'{"x":' * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"pull_request": {"number": 1}} {}',
    ],
    ids=lambda body: repr(body[:34]),
)
def test_what_makes_no_sense_is_a_value_that_says_why_and_shows_nothing_of_it(body: bytes) -> None:
    found = parse_delivery("pull_request", body, OWN)
    assert isinstance(found, MalformedDelivery)
    assert ": " in found.reason
    assert len(found.reason) <= 300
    assert used_fields("pull_request", body) is body


def test_a_reason_names_the_field_and_not_what_stood_there() -> None:
    found = parse_delivery("pull_request", b'{"pull_request": {"number": "a-secret"}}', OWN)
    assert found == MalformedDelivery("pull_request.number: Expected `int`, got `str`")


def test_of_a_key_that_comes_twice_the_last_counts_as_for_github() -> None:
    found = parse_delivery("pull_request", b'{"repository": {"id": 1}, "repository": {"id": 2}, "action": "opened", "pull_request": {"number": 5}}', "")  # fmt: skip
    assert isinstance(found, ParsedDelivery)
    assert found.subjects == (JobSubject(2, "pull", 5),)


def test_only_known_events_are_read_at_all() -> None:
    assert isinstance(parse_delivery("star", b"\xff", OWN), ParsedDelivery)
    assert used_fields("star", b"\xff") == b"\xff"


def test_an_event_says_what_an_app_needs_to_be_sent_it() -> None:
    # GitHub's documentation, "Webhook events and payloads": the permission of each; None is sent to every App.
    assert subscribed() == {
        "check_run": "checks",
        "check_suite": "checks",
        "issue_comment": "issues",
        "issues": "issues",
        "merge_group": "merge_queues",
        "pull_request": "pull_requests",
        "pull_request_review": "pull_requests",
        "push": "contents",
        "repository": "metadata",
    }


NAMES = sorted({*WORKED_ON, "star"})
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    | st.sampled_from(["created", "closed", "requested_action", "checks_requested", SHA, "refs/heads/main", COMMAND, 7])
)  # fmt: skip
KEYS = st.text(max_size=5) | st.sampled_from(
    [
        "action",
        "repository",
        "installation",
        "sender",
        "id",
        "number",
        "issue",
        "comment",
        "body",
        "pull_request",
        "check_run",
        "check_suite",
        "merge_group",
        "head_sha",
        "base_ref",
        "ref",
        "pull_requests",
        "requested_action",
    ]
)
ANY = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=8))
ID = st.integers(1, 10**15 - 1) | st.integers()
LIKELY = st.fixed_dictionaries(
    {
        "repository": st.fixed_dictionaries({"id": ID}),
        "action": st.sampled_from(["created", "closed", "edited", "opened", "rerequested", "checks_requested"]),
        "issue": st.fixed_dictionaries({"number": ID}, optional={"pull_request": ANY, "body": st.text() | st.none()}),
        "comment": st.fixed_dictionaries({"body": st.sampled_from([COMMAND, "no"]) | st.text()}),
        "pull_request": st.fixed_dictionaries({"number": ID}),
        "check_run": st.fixed_dictionaries(
            {"pull_requests": st.lists(st.fixed_dictionaries({"number": ID}), max_size=3)}
        ),
        "check_suite": st.just({}),
        "merge_group": st.fixed_dictionaries({"head_sha": st.just(SHA), "base_ref": st.text(max_size=300)}),
        "ref": st.text(max_size=30) | st.just("refs/heads/main"),
    }
)


@given(st.sampled_from(NAMES), st.binary(max_size=200) | (ANY | LIKELY).map(lambda each: json.dumps(each).encode()))
@example(
    "issue_comment", json.dumps({"issue": {"number": 1, "pull_request": {"a": float("inf")}}, "comment": {}}).encode()
)
@example("issue_comment", json.dumps({"issue": {"number": 1, "pull_request": {"a": 10**400}}, "comment": {}}).encode())
@example(
    "issue_comment", b'{"issue":{"number":1,"pull_request":' + b'{"a":' * 180 + b"1" + b"}" * 180 + b'},"comment":{}}'
)
def test_whatever_comes_is_understood_or_not_and_what_is_kept_of_it_is_understood_alike(
    event: str, body: bytes
) -> None:
    found = parse_delivery(event, body, OWN)
    assert parse_delivery(event, used_fields(event, body), OWN) == found
    if isinstance(found, ParsedDelivery):
        for subject in found.subjects:
            assert JobSubject.read(subject.repository, subject.text) == subject
            assert "\0" not in subject.text


def test_an_event_refuses_the_payload_of_another() -> None:
    for event in (event for event in EVENTS if event.model is not Delivered):
        with pytest.raises(TypeError, match=f"not the payload of '{event.name}'"):
            event.meaning(Delivered(), own=False)
