"""The bot notices that its own schedule was switched off: in the report of a sweep that something else started, and in the doctor."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from reassay.cli.remote import run_doctor
from reassay.ledger.store.configured_keys import LedgerKeys
from reassay.sweep.report import Report
from reassay.sweep.views.report import as_step_summary, as_text
from reassay_sandbox.workflows import SandboxWorkflows
from tests.lab import PERMISSIONS, STARTER, BoxClock, Lab

PATH = ".github/workflows/reassay.yml"
WORKFLOW = b"""\
on: {schedule: [{cron: "17 5 * * *"}]}
jobs:
  sweep:
    runs-on: ubuntu-latest
    timeout-minutes: 30
    steps:
      - uses: reassay/reassay@v0.1.0
"""
READS = {"contents": "read", "metadata": "read", "issues": "read", "pull_requests": "read", "checks": "read"}


def scheduled(make_lab: Callable[..., Lab], *, private: bool = True, more: bytes = b"", actions: str = "read") -> Lab:
    register = STARTER.replace(b"mode: remind", b"mode: remind\npublish: true" + more)
    lab = make_lab({"framework/mitigations.yml": register, PATH: WORKFLOW}, private=private)
    token = lab.box.token("reassay[bot]", lab.name, permissions={**PERMISSIONS, "actions": actions})
    return replace(lab, settings=replace(lab.settings, token=token))


def runs(lab: Lab) -> None:
    workflows = SandboxWorkflows(lab.repo)
    workflows.finish(workflows.start(PATH))


def doctor(lab: Lab, **permissions: str) -> dict[str, tuple[str, str]]:
    token = lab.box.token("reassay[bot]", lab.name, permissions={**READS, **permissions})
    settings = replace(lab.settings, token=token, ledger_keys=LedgerKeys())
    found = run_doctor(lab.name, settings, BoxClock(lab.box))
    return {check.id: (check.standing, check.what) for check in found.checks if check.id.startswith("schedule")}


def test_a_schedule_that_runs_says_nothing(make_lab: Callable[..., Lab]) -> None:
    lab = scheduled(make_lab)
    runs(lab)
    assert lab.fine().schedule == ()
    assert doctor(lab, actions="read")["schedule"][0] == "ok"


@pytest.mark.parametrize("state", ["disabled_inactivity", "disabled_manually"])
def test_a_schedule_that_is_switched_off_is_said_by_whatever_sweep_there_is(
    make_lab: Callable[..., Lab], state: str
) -> None:
    lab = scheduled(make_lab)
    runs(lab)
    SandboxWorkflows(lab.repo).switch(PATH, state)
    report = lab.fine()
    (note,) = report.schedule
    assert "switched off" in note
    assert "`gh workflow enable reassay.yml`" in note
    assert note in report.notes
    assert note in as_text(report)
    assert "gh workflow enable" in as_step_summary(report)
    assert doctor(lab, actions="read")["schedule-off"][0] == "weak"
    SandboxWorkflows(lab.repo).switch(PATH, "active")
    assert lab.fine().schedule == ()


def test_a_schedule_that_stays_on_and_starts_nothing_is_said(make_lab: Callable[..., Lab]) -> None:
    lab = scheduled(make_lab)
    runs(lab)
    SandboxWorkflows(lab.repo).start(PATH, event="push")
    lab.later(days=6)
    SandboxWorkflows(lab.repo).start(PATH, event="push")
    (note,) = lab.fine().schedule
    assert "is switched on, and last ran by its schedule on Tue 1 Dec 2026: it is silent for 6 days" in note
    assert doctor(lab, actions="read")["schedule-silent"][0] == "weak"


def test_a_quiet_public_repository_is_warned_from_the_forty_fifth_day_and_pushes_to_the_ledger_do_not_count(
    make_lab: Callable[..., Lab],
) -> None:
    lab = scheduled(make_lab, private=False)
    lab.repo.commit({"notes.md": b"here\n"})
    runs(lab)
    lab.fine()
    lab.later(days=44)
    runs(lab)
    lab.fine()
    assert lab.fine().schedule == ()
    lab.later(days=1)
    runs(lab)
    assert lab.repo.issues(), "the bot itself has been at work, and has written to the ledger's branch"
    (note,) = lab.fine().schedule
    assert "Nobody has pushed to the default branch of this public repository for 45 days." in note
    assert "on Sat 30 Jan 2027" in note
    assert doctor(lab, actions="read")["schedule-stops"][0] == "weak"
    lab.repo.commit({"notes.md": b"still here\n"})
    assert lab.fine().schedule == ()


@pytest.mark.long
def test_a_private_repository_is_not_warned_of_what_github_does_to_public_ones(make_lab: Callable[..., Lab]) -> None:
    lab = scheduled(make_lab)
    lab.later(days=50)
    runs(lab)
    assert lab.fine().schedule == ()


@pytest.mark.long
def test_what_may_not_be_read_is_unknown_and_never_fine(make_lab: Callable[..., Lab]) -> None:
    lab = scheduled(make_lab, actions="none")
    report = lab.fine()
    assert report.schedule == ("whether the schedule still works is not known: the token needs `actions: read`",)
    assert doctor(lab)["schedule"][0] == "unknown"


@pytest.mark.long
def test_where_the_app_writes_or_no_workflow_has_a_schedule_nothing_is_asked(make_lab: Callable[..., Lab]) -> None:
    lab = scheduled(make_lab, more=b"\nwriter: app")
    assert asked(lab, lab.fine) == 0
    assert doctor(lab, actions="read") == {}


def asked(lab: Lab, act: Callable[[], Report]) -> int:
    before = len(lab.box.traffic)
    act()
    return sum("/actions/workflows" in exchange.path for exchange in lab.box.traffic[before:])


@pytest.mark.long
def test_it_costs_two_requests_where_there_is_a_schedule_and_none_elsewhere(make_lab: Callable[..., Lab]) -> None:
    lab = scheduled(make_lab)
    assert asked(lab, lab.fine) == 2
    assert asked(lab, lambda: lab.fine(pull=1)) == 0
    other = make_lab(name="example-lab/without")
    assert asked(other, other.fine) == 0


@pytest.mark.long
def test_shapes_are_those_of_github(make_lab: Callable[..., Lab]) -> None:
    """https://docs.github.com/en/rest/actions/workflows#list-repository-workflows"""
    lab = scheduled(make_lab)
    runs(lab)
    lab.fine()
    answer = next(own for own in lab.box.traffic if own.path.endswith("/actions/workflows"))
    (row,) = json.loads(answer.response_body)["workflows"]
    assert {
        "id",
        "node_id",
        "name",
        "path",
        "state",
        "created_at",
        "updated_at",
        "url",
        "html_url",
        "badge_url",
    } == set(row)
    assert row["path"] == PATH
