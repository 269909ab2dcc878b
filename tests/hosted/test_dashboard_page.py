"""The App writes the dashboard's page as the Action does, and is left alone after it."""

from tests.hosted.hosted_lab import FIRST, SECOND, HostedLab
from tests.lab import STARTER

BRANCH = "reassay-dashboard"


def test_a_job_writes_the_page_where_the_configuration_asks_for_it(hosted: HostedLab) -> None:
    repo = hosted.box.repo(FIRST)
    text = STARTER.replace(b"mode: remind\n", b"mode: remind\ndashboard: true\n")
    repo.commit({"framework/mitigations.yml": text}, message="a dashboard", author="safety-lead")
    hosted.round()
    assert b"# Re-assessment dashboard" in (repo.read(BRANCH, "README.md") or b"")
    assert "pictures/states.svg" in repo.ls(BRANCH)
    assert hosted.box.repo(SECOND).head(BRANCH) is None
    assert hosted.fine() == {FIRST: True, SECOND: True}
    hosted.hours(1)
    hosted.round()
    with hosted.box.readonly():
        hosted.hours(1)
        hosted.round()
