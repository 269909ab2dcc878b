"""All payloads that GitHub publishes as examples, of github.com and of Enterprise Server."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from reassay.hosted.rules.deliveries import ParsedDelivery, parse_delivery, used_fields
from reassay.hosted.rules.events import EVENTS
from tests.contract.description import FOLDER, REASON

WORKED_ON = {event.name for event in EVENTS}
FILES = ("webhooks.json", "webhooks-ghes.json")
# What comes of each event and action; of every other one, nothing. Pushes: tags and branches that go or appear, and two to the default branch.
WORTH: dict[tuple[str, str], set[tuple[str, ...]]] = {
    ("check_run", "rerequested"): {("repository",)},
    ("check_suite", "rerequested"): {("pull",)},
    ("issues", "edited"): {("issue",)},
    # The label may be that of a source of signals.
    ("issues", "labeled"): {("repository",)},
    ("merge_group", "checks_requested"): {("group",)},
    ("pull_request", "closed"): {("pull", "repository")},
    ("pull_request", "converted_to_draft"): {("pull",)},
    ("pull_request", "opened"): {("pull",)},
    ("pull_request", "ready_for_review"): {("pull",)},
    ("pull_request", "reopened"): {("pull",)},
    ("pull_request", "synchronize"): {("pull",)},
    ("pull_request_review", "dismissed"): {("pull",)},
    ("pull_request_review", "submitted"): {("pull",)},
    ("push", ""): {(), ("repository",)},
    ("repository", "edited"): {("repository",)},
    ("repository", "privatized"): {("repository",)},
    ("repository", "publicized"): {("repository",)},
    ("repository", "renamed"): {("repository",)},
}
REFRESHING = {"installation", "installation_repositories", "repository"}

pytestmark = pytest.mark.skipif(not all((FOLDER / each).exists() for each in FILES), reason=REASON)


def examples(file: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for event in json.loads((FOLDER / file).read_bytes()):
        for payload in event["examples"]:
            yield event["name"], payload


@pytest.mark.parametrize(("file", "least"), [("webhooks.json", 329), ("webhooks-ghes.json", 100)])
def test_each_example_is_understood_and_comes_to_what_its_event_is_worth(file: str, least: int) -> None:
    found: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    count = 0
    for event, payload in examples(file):
        body = json.dumps(payload).encode()
        understood = parse_delivery(event, body, "reassay[bot]")
        assert isinstance(understood, ParsedDelivery), f"{event}: {understood}"
        assert parse_delivery(event, used_fields(event, body), "reassay[bot]") == understood
        assert understood.meaning.refresh == (event in REFRESHING and payload.get("action") != "created") or (
            event.startswith("installation")
        )
        kinds = tuple(each.kind for each in understood.subjects)
        found.setdefault((event, payload.get("action", "")), set()).add(kinds)
        count += 1
    assert count >= least
    for key, kinds_of in found.items():
        assert kinds_of <= WORTH.get(key, {()}), key


def test_each_event_worked_on_is_among_the_examples() -> None:
    there = {event for event, _ in examples("webhooks.json")}
    # There is no example of an account that changes its name.
    assert WORKED_ON - there == {"installation_target"}
    assert {key for key in WORTH if key[0] not in WORKED_ON} == set()


@pytest.mark.parametrize("file", FILES)
def test_subjects_are_those_of_the_payload(file: str) -> None:
    for event, payload in examples(file):
        understood = parse_delivery(event, json.dumps(payload).encode(), "reassay[bot]")
        assert isinstance(understood, ParsedDelivery)
        for subject in understood.subjects:
            assert subject.repository == payload["repository"]["id"]
            match subject.kind:
                case "pull" if event.startswith("pull_request"):
                    assert subject.number == payload["pull_request"]["number"]
                case "issue":
                    assert subject.number == payload["issue"]["number"]
                case "group":
                    assert subject.commit == payload["merge_group"]["head_sha"]
                    assert payload["merge_group"]["base_ref"] == f"refs/heads/{subject.base}"
                case _:
                    assert subject.kind in {"repository", "pull"}


def test_of_a_payload_little_is_kept_and_nothing_that_people_wrote_but_comments() -> None:
    for event, payload in examples("webhooks.json"):
        if event in WORKED_ON and event not in {"issue_comment", "issues"}:
            kept = used_fields(event, json.dumps(payload).encode())
            assert len(kept) < 500
            assert b"title" not in kept
            assert b"body" not in kept
