"""The gate under `act`: a hostile pull request from a fork is data, and the verdict is on its head."""

from collections.abc import Callable
from pathlib import Path

import pytest

from reassay_sandbox import Sandbox
from tests.action.action_runs import ACT, REPOSITORY, Workflow
from tests.action.test_action_act import make, register, shop

__all__ = ["make", "shop"]
pytestmark = [
    pytest.mark.skipif(ACT is None, reason="act is not installed; it comes with the development requirements"),
    pytest.mark.timeout(600),
]
RIGHTS = {"pull_requests": "write", "checks": "write"}
HOSTILE = b"id: evil\ntitle: '::error::x ${{ secrets.GITHUB_TOKEN }} @safety-lead <b>'\naudience: external\n"


@pytest.mark.long
def test_a_hostile_fork_is_judged_and_none_of_it_is_run(
    make: Callable[..., Workflow],
    box: Sandbox,
    tmp_path: Path,
) -> None:
    workflow = make(register(), **RIGHTS)
    workflow.repo.commit({"framework/mitigations.yml": b"mode: enforce\n" + register()})
    box.add_user("stranger")
    fork = box.repo(REPOSITORY).fork_as("stranger")
    mark = tmp_path / "ran"
    run_me = f"import pathlib\npathlib.Path({str(mark)!r}).touch()\n".encode()
    branch = f"x$(touch${{IFS}}{mark})"
    files = {
        "framework/evil.yml": HOSTILE,
        "bot/reassay/__init__.py": run_me,
        "sitecustomize.py": run_me,
        "setup.py": run_me,
    }
    fork.commit({**files, ".github/workflows/reassay.yml": b"on: push\n"}, branch=branch, author="stranger")
    number = workflow.repo.open_pull_as("stranger", f"stranger/framework:{branch}", title="`id` ::error::owned")
    done = workflow.run("pull_request_target", workflow.last_event("pull_request"), actor="stranger")
    assert done.code == 0, done.log
    (check,) = box.repo(REPOSITORY).checks(box.repo(REPOSITORY).pull_head(number))
    assert (check.name, check.conclusion, check.app.login) == ("reassay/main", "FAILURE", "github-actions[bot]")
    assert "Trust: advisory" in check.summary
    assert not mark.exists()
    assert workflow.token not in done.log
    assert done.errors == ()
    assert box.complaints == []


def run_for_groups(workflow: Workflow) -> None:
    """As in a repository that added the event to its workflow."""
    file = workflow.folder / ".github" / "workflows" / "reassay.yml"
    file.write_text(file.read_text().replace("  pull_request_target:", "  merge_group:\n  pull_request_target:", 1))


@pytest.mark.long
def test_a_comment_on_a_pull_request_and_a_group_of_the_queue_are_judged(
    make: Callable[..., Workflow], box: Sandbox
) -> None:
    # An App's token: that of a workflow reads no queue.
    workflow = make(register(), **RIGHTS, merge_queues="read")
    workflow.repo.commit({"framework/mitigations.yml": b"mode: advise\n" + register()})
    workflow.repo.commit({"README.md": b"x\n"}, branch="words", author="auditor")
    number = workflow.repo.open_pull_as("auditor", "words")
    workflow.repo.comment_as("safety-lead", number, "/reassay explain")
    done = workflow.run("issue_comment", workflow.last_event("issue_comment"))
    assert done.code == 0, done.log
    assert "**ready to merge**" in box.repo(REPOSITORY).thread(number).comments[-1].body
    group = workflow.repo.enqueue_as("auditor", number)
    run_for_groups(workflow)
    done = workflow.run("merge_group", workflow.last_event("merge_group"))
    assert done.code == 0, done.log
    assert [each.conclusion for each in box.repo(REPOSITORY).checks(group)] == ["SUCCESS"]


@pytest.mark.long
def test_the_token_of_a_workflow_says_that_a_queue_takes_the_app(make: Callable[..., Workflow], box: Sandbox) -> None:
    workflow = make(register(), **RIGHTS)
    workflow.repo.commit({"framework/mitigations.yml": b"mode: advise\n" + register()})
    workflow.repo.commit({"README.md": b"x\n"}, branch="words", author="auditor")
    group = workflow.repo.enqueue_as("auditor", workflow.repo.open_pull_as("auditor", "words"))
    run_for_groups(workflow)
    done = workflow.run("merge_group", workflow.last_event("merge_group"))
    assert done.code != 0
    assert "the merge queue of main cannot be read" in done.log
    assert "let the hosted App judge merges" in done.log
    assert box.repo(REPOSITORY).checks(group) == ()
