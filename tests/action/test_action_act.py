"""The Action under `act`, for every event it runs on: the workflow as written, the install, git, HTTP, all of it real."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from reassay_sandbox import Sandbox
from tests.action.action_runs import ACT, Run, Workflow, Workshop
from tests.unit.ledger.worlds import key, seed

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(ACT is None, reason="act is not installed; it comes with the development requirements"),
    # The first run on a machine downloads the requirements.
    pytest.mark.timeout(600),
]
SCHEDULE = {"schedule": "17 5 * * *"}
TRAINING = "{id: staff-training, title: Staff finish misuse training, owner: safety-lead, assessor: red-team-lead, every: 1 year}"
COUNTED = {
    "register-errors",
    "opened",
    "updated",
    "closed",
    "concluded",
    "failed",
    "due",
    "overdue",
    "ineffective",
    "ordered",
    "unreadable",
}


def register(*extra: str) -> bytes:
    """One that is due because it was never assessed, one that is current, and more."""
    today = datetime.now(UTC).date()
    current = "{id: jailbreak-filter, title: Input filter, owner: safety-lead, assessor: red-team-lead, every: 6 months"
    entries = [TRAINING, f"{current}, last_assessed: {today}}}", *extra]
    return "".join(["timezone: UTC\nmitigations:\n", *(f"  - {entry}\n" for entry in entries)]).encode()


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Workshop:
    base = tmp_path_factory.getbasetemp()
    return Workshop.make((base if worker_id == "master" else base.parent) / "workshop")


@pytest.fixture
def make(shop: Workshop, box: Sandbox, tmp_path: Path) -> Callable[..., Workflow]:
    def make_one(text: bytes | None = None, **permissions: str) -> Workflow:
        (tmp_path / "checkout").mkdir()
        return Workflow.make(shop, box, tmp_path / "checkout", text or register(), **permissions)

    return make_one


def fine(run: Run) -> Run:
    assert run.code == 0, run.log
    assert set(run.outputs) == COUNTED | {"summary-json"}
    return run


def test_on_schedule_what_is_due_is_opened_once_and_a_second_run_writes_nothing(make: Callable[..., Workflow]) -> None:
    workflow = make()
    first = fine(workflow.run("schedule", SCHEDULE))
    assert first.counts == {"opened": 1, "due": 1}
    assert first.outputs["summary-json"].startswith('{"opened": 1,')
    assert "| `staff-training` #1 |" in first.summary
    assert [issue.author for issue in workflow.repo.issues()] == ["github-actions[bot]"]
    assert workflow.token not in first.log
    with workflow.box.readonly():
        second = fine(workflow.run("schedule", SCHEDULE))
    assert second.counts == {"due": 1}
    assert "Nothing to do" in second.summary


def test_workflow_dispatch_asks_for_a_re_assessment_and_gives_the_reason(make: Callable[..., Workflow]) -> None:
    workflow = make()
    inputs = {"assess": "jailbreak-filter", "because": "a new family is going round"}
    run = fine(workflow.run("workflow_dispatch", {"inputs": inputs}))
    assert run.counts["opened"] == 2
    asked = next(issue for issue in workflow.repo.issues() if "Input filter" in issue.title)
    assert "a new family is going round" in asked.body


def test_a_push_that_adds_a_mitigation_opens_its_issue(make: Callable[..., Workflow]) -> None:
    workflow = make()
    fine(workflow.run("schedule", SCHEDULE))
    added = "{id: access-review, title: Access is reviewed, owner: safety-lead, every: 3 months}"
    workflow.repo.commit({"framework/mitigations.yml": register(added)}, message="access review", author="safety-lead")
    assert fine(workflow.run("push", workflow.last_event("push"))).counts == {"opened": 1, "due": 2}
    assert "Access is reviewed" in workflow.repo.issues()[-1].title


def test_an_issue_closed_by_hand_while_due_is_reopened(make: Callable[..., Workflow]) -> None:
    workflow = make()
    fine(workflow.run("schedule", SCHEDULE))
    workflow.repo.close_as("safety-lead", 1)
    run = fine(workflow.run("issues", workflow.last_event("issues")))
    assert workflow.repo.issue(1).state == "open"
    assert run.counts["updated"] >= 1
    assert run.counts["due"] == 1


def test_a_comment_that_concludes_is_recorded_and_closes_the_issue(make: Callable[..., Workflow]) -> None:
    workflow = make()
    fine(workflow.run("schedule", SCHEDULE))
    workflow.repo.comment_as("red-team-lead", 1, "/reassay conclude effective because 118 of 120 finished")
    run = fine(workflow.run("issue_comment", workflow.last_event("issue_comment"), actor="red-team-lead"))
    assert run.counts["concluded"] == run.counts["closed"] == 1
    assert "due" not in run.counts
    issue = workflow.repo.issue(1)
    assert issue.state == "closed"
    assert "118 of 120 finished" in issue.comments[-1].body
    assert b'"decided"' in b"".join(
        workflow.repo.read("reassay-ledger", path) for path in workflow.repo.ls("reassay-ledger")
    )
    with workflow.box.readonly():
        fine(workflow.run("schedule", SCHEDULE))


def test_a_comment_that_is_just_talk_asks_github_nothing(make: Callable[..., Workflow]) -> None:
    workflow = make()
    fine(workflow.run("schedule", SCHEDULE))
    before = len(workflow.box.traffic)
    workflow.repo.comment_as("auditor", 1, "What about the contractors?")
    run = workflow.run("issue_comment", workflow.last_event("issue_comment"), actor="auditor")
    assert (run.code, "install.sh" in run.log) == (0, False)
    workflow.repo.comment_as("auditor", 1, "What does `/reassay conclude` do?")
    run = workflow.run("issue_comment", workflow.last_event("issue_comment"), actor="auditor")
    assert run.code == 0
    assert "the comment has no command" in run.log
    assert len(workflow.box.traffic) == before


def test_hostile_words_reach_no_shell_and_start_no_workflow_command(
    make: Callable[..., Workflow], tmp_path: Path
) -> None:
    mark = tmp_path / "pwned"
    hostile = f"$(touch {mark}) `touch {mark}` \"; touch {mark}; ' && touch {mark} #\n::error::forged"
    workflow = make()
    fine(workflow.run("schedule", SCHEDULE))
    workflow.repo.edit_as("auditor", 1, title=hostile.replace("\n", " ") + "${{ github.token }}")
    fine(workflow.run("issues", workflow.last_event("issues"), actor="auditor"))
    workflow.repo.comment_as("auditor", 1, f"/reassay explain {hostile}")
    said = fine(workflow.run("issue_comment", workflow.last_event("issue_comment"), actor="auditor"))
    asked = fine(workflow.run("workflow_dispatch", {"inputs": {"assess": "jailbreak-filter", "because": hostile}}))
    assert not mark.exists()
    assert said.errors == asked.errors == ()
    assert workflow.token not in said.log + asked.log


def test_the_input_ledger_key_signs_the_ledger_and_shows_nowhere(make: Callable[..., Workflow]) -> None:
    workflow = make()
    pem = key("old")._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    for secret in (seed("old"), pem):
        run = fine(
            workflow.run("schedule", SCHEDULE, secrets={"LEDGER_KEY": secret}, ledger_key="${{ secrets.LEDGER_KEY }}")
        )
        shown = run.log + run.summary + "".join(run.outputs.values())
        assert not [line for line in secret.splitlines() if line in shown and "-----" not in line]
    assert key("old").id.encode() in workflow.repo.read("reassay-ledger", "head.json")
    asked = {"inputs": {"assess": "jailbreak-filter", "because": "a new family is going round"}}
    refused = workflow.run("workflow_dispatch", asked)
    assert refused.code != 0
    assert "no key is configured" in "".join(refused.errors)


def test_a_dry_run_says_what_it_would_do_and_writes_nothing(make: Callable[..., Workflow]) -> None:
    workflow = make()
    with workflow.box.readonly():
        run = fine(workflow.run("schedule", SCHEDULE, dry_run="true"))
    assert "Dry run: nothing was written. A sweep would:" in run.summary
    assert "Staff finish misuse training" in run.summary


def test_fail_on_overdue_fails_the_step_while_something_is_overdue(make: Callable[..., Workflow]) -> None:
    late = (
        "{id: access-review, title: Access is reviewed, owner: safety-lead, every: 3 months, last_assessed: 2020-01-01}"
    )
    workflow = make(register(late))
    assert fine(workflow.run("schedule", SCHEDULE)).counts["overdue"] == 1
    failed = workflow.run("schedule", SCHEDULE, fail_on="overdue")
    assert failed.code != 0
    assert failed.outputs["overdue"] == "1"


@pytest.mark.complaints_expected
def test_a_token_that_may_not_write_fails_the_step_and_says_what_is_missing(make: Callable[..., Workflow]) -> None:
    workflow = make(contents="read")
    run = workflow.run("schedule", SCHEDULE)
    assert run.code != 0
    assert run.outputs["failed"] != "0"
    assert run.errors
    assert workflow.token not in run.log
    assert workflow.repo.issues() == ()
