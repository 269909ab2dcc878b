"""What GitHub lets nobody write, and answers that are none: the rest is done, and the report says what is missing."""

import io
from collections.abc import Callable
from dataclasses import replace

import pytest

from reassay.cli import main
from reassay.cli.action import run_action
from reassay_sandbox import Fault
from reassay_sandbox.faults import Kind
from tests.gate_lab import APP, FILES, STAFF_APP, GateLab
from tests.lab import Lab

WIDER = STAFF_APP + b"oversight: A person reads every answer.\n"
NEVER = 10_000


def set_locked(lab: Lab, number: int, *, locked: bool) -> None:
    lab.repo._repo().issues[number].is_locked = locked


def staff_issue(lab: Lab) -> int:
    return next(issue.number for issue in lab.repo.issues() if "Staff" in issue.title)


def decided(lab: Lab) -> int:
    lab.fine()
    number = staff_issue(lab)
    lab.later(minutes=5)
    lab.say("safety-lead", number, "/reassay conclude effective because fine")
    return number


@pytest.mark.long
def test_a_decided_issue_that_is_locked_is_closed_and_told_once_it_is_unlocked(lab: Lab) -> None:
    number = decided(lab)
    set_locked(lab, number, locked=True)
    before = len(lab.repo.issue(number).comments)
    report = lab.sweep()
    issue = lab.repo.issue(number)
    assert issue.state == "closed"
    assert len(issue.comments) == before
    (problem,) = report.problems
    assert problem.what == f"issue #{number}"
    assert "Unlock the conversation" in problem.message
    assert "contents: write" not in problem.message, "the token is not to blame"
    with lab.box.readonly():
        assert lab.sweep().problems == report.problems
    set_locked(lab, number, locked=False)
    lab.later(minutes=5)
    lab.fine()
    bodies = [comment.body for comment in lab.repo.issue(number).comments]
    assert sum(": effective (" in body for body in bodies) == 1
    with lab.box.readonly():
        lab.fine()


@pytest.mark.long
def test_a_lock_that_nobody_could_see_before_keeps_no_issue_open(lab: Lab) -> None:
    number = decided(lab)
    lab.box.faults.add(Fault("locked", "POST .*/comments$", times=NEVER))
    report = lab.sweep()
    assert lab.repo.issue(number).state == "closed"
    assert [problem.what for problem in report.problems] == [f"issue #{number}"]
    assert "Unlock" in report.problems[0].message
    lab.box.faults.clear()
    lab.later(minutes=5)
    lab.fine()
    assert any(": effective (" in comment.body for comment in lab.repo.issue(number).comments)


@pytest.mark.long
def test_a_locked_pull_request_has_its_check_and_gets_its_comment_later(make_lab: Callable[..., Lab]) -> None:
    gate = GateLab.of(make_lab(dict(FILES)))
    gate.lab.fine()
    number = gate.propose({APP: WIDER})
    set_locked(gate.lab, number, locked=True)
    report = gate.lab.sweep(pull=number)
    assert gate.check(number).conclusion == "FAILURE"
    assert gate.sticky(number) == []
    assert [problem.what for problem in report.problems] == [f"pull request #{number}"]
    with gate.lab.box.readonly():
        gate.lab.sweep(pull=number)
    set_locked(gate.lab, number, locked=False)
    gate.judge(number)
    assert len(gate.sticky(number)) == 1


@pytest.mark.long
def test_where_issues_are_off_verdicts_and_the_ledger_go_on(make_lab: Callable[..., Lab]) -> None:
    files = dict(FILES)
    files["framework/mitigations.yml"] = files["framework/mitigations.yml"].replace(b"2026-11-01", b"2025-11-01")
    gate = GateLab.of(make_lab(files))
    gate.lab.repo._repo().has_issues = False
    number = gate.propose({APP: WIDER})
    report = gate.lab.sweep()
    assert gate.check(number).conclusion == "FAILURE"
    assert report.content is not None
    assert "opened" in [entry.body.kind for entry in report.content.ledger.entries]
    (problem,) = report.problems
    assert problem.what == "issues"
    assert "Settings, General, Features" in problem.message
    assert "no clear" not in problem.message
    with gate.lab.box.readonly():
        assert gate.lab.sweep().problems == report.problems
    gate.lab.repo._repo().has_issues = True
    gate.lab.later(minutes=6)
    gate.lab.fine()
    assert len(gate.lab.titles()) == 3


def test_issues_that_are_turned_off_meanwhile_are_said_as_such(lab: Lab) -> None:
    lab.box.faults.add(Fault("410", "POST .*/issues$", times=NEVER))
    report = lab.sweep()
    assert [problem.what for problem in report.problems] == ["issues"]
    assert "Settings, General, Features" in report.problems[0].message
    lab.box.faults.clear()
    lab.later(minutes=6)
    lab.fine()
    assert len(lab.titles()) == 2


ODD: tuple[Kind, ...] = ("cut-off", "empty", "null", "list", "html", "no-data")


@pytest.mark.parametrize("kind", ODD)
def test_an_issue_created_behind_an_odd_answer_is_found_and_not_created_again(lab: Lab, kind: Kind) -> None:
    lab.box.faults.add(Fault(kind, "POST .*/issues$", times=2))
    lab.sweep()
    lab.box.faults.clear()
    lab.later(minutes=6)
    lab.fine()
    assert len(lab.titles()) == 2
    with lab.box.readonly():
        lab.fine()


@pytest.mark.long
@pytest.mark.parametrize("kind", [*ODD, "cut-short", "null-nodes", "partial", "no-fields", "404", "redirect"])
def test_a_repository_whose_answers_stay_odd_is_one_problem_and_the_next_is_swept(
    lab: Lab, make_lab: Callable[..., Lab], kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_lab(name="example-lab/other")
    lab = replace(lab, settings=other.settings)
    monkeypatch.setattr("reassay.common.clock.time.sleep", lambda _seconds: None)
    monkeypatch.setenv("GITHUB_TOKEN", both(lab, other))
    lab.box.faults.add(Fault(kind, "QUERY Look", times=3))
    arguments = ["--repo", lab.name, "--repo", other.name, "--api-url", lab.box.api_url, "--server-url", lab.box.url]
    out, err = io.StringIO(), io.StringIO()
    assert main(["sweep", *arguments], out, err) == 3
    failed = [line for line in out.getvalue().splitlines() if "failed" in line]
    assert len(failed) == 1, out.getvalue()
    assert "GitHub" in failed[0]
    assert "Traceback" not in out.getvalue() + err.getvalue()
    assert len(other.titles()) == 2


def both(lab: Lab, other: Lab) -> str:
    """A token of the bot for both repositories."""
    token = lab.box.token("reassay[bot]", lab.name, permissions={
        "issues": "write", "contents": "write", "pull_requests": "write", "checks": "write", "metadata": "read"
    })  # fmt: skip
    lab.box.dispatcher.store.tokens[token] = replace(
        lab.box.dispatcher.store.tokens[token], repositories=frozenset({lab.repo.id, other.repo.id})
    )
    return token


def test_the_action_says_it_in_a_sentence_and_is_red(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reassay.common.clock.time.sleep", lambda _seconds: None)
    lab.box.faults.add(Fault("html", "QUERY Look", times=NEVER))
    out, err = io.StringIO(), io.StringIO()
    environment = {
        "GITHUB_REPOSITORY": lab.name, "GITHUB_EVENT_NAME": "schedule", "GITHUB_API_URL": lab.box.api_url,
        "GITHUB_SERVER_URL": lab.box.url, "GITHUB_TOKEN": lab.settings.token, "REASSAY_TOKEN": lab.settings.token,
    }  # fmt: skip
    assert run_action(environment, out, err) == 3
    assert "text/html that is not complete JSON" in out.getvalue()
    assert "githubstatus.com" in out.getvalue()
    assert "Traceback" not in out.getvalue() + err.getvalue()
