"""Groups of a merge queue in the hosted App: what its token may read, and a group that GitHub does not show yet."""

import pytest

from reassay.hosted.jobs.reconcile import JobDone, RetryLater
from reassay.hosted.rules.subject import Job, JobSubject
from tests.gate_lab import FILES
from tests.hosted.hosted_lab import RIGHTS, HostedLab

GATED = "example-lab/gated"


@pytest.fixture
def gated(hosted: HostedLab) -> HostedLab:
    hosted.add(GATED, dict(FILES))
    hosted.box.install(hosted.app_id, GATED)
    hosted.round()
    return hosted


def queued(gated: HostedLab, *, shown: bool = True) -> tuple[JobSubject, JobSubject, str]:
    """The jobs of a pull request in the queue and of its group, with the group's commit."""
    repo = gated.box.repo(GATED)
    repo.commit({"README.md": b"Words."}, "Words", "auditor", "words")
    number = repo.open_pull_as("auditor", "words")
    group = repo.enqueue_as("auditor", number, shown=shown)
    repository = gated.id_of(GATED)
    return JobSubject(repository, "pull", number), JobSubject(repository, "group", commit=group, base="main"), group


def let_read_queues(gated: HostedLab) -> None:
    installation = gated.jobs.repositories.find(gated.id_of(GATED))
    assert installation is not None
    gated.app.permissions["merge_queues"] = "read"
    gated.box.grant(gated.app_id, installation.installation, RIGHTS | {"merge_queues": "read"})
    gated.jobs.tokens.forget(installation.installation, gated.id_of(GATED))


def conclusions(gated: HostedLab, commit: str) -> list[str | None]:
    return [check.conclusion for check in gated.box.repo(GATED).checks(commit)]


@pytest.mark.long
def test_without_the_permission_the_group_waits_aloud_and_with_it_gets_its_verdict(gated: HostedLab) -> None:
    pull, about_group, group = queued(gated)
    outcome = gated.jobs.runner.run(Job(about_group))
    assert isinstance(outcome, RetryLater)
    assert outcome.counts
    assert "the merge queue of main cannot be read" in outcome.why
    outcome = gated.jobs.runner.run(Job(pull))
    assert isinstance(outcome, RetryLater)
    assert "merge_queues: read" in outcome.why
    assert conclusions(gated, gated.box.repo(GATED).pull_head(pull.number or 0)) == ["SUCCESS"]
    assert conclusions(gated, group) == []
    let_read_queues(gated)
    assert isinstance(gated.jobs.runner.run(Job(about_group)), JobDone)
    assert conclusions(gated, group) == ["SUCCESS"]
    assert isinstance(gated.jobs.runner.run(Job(pull)), JobDone)


@pytest.mark.long
def test_a_group_that_github_does_not_show_yet_is_looked_at_again_until_it_does(gated: HostedLab) -> None:
    let_read_queues(gated)
    _, about_group, group = queued(gated, shown=False)
    gated.jobs.queue.defer([about_group])
    gated.work()
    assert conclusions(gated, group) == []
    gated.box.repo(GATED).show_groups()
    gated.later()
    gated.work()
    assert conclusions(gated, group) == ["SUCCESS"]
    assert gated.jobs.dead_letters.listed() == ()
