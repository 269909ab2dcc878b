"""Evaluation runs on the sandbox: known from their start to their end, whatever becomes of them and whoever would rather not say."""

import json
from collections.abc import Callable, Mapping

import pytest

from reassay.evidence.run_documents import FILE_NAME
from reassay.ledger.history import History
from reassay.ledger.run_history import results_since
from reassay.ledger.runs import RunEnded, RunRefused, RunRegistered
from reassay_sandbox.stored_files import SandboxFiles
from tests.lab import PERMISSIONS, REPOSITORY, Lab
from tests.sweep.run_lab import (
    REGISTER,
    again_nothing,
    bodies,
    entries,
    hand_over,
    identity,
    lab_with_runs,
    register_run,
    states,
    workflows,
)


@pytest.fixture
def ours(make_lab: Callable[..., Lab]) -> Lab:
    return lab_with_runs(make_lab)


@pytest.mark.long
def test_a_run_is_known_from_its_start_and_its_result_is_kept_outside_of_a_re_assessment(ours: Lab) -> None:
    number = workflows(ours).start(event="workflow_dispatch")
    register_run(ours, number, planned=3, seed="7")
    assert states(ours) == [("open", "workflow-run")]
    again_nothing(ours)
    (registered,) = bodies(ours)
    assert isinstance(registered, RunRegistered)
    assert (registered.workflow, registered.branch, registered.event) == (
        ".github/workflows/evaluate.yml",
        "main",
        "workflow_dispatch",
    )
    assert (registered.planned, registered.seed, registered.reassessment) == (3, "7", None)
    hand_over(ours, number)
    workflows(ours).finish(number)
    assert states(ours) == [("result", "workflow-run")]
    again_nothing(ours)
    (recorded,) = results_since(History.of(entries(ours)), "jailbreak-filter", "*")
    assert (recorded.provenance, recorded.criterion, recorded.run) == (
        "workflow-run",
        "harmful answers",
        f"{number}-1-evaluate",
    )


def test_its_readings_are_an_object_of_the_ledger(ours: Lab) -> None:
    number = workflows(ours).start()
    register_run(ours, number)
    hand_over(ours, number)
    (ended,) = [body for body in bodies(ours) if isinstance(body, RunEnded)]
    digest = ended.results[0].readings.removeprefix("sha256:")
    path = f"objects/{digest[0]}/{digest[1]}/{digest[2]}/{digest}"
    stored = json.loads(ours.repo.read("reassay-ledger", path) or b"null")
    assert [reading["totals"] for reading in stored] == [[["C", 3]]]


def test_with_a_re_assessment_open_the_result_belongs_to_it(ours: Lab) -> None:
    ours.register(REGISTER.replace(b"last_assessed: 2026-11-01\n    target", b"target"))
    ours.fine()
    number = workflows(ours).start()
    register_run(ours, number)
    hand_over(ours, number)
    assert {body.reassessment for body in bodies(ours) if not isinstance(body, RunRefused)} == {"R-2026-001"}
    again_nothing(ours)


@pytest.mark.long
@pytest.mark.parametrize(
    ("conclusion", "state"),
    [("failure", "failed"), ("success", "failed"), ("cancelled", "cancelled"), ("timed_out", "failed")],
)
def test_a_run_that_is_over_without_a_result_is_found_by_the_next_sweep(ours: Lab, conclusion: str, state: str) -> None:
    number = workflows(ours).start()
    register_run(ours, number)
    ours.fine()
    workflows(ours).finish(number, conclusion)
    assert [own for own, _ in states(ours)] == [state]
    again_nothing(ours)
    (ended,) = [body for body in bodies(ours) if isinstance(body, RunEnded)]
    assert ended.why == f"its workflow run ended as {conclusion} without a result"


def test_a_run_that_says_itself_that_it_failed_is_recorded_with_its_reason(ours: Lab) -> None:
    number = workflows(ours).start()
    register_run(ours, number)
    hand_over(ours, number, how="failed")
    (_, ended) = bodies(ours)
    assert isinstance(ended, RunEnded)
    assert (ended.how, ended.why) == ("failed", "no file matches 'logs/*.eval'")


@pytest.mark.long
def test_starting_again_until_it_is_green_hides_no_run(ours: Lab) -> None:
    number = workflows(ours).start()
    register_run(ours, number)
    ours.fine()
    workflows(ours).finish(number, "failure")
    workflows(ours).start_again(number)
    register_run(ours, number, 2)
    hand_over(ours, number, 2)
    assert states(ours) == [("failed", "workflow-run"), ("result", "workflow-run")]
    again_nothing(ours)


@pytest.mark.long
def test_a_workflow_run_that_was_deleted_is_recorded_as_failed(ours: Lab) -> None:
    number = workflows(ours).start()
    register_run(ours, number)
    ours.fine()
    workflows(ours).delete(number)
    assert [own for own, _ in states(ours)] == ["failed"]
    assert [body.why for body in bodies(ours)][-1] == "its workflow run was deleted on GitHub"


@pytest.mark.long
def test_a_result_that_comes_after_somebody_saw_its_workflow_end_still_counts(ours: Lab) -> None:
    number = workflows(ours).start()
    register_run(ours, number)
    workflows(ours).finish(number, "failure")
    ours.fine()
    hand_over(ours, number)
    assert states(ours) == [("result", "workflow-run")]


@pytest.mark.long
def test_a_result_without_a_registration_counts_as_uploaded(ours: Lab) -> None:
    hand_over(ours, workflows(ours).start())
    (ended,) = bodies(ours)
    assert isinstance(ended, RunEnded)
    assert (ended.provenance, ended.why) == ("uploaded", "the run never registered itself")
    again_nothing(ours)


@pytest.mark.long
def test_a_run_that_registers_itself_after_its_result_counts_as_uploaded(ours: Lab) -> None:
    number = workflows(ours).start()
    hand_over(ours, number)
    ours.later(minutes=1)
    register_run(ours, number)
    assert states(ours) == [("result", "uploaded")]
    (recorded,) = results_since(History.of(entries(ours)), "jailbreak-filter", "*")
    assert recorded.provenance == "uploaded"
    again_nothing(ours)


def test_a_workflow_of_another_branch_counts_as_uploaded(ours: Lab) -> None:
    ours.repo.commit({".github/workflows/evaluate.yml": b"on: push\n"}, branch="mine", author="safety-lead")
    number = workflows(ours).start(branch="mine", event="push")
    register_run(ours, number)
    hand_over(ours, number)
    assert states(ours) == [("result", "uploaded")]
    assert {getattr(body, "why", None) for body in bodies(ours)} == {
        "its workflow ran at a commit that main does not contain"
    }


def test_a_workflow_of_an_earlier_commit_of_the_default_branch_counts_in_full(ours: Lab) -> None:
    number = workflows(ours).start()
    ours.repo.commit({"README.md": b"later\n"}, author="safety-lead")
    register_run(ours, number)
    hand_over(ours, number)
    assert states(ours) == [("result", "workflow-run")]


def test_a_second_result_of_a_run_counts_as_uploaded_and_hides_none_of_the_first(ours: Lab) -> None:
    number = workflows(ours).start()
    register_run(ours, number)
    first = hand_over(ours, number)
    ours.fine()
    SandboxFiles(ours.repo).delete_artifact(first)
    hand_over(ours, number)
    history = History.of(entries(ours))
    recorded = results_since(history, "jailbreak-filter", "*")
    assert [result.provenance for result in recorded] == ["workflow-run", "uploaded"]


def run_of_another(lab: Lab, number: int) -> None:
    other = workflows(lab).start()
    document = {"schema": "reassay/run/v1", "identity": identity(number)}
    SandboxFiles(lab.repo).upload_artifact(other, "reassay-run-1-evaluate", {FILE_NAME: json.dumps(document).encode()})


def of_another_mitigation(lab: Lab, number: int) -> None:
    register_run(lab, number)
    lab.fine()
    hand_over(lab, number, mitigation="staff-training", criterion=None)


def of_another_arm(lab: Lab, number: int) -> None:
    register_run(lab, number)
    lab.fine()
    hand_over(lab, number, arm="positive-control")


def twice(lab: Lab, number: int) -> None:
    register_run(lab, number)
    lab.fine()
    register_run(lab, number, planned=9)


def upload(lab: Lab, number: int, content: Mapping[str, bytes]) -> None:
    SandboxFiles(lab.repo).upload_artifact(number, "reassay-result-1-evaluate", content)


REFUSED: Mapping[str, tuple[Callable[[Lab, int], object], str]] = {
    "of another workflow run": (run_of_another, "it says that it is of workflow run"),
    "of an attempt that there is not": (lambda lab, n: register_run(lab, n, 3), "of attempt 3 of a run that has 1"),
    "of a fork": (lambda lab, n: register_run(lab, n, fork=True), "another repository (a fork)"),
    "of a mitigation that there is not": (
        lambda lab, n: register_run(lab, n, mitigation="nobody"),
        "the register has no mitigation nobody",
    ),
    "of another mitigation than registered": (of_another_mitigation, "for another mitigation, criterion or arm"),
    "of another arm than registered": (of_another_arm, "for another mitigation, criterion or arm"),
    "registered twice": (twice, "has registered itself already"),
    "two files": (lambda lab, n: upload(lab, n, {FILE_NAME: b"{}", "x": b""}), "does not hold reassay.json alone"),
    "no JSON": (lambda lab, n: upload(lab, n, {FILE_NAME: b"\xff"}), "not what this version of the Action writes"),
    "deep JSON": (lambda lab, n: upload(lab, n, {FILE_NAME: b"[" * 100_000}), "not what this version"),
    "further keys": (
        lambda lab, n: upload(lab, n, {FILE_NAME: json.dumps({"schema": "reassay/run-result/v1", "x": 1}).encode()}),
        "not what this version",
    ),
    "no archive": (
        lambda lab, n: SandboxFiles(lab.repo).upload_archive(n, "reassay-result-1-evaluate", b"PK\x03\x04 not a zip"),
        "it is not a whole zip archive",
    ),
    "a name without an attempt": (
        lambda lab, n: SandboxFiles(lab.repo).upload_artifact(n, "reassay-run-evaluate", {FILE_NAME: b"{}"}),
        "its name has no number of an attempt",
    ),
    "a bomb": (lambda lab, n: upload(lab, n, {FILE_NAME: b" " * 70_000_000}), "is larger than 60,000,000 bytes"),
}


@pytest.mark.parametrize("how", REFUSED)
def test_what_cannot_be_taken_is_refused_once_with_its_reason(ours: Lab, how: str) -> None:
    number = workflows(ours).start()
    forge, words = REFUSED[how]
    forge(ours, number)
    refused = [body.why for body in bodies(ours) if isinstance(body, RunRefused)]
    assert len(refused) == 1
    assert words in refused[0]
    again_nothing(ours)


def test_an_artifact_that_expired_unread_is_said(ours: Lab) -> None:
    number = workflows(ours).start()
    register_run(ours, number)
    for artifact in ours.repo._repo().storage.artifacts:
        artifact.is_deleted = True
    (refused,) = bodies(ours)
    assert isinstance(refused, RunRefused)
    assert refused.why == "it expired before it was read"
    again_nothing(ours)


def test_nothing_is_asked_where_no_criterion_takes_runs_and_none_is_open(ours: Lab) -> None:
    ours.register(REGISTER.replace(b", provenance: workflow-run", b""))
    ours.fine()
    register_run(ours, workflows(ours).start())
    ours.fine()
    before = len(ours.box.traffic)
    ours.fine()
    asked = [request.path for request in ours.box.traffic[before:]]
    assert not [path for path in asked if "/actions/" in path]


def test_where_runs_are_expected_and_none_is_new_a_sweep_asks_once_more(ours: Lab) -> None:
    number = workflows(ours).start()
    register_run(ours, number)
    hand_over(ours, number)
    ours.fine()
    before = len(ours.box.traffic)
    ours.fine()
    asked = [request.path for request in ours.box.traffic[before:]]
    assert [path for path in asked if "/actions/" in path] == [f"/api/v3/repos/{REPOSITORY}/actions/artifacts"]
    assert not [path for path in asked if "/compare/" in path]


@pytest.mark.long
def test_the_event_of_a_pull_request_asks_about_no_run(ours: Lab) -> None:
    register_run(ours, workflows(ours).start())
    ours.repo.commit({"README.md": b"x\n"}, branch="words", author="auditor")
    number = ours.repo.open_pull_as("auditor", "words")
    before = len(ours.box.traffic)
    ours.sweep(pull=number)
    assert not [request.path for request in ours.box.traffic[before:] if "/actions/" in request.path]


@pytest.mark.long
def test_a_run_that_starts_the_sweep_is_found_also_where_no_criterion_asks_for_it(ours: Lab) -> None:
    ours.register(REGISTER.replace(b", provenance: workflow-run", b""))
    register_run(ours, workflows(ours).start())
    ours.fine(runs=True)
    assert states(ours) == [("open", "workflow-run")]


@pytest.mark.long
def test_a_token_that_may_not_read_runs_says_so_and_the_sweep_goes_on(ours: Lab) -> None:
    token = ours.box.token("reassay[bot]", REPOSITORY, permissions=PERMISSIONS)
    settings = type(ours.settings)(token=token, api_url=ours.box.api_url, server_url=ours.box.url, write_pause=0)
    report = ours.sweep(settings=settings)
    assert report.problems == ()
    assert any("actions: read" in note for note in report.notes)


@pytest.mark.long
def test_other_artifacts_are_not_looked_into(ours: Lab) -> None:
    number = workflows(ours).start()
    SandboxFiles(ours.repo).upload_artifact(number, "logs", {"a.txt": b"x"})
    assert bodies(ours) == []


# The Action's two modes, as the runner starts them.
