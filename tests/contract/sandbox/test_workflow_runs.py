"""Workflow runs, the list of artifacts and the comparison of commits, as another client of GitHub's reads them."""

import pytest
from github import Auth, Github, GithubException

from reassay_sandbox import Sandbox
from reassay_sandbox.stored_files import SandboxFiles
from reassay_sandbox.workflows import SandboxWorkflows

NAME = "example-lab/framework"


@pytest.fixture
def workflows(box: Sandbox) -> SandboxWorkflows:
    box.add_user("safety-lead")
    box.add_bot("reassay")
    box.add_repo(NAME, private=True, files={"README.md": b"x\n"}, collaborators={"safety-lead": "write"})
    return SandboxWorkflows(box.repo(NAME))


def client(box: Sandbox, **permissions: str) -> Github:
    token = box.token("reassay[bot]", NAME, permissions={"metadata": "read", "contents": "read"} | permissions)
    return Github(auth=Auth.Token(token), base_url=box.api_url, retry=None, api_version="2022-11-28")


def test_pygithub_reads_a_run_its_artifacts_and_what_became_of_it(box: Sandbox, workflows: SandboxWorkflows) -> None:
    number = workflows.start(event="workflow_dispatch")
    SandboxFiles(workflows.repository).upload_artifact(number, "reassay-run-1-own", {"reassay.json": b"{}"})
    with client(box, actions="read") as github:
        repository = github.get_repo(NAME)
        run = repository.get_workflow_run(number)
        assert (run.status, run.event, run.run_attempt) == ("in_progress", "workflow_dispatch", 1)
        assert run.conclusion is None
        (artifact,) = repository.get_artifacts()
        assert (artifact.name, artifact.workflow_run.id) == ("reassay-run-1-own", number)
        workflows.finish(number, "cancelled")
        workflows.start_again(number)
        again = repository.get_workflow_run(number)
        assert (again.status, again.run_attempt) == ("in_progress", 2)


@pytest.mark.long
def test_pygithub_compares_commits(box: Sandbox, workflows: SandboxWorkflows) -> None:
    repo = box.repo(NAME)
    before = repo.head()
    assert before is not None
    later = repo.commit({"README.md": b"y\n"}, author="safety-lead")
    side = repo.commit({"README.md": b"z\n"}, branch="side", author="safety-lead")
    with client(box) as github:
        repository = github.get_repo(NAME)
        assert repository.compare(before, later).status == "ahead"
        assert repository.compare(later, before).status == "behind"
        assert repository.compare(later, later).status == "identical"
        assert repository.compare(side, later).status in {"ahead", "behind", "diverged"}
        with pytest.raises(GithubException):
            repository.compare("0" * 40, later)


@pytest.mark.complaints_expected
def test_a_token_without_the_permission_reads_no_runs(box: Sandbox, workflows: SandboxWorkflows) -> None:
    number = workflows.start()
    with client(box) as github, pytest.raises(GithubException) as refused:
        github.get_repo(NAME).get_workflow_run(number)
    assert refused.value.status == 403
