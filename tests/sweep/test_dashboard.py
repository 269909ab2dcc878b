"""The dashboard: one pinned issue of a repository shows who has to do what, and is written only when that changes."""

from collections.abc import Callable

import pytest

from reassay.ledger.dashboard import DashboardClaimed, DashboardEnded, DashboardIssue
from reassay.sweep.report import Report
from reassay_sandbox import Fault
from reassay_sandbox.sandbox_repository import SandboxIssueView
from tests.lab import STARTER, Lab

WITH_IT = STARTER.replace(b"mode: remind\n", b"mode: remind\ndashboard: true\n")
TITLE = "Re-assessment dashboard"


@pytest.fixture
def lab(make_lab: Callable[..., Lab]) -> Lab:
    return make_lab({"framework/mitigations.yml": WITH_IT})


def boards(lab: Lab) -> list[SandboxIssueView]:
    return [issue for issue in lab.repo.issues() if issue.title == TITLE]


def board(lab: Lab) -> SandboxIssueView:
    (issue,) = boards(lab)
    return issue


def is_pinned(lab: Lab, number: int) -> bool:
    repo = lab.box.dispatcher.store.find(lab.name)
    assert repo is not None
    return repo.issues[number].is_pinned


def kinds(report: Report) -> list[str]:
    assert report.assessment_input is not None
    own = (DashboardClaimed, DashboardIssue, DashboardEnded)
    records = [record for kind in own for record, _ in report.assessment_input.history.records_of(kind)]
    return [record.body.kind for record in sorted(records, key=lambda record: record.seq)]


def test_without_the_line_in_the_configuration_there_is_none(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab()
    lab.fine()
    assert boards(lab) == []


def test_it_is_created_last_and_pinned_and_a_second_sweep_writes_nothing(lab: Lab) -> None:
    report = lab.fine()
    issue = board(lab)
    assert issue.number == max(own.number for own in lab.repo.issues())
    assert is_pinned(lab, issue.number)
    assert issue.labels == issue.assignees == ()
    assert kinds(report) == ["dashboard-claimed", "dashboard-issue"]
    with lab.box.readonly():
        lab.fine()


def test_it_costs_no_request_while_nothing_changes(make_lab: Callable[..., Lab]) -> None:
    counts: list[int] = []
    for text in (STARTER, WITH_IT):
        lab = make_lab({"framework/mitigations.yml": text}, name=f"example-lab/framework-{len(counts)}")
        lab.fine()
        before = len(lab.box.traffic)
        lab.fine()
        counts.append(len(lab.box.traffic) - before)
    assert counts[0] == counts[1]


@pytest.mark.long
def test_it_is_written_only_on_days_on_which_something_comes_due(lab: Lab) -> None:
    lab.fine()
    changes = []
    for day in range(2, 19):
        lab.later(days=1)
        before = board(lab).body
        lab.fine()
        if board(lab).body != before:
            changes.append(day)
    # Due on the 11th and the 15th: each comes into the week once and becomes overdue once; on the 11th one is current no more.
    assert changes == [4, 8, 11, 12, 16]
    assert "**Overdue:** [#1](../issues/1) Input filter" in board(lab).body
    assert "was due Fri 11 Dec 2026" in board(lab).body
    assert "**Overdue: it was due Fri 11 Dec 2026, Berlin.**" in lab.repo.issue(1).body


def test_what_people_write_around_it_is_kept(lab: Lab) -> None:
    lab.fine()
    number = board(lab).number
    lab.repo.edit_as("safety-lead", number, body=f"Ours above.\n\n{board(lab).body}\n\nOurs below.")
    lab.later(days=8)
    lab.fine()
    assert board(lab).body.startswith("Ours above.\n\n<!-- reassay:begin dashboard ")
    assert board(lab).body.endswith("<!-- reassay:end -->\n\nOurs below.")
    assert "### Needed this week" in board(lab).body


def test_who_is_needed_is_named_and_nobody_is_notified(lab: Lab) -> None:
    lab.later(days=16)
    lab.register(WITH_IT.replace(b"Staff finish misuse training", b"Staff @everyone finish <b>#1</b>"))
    lab.fine()
    body = board(lab).body
    assert "**`red-team-lead`**\n- **Overdue:** [#" in body
    assert "@" not in body.replace("@\u2060", "")
    assert "<b>" not in body.replace("\\<b", "")


@pytest.mark.long
def test_what_cannot_be_read_comes_first_with_its_owner_and_its_fix(lab: Lab) -> None:
    lab.fine()
    lab.register(WITH_IT.replace(b"    every: 6 months", b"    evry: 6 months"))
    lab.sweep()
    body = board(lab).body
    assert "**1 error in the register" in body
    first = body.split("### Needed this week\n\n")[1]
    assert first.startswith("**`safety-lead`**\n- [#")
    assert "mitigation jailbreak-filter: fix the register: it is not watched" in first
    assert "(framework/mitigations.yml:" in first
    lab.register(WITH_IT)
    lab.fine()
    assert "error in the register" not in board(lab).body or "**0 errors" in board(lab).body


@pytest.mark.long
def test_closed_by_hand_it_is_reopened_once_and_then_left_alone(lab: Lab) -> None:
    lab.fine()
    number = board(lab).number
    lab.repo.close_as("safety-lead", number)
    lab.fine()
    assert board(lab).state == "open"
    assert "write `dashboard: false`" in board(lab).comments[-1].body
    lab.repo.close_as("safety-lead", number)
    lab.later(days=20)
    report = lab.fine()
    assert board(lab).state == "closed"
    assert any("closed by hand twice" in note for note in report.notes)
    with lab.box.readonly():
        lab.fine()


@pytest.mark.long
def test_switched_off_it_says_so_and_is_closed_and_switched_on_it_is_another(lab: Lab) -> None:
    lab.fine()
    lab.register(WITH_IT.replace(b"dashboard: true", b"dashboard: false"))
    report = lab.fine()
    assert board(lab).state == "closed"
    assert "**Switched off** by `dashboard: false`" in board(lab).body
    assert kinds(report) == ["dashboard-claimed", "dashboard-issue", "dashboard-ended"]
    with lab.box.readonly():
        lab.fine()
    lab.register(WITH_IT)
    lab.fine()
    assert [own.state for own in boards(lab)] == ["closed", "open"]


@pytest.mark.long
@pytest.mark.complaints_expected
def test_where_github_pins_no_more_the_report_says_so_once(lab: Lab) -> None:
    repo = lab.box.dispatcher.store.find(lab.name)
    assert repo is not None
    for number in range(3):
        lab.repo.open_issue_as("safety-lead", f"pinned {number}")
    for issue in repo.issues.values():
        issue.is_pinned = True
    report = lab.fine()
    assert not is_pinned(lab, board(lab).number)
    assert [note for note in report.notes if "could not be pinned" in note and "Maximum 3 pinned" in note]
    with lab.box.readonly():
        assert not [note for note in lab.fine().notes if "pinned" in note]


@pytest.mark.long
@pytest.mark.parametrize("writes", range(6, 12))
def test_killed_after_any_write_the_next_run_leaves_one_that_is_pinned(lab: Lab, writes: int) -> None:
    lab.box.faults.add(Fault("dead", "write", times=1, after=writes - 1))
    lab.sweep()
    lab.box.faults.clear()
    lab.later(minutes=6)
    lab.fine()
    assert is_pinned(lab, board(lab).number)
    with lab.box.readonly():
        lab.fine()
