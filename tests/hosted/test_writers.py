"""One writer at a time: a repository moves from the Action to the App and back, and nothing is doubled."""

from dataclasses import replace

import pytest

from reassay.cli.remote import remote_ports
from reassay.cli.settings import GitHubSettings
from reassay.people.writers import SOMEBODY, RunOrigin, another_writer
from reassay.register.configuration import Configuration
from reassay.sweep.interpreters import Budget
from reassay.sweep.options import Options
from reassay.sweep.report import Report
from reassay.sweep.sweep import sweep
from tests.hosted.hosted_lab import FIRST, HostedLab
from tests.lab import PERMISSIONS, STARTER, BoxClock

BOTS = b"bots: ['github-actions[bot]', 'reassay[bot]']\n"
ACTION, APP = RunOrigin("action"), RunOrigin("app", 7)


@pytest.mark.parametrize(
    ("written", "acting", "writes"),
    [
        ({}, SOMEBODY, True),
        ({}, ACTION, True),
        ({}, APP, True),
        ({"writer": "app"}, ACTION, False),
        ({"writer": "app"}, APP, True),
        ({"writer": "app"}, SOMEBODY, True),
        ({"writer": "action"}, ACTION, True),
        ({"writer": "action"}, APP, False),
        ({"app_id": 7}, APP, True),
        ({"app_id": 8}, APP, False),
        ({"app_id": 8}, ACTION, True),
        ({"writer": "app", "app_id": 8}, APP, False),
    ],
)
def test_who_writes(written: dict[str, object], acting: RunOrigin, writes: bool) -> None:
    why = another_writer(Configuration.model_validate(written), acting)
    assert (why is None) is writes
    assert why is None or "only reads" in why


def action(hosted: HostedLab) -> Report:
    """A workflow's run."""
    hosted.box.add_bot("github-actions")
    token = hosted.box.token("github-actions[bot]", FIRST, permissions=PERMISSIONS)
    settings = GitHubSettings(
        token=token, api_url=hosted.box.api_url, server_url=hosted.box.url, write_pause=0, in_workflow=True
    )
    with remote_ports(FIRST, settings, BoxClock(hosted.box)) as ports:
        return sweep(ports, Options(), Budget(), lambda _line: None)


def configure(hosted: HostedLab, line: bytes) -> None:
    hosted.box.repo(FIRST).commit(
        {
            ".github/reassay.yml": b"mode: remind\ntimezone: Europe/Berlin\n" + BOTS + line,
            "framework/mitigations.yml": STARTER.replace(b"mode: remind\ntimezone: Europe/Berlin\n", b""),
        },
        message="who writes",
        author="safety-lead",
    )


@pytest.mark.long
def test_from_the_action_to_the_app_and_back_without_a_second_of_anything(hosted: HostedLab) -> None:
    configure(hosted, b"writer: action\n")
    assert action(hosted).problems == ()
    before = hosted.titles(FIRST)
    assert len(before) == 2
    hosted.tick()
    hosted.work()
    assert hosted.titles(FIRST) == before
    problems = hosted.database.rows("select fine, problems from reassay_repositories where full_name = %s", (FIRST,))
    assert problems == [(True, [])]

    configure(hosted, b"writer: app\n")
    with hosted.box.readonly():
        report = action(hosted)
    assert report.dry_run
    assert "the hosted App writes and the Action only reads" in report.notes[0]
    number = hosted.box.repo(FIRST).issues()[0].number
    hosted.box.repo(FIRST).comment_as("safety-lead", number, "/reassay explain")
    hosted.hours(1)
    hosted.round()
    answers = hosted.box.repo(FIRST).thread(number).comments
    assert answers[-1].author == "reassay[bot]"
    assert hosted.titles(FIRST) == before

    configure(hosted, b"writer: action\n")
    hosted.box.repo(FIRST).comment_as("safety-lead", number, "/reassay explain")
    with hosted.box.readonly():
        hosted.hours(1)
        hosted.tick()
        hosted.work()
    assert len(hosted.box.repo(FIRST).thread(number).comments) == len(answers) + 1
    assert action(hosted).problems == ()
    assert action(hosted).done == ()
    assert hosted.titles(FIRST) == before
    assert hosted.box.repo(FIRST).thread(number).comments[-1].author == "github-actions[bot]"


@pytest.mark.long
def test_an_app_that_the_configuration_does_not_name_only_looks(hosted: HostedLab) -> None:
    configure(hosted, f"app_id: {hosted.app_id + 1}\n".encode())
    with hosted.box.readonly():
        hosted.jobs.queue.defer([])
        hosted.database.run("delete from procrastinate_jobs")
        hosted.box.uninstall(
            hosted.app_id,
            next(number for number, each in hosted.app.installations.items() if each.account == "other-lab"),
        )
        hosted.round()
    configure(hosted, f"app_id: {hosted.app_id}\n".encode())
    hosted.hours(1)
    hosted.round()
    assert len(hosted.titles(FIRST)) == 2


def test_a_person_at_a_command_line_is_not_held_back(hosted: HostedLab) -> None:
    configure(hosted, b"writer: app\n")
    hosted.box.add_bot("github-actions")
    token = hosted.box.token("github-actions[bot]", FIRST, permissions=PERMISSIONS)
    settings = GitHubSettings(token=token, api_url=hosted.box.api_url, server_url=hosted.box.url, write_pause=0)
    with remote_ports(FIRST, replace(settings), BoxClock(hosted.box)) as ports:
        assert not sweep(ports, Options(), Budget(), lambda _line: None).dry_run


@pytest.mark.long
def test_the_apps_record_says_which_line_is_missing_and_its_dashboard_is_pinned(hosted: HostedLab) -> None:
    configure(hosted, b"writer: app\ndashboard: true\n")
    hosted.tick()
    hosted.work()
    repo = hosted.box.dispatcher.store.find(FIRST)
    assert repo is not None
    issues = hosted.box.repo(FIRST).issues()
    missing = f"Trust: advisory: `.github/reassay.yml` does not name the App (`app_id: {hosted.app_id}`)."
    assert [missing in issue.body for issue in issues] == [True, True, False]
    assert [(issue.title, issue.is_pinned) for issue in repo.issues.values()][2:] == [("Re-assessment dashboard", True)]
