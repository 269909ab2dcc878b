"""What the App asks GitHub for is what the program uses: held against what went over the wire."""

import json

import pytest

from reassay.github.tokens import ASKED
from reassay.hosted.rules.events import EVENTS, subscribed
from reassay.hosted.rules.manifest import manifest, permissions
from reassay.hosted.rules.subject import JobSubject
from reassay.hosted.web.composition import app_manifest
from reassay_sandbox.stored_files import SandboxFiles
from tests.hosted.hosted_lab import FIRST, HostedLab
from tests.lab import STARTER

BASE = "https://reassay.example.com"
WITH_A_TEAM = b"roles:\n  board: {teams: [example-lab/board]}\ngate:\n  override: board\n" + STARTER.replace(
    b"mode: remind", b"mode: enforce"
)
USED = {
    "actions": "read GET /repos/{owner}/{repo}/actions/runs/{run}/artifacts",
    "checks": "write MUTATION createCheckRun",
    "contents": "write MUTATION createCommitOnBranch",
    "issues": "write POST /repos/{owner}/{repo}/issues",
    "members": "read QUERY Team",
    "pull_requests": "write MUTATION createCheckRun with a comment",
}
"""What shows that a permission is used. `metadata` comes with every App; `merge_queues` is for an event."""


def asked() -> dict[str, str]:
    return dict(app_manifest(BASE, "reassay")["default_permissions"])  # type: ignore[call-overload, no-any-return] # a mapping


def test_the_manifest_is_made_of_what_tokens_ask_for_and_what_is_read() -> None:
    made = app_manifest(BASE, "lab reassay")
    assert made == manifest(BASE, "lab reassay", permissions(ASKED, subscribed()), subscribed())
    assert made["public"] is False
    assert made["hook_attributes"] == {"url": f"{BASE}/webhook", "active": True}
    assert made["redirect_url"] == f"{BASE}/setup/created"
    assert made["callback_urls"] == [f"{BASE}/sign-in/callback"]
    assert made["setup_url"] == f"{BASE}/setup/installed"
    assert made["default_events"] == sorted(event.name for event in EVENTS if event.permission)
    assert not {"installation", "installation_repositories", "ping"} & set(made["default_events"])
    assert json.loads(json.dumps(made)) == made


def test_the_higher_of_two_levels_is_asked_for_and_events_only_read() -> None:
    found = permissions([{"a": "write"}, {"a": "read", "b": "read"}, {"c": "admin"}], {"x": "d", "y": "a"})
    assert found == {"a": "write", "b": "read", "c": "admin", "d": "read"}


@pytest.mark.long
def test_nothing_is_asked_for_that_is_never_used_and_nothing_used_that_is_not_asked_for(hosted: HostedLab) -> None:
    # The sandbox refuses, and complains of, whatever goes beyond these.
    hosted.app.permissions = asked()
    for each in hosted.app.installations.values():
        each.permissions = asked()
    hosted.box.add_team("example-lab/board", "release-manager")
    repo = hosted.box.repo(FIRST)
    hosted.round()
    SandboxFiles(repo).upload_artifact(7, "evaluation", {"results.json": b"{}"})
    issue = repo.issues()[0].number
    repo.comment_as("safety-lead", issue, "/reassay evidence artifact:7/evaluation because of last night's run")
    hosted.jobs.queue.defer([JobSubject(hosted.id_of(FIRST))])
    hosted.work()
    ours = b"app_id: %d\n" % hosted.app_id + WITH_A_TEAM
    repo.commit({"framework/mitigations.yml": ours}, message="enforce", author="safety-lead")
    hosted.round()
    looser = ours.replace(b"every: 6 months", b"every: 1 year")
    repo.commit({"framework/mitigations.yml": looser}, branch="looser", author="safety-lead")
    number = repo.open_pull_as("safety-lead", "looser")
    hosted.jobs.queue.defer([JobSubject(hosted.id_of(FIRST), "pull", number)])
    hosted.work()
    operations = {each.operation for each in hosted.box.traffic if each.status in range(200, 300)}
    comments = [
        each
        for each in hosted.box.traffic
        if each.operation == "MUTATION createCheckRun" and b"addComment" in each.request_body
    ]
    shown = {f"write {each}" for each in operations} | {f"read {each}" for each in operations}
    shown |= {"write MUTATION createCheckRun with a comment"} if comments else set()
    assert {name for name, use in USED.items() if use not in shown} == set(), sorted(operations)
    for_events = {name for name in subscribed().values() if name not in USED}
    assert set(asked()) == set(USED) | for_events
    assert for_events == {"metadata", "merge_queues"}
    assert {name: asked()[name] for name in USED} == {name: use.partition(" ")[0] for name, use in USED.items()}


@pytest.mark.long
def test_a_button_under_the_check_brings_its_pull_request_up_again(hosted: HostedLab) -> None:
    from reassay.hosted.rules.deliveries import ParsedDelivery, parse_delivery

    repo = hosted.box.repo(FIRST)
    enforced = STARTER.replace(b"mode: remind", b"mode: enforce")
    repo.commit({"framework/mitigations.yml": enforced}, message="enforce", author="safety-lead")
    hosted.round()
    repo.commit(
        {"framework/mitigations.yml": enforced.replace(b"every: 6 months", b"every: 1 year")},
        branch="looser",
        author="safety-lead",
    )
    number = repo.open_pull_as("safety-lead", "looser")
    hosted.jobs.queue.defer([JobSubject(hosted.id_of(FIRST), "pull", number)])
    hosted.work()
    (check,) = hosted.box.dispatcher.store.repos[FIRST].checks
    assert [each["label"] for each in check.actions] == ["Re-evaluate"]
    told: list[tuple[str, dict[str, object]]] = []
    hosted.box.on_event(lambda name, payload: told.append((name, payload)))
    repo.press_as("safety-lead", check.id, check.actions[0]["identifier"])
    ((event, payload),) = told
    understood = parse_delivery(event, json.dumps(payload).encode(), "reassay[bot]")
    assert isinstance(understood, ParsedDelivery)
    assert understood.subjects == (JobSubject(hosted.id_of(FIRST), "pull", number),)
