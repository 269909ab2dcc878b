"""A follow-up is an issue with a date, with who does it and another person who verifies it; until then it is not done."""

import json
from collections.abc import Callable
from typing import get_args

import pytest

from reassay.assessment.cells import State
from reassay.ledger.entry import Body
from reassay.ledger.follow_ups import FollowUpChecked, FollowUpClaimed, FollowUpDone, FollowUpIssue
from reassay.sweep.report import Report
from reassay.sweep.views.report import as_document
from reassay_sandbox import Fault
from reassay_sandbox.sandbox_repository import SandboxIssueView
from tests.lab import Lab

REGISTER = b"""\
mode: remind
roles:
  trust: {users: [red-team-lead, auditor]}
  filters: {users: [release-manager, safety-lead]}
mitigations:
  - id: filter
    title: Input filter
    owner: safety-lead
    assessor: red-team-lead
    last_assessed: 2026-06-02
    every: 6 months
"""
DEGRADED = "/reassay conclude degraded follow-up 2027-01-15 {people}retrain the filter because two of ten got through"
KINDS = (FollowUpClaimed, FollowUpIssue, FollowUpDone, FollowUpChecked)


@pytest.fixture
def lab(make_lab: Callable[..., Lab]) -> Lab:
    lab = make_lab({"framework/mitigations.yml": REGISTER})
    lab.fine()
    return lab


def swept(lab: Lab) -> Report:
    lab.later(minutes=3)
    report = lab.fine()
    with lab.box.readonly():
        lab.fine()
    return report


def concluded(lab: Lab, people: str = "") -> None:
    lab.later(minutes=2)
    lab.say("red-team-lead", 1, DEGRADED.format(people=people))
    swept(lab)


def say(lab: Lab, who: str, text: str, number: int | None = None) -> str:
    lab.later(minutes=2)
    lab.say(who, number or issue(lab).number, text)
    swept(lab)
    return str(lab.repo.issue(number or issue(lab).number).comments[-1].body).replace("\u2060", "")


def all_issues(lab: Lab) -> list[SandboxIssueView]:
    return [own for own in lab.repo.issues() if own.title.startswith("Follow-up to ")]


def issue(lab: Lab) -> SandboxIssueView:
    (own,) = all_issues(lab)
    return lab.repo.issue(own.number)


def kinds(lab: Lab) -> list[str]:
    report = lab.fine()
    assert report.content is not None
    return [entry.body.kind for entry in report.content.ledger.entries if isinstance(entry.body, KINDS)]


def test_a_follow_up_becomes_an_issue_with_date_doer_and_verifier(lab: Lab) -> None:
    concluded(lab)
    own = issue(lab)
    assert own.title == "Follow-up to R-2026-001, due Fri 15 Jan 2027: retrain the filter"
    assert set(own.labels) == {"re-assessment: follow-up"}
    text = own.body.replace("\u2060", "")
    assert "| Due | Fri 15 Jan 2027 |" in text
    assert "| Decision | R-2026-001 (#1): degraded (attested), about `filter` |" in text
    assert "| Does it | safety-lead: @safety-lead |" in text
    assert "another person than the one who did it, red-team-lead: @red-team-lead |" in text
    assert kinds(lab) == ["follow-up-claimed", "follow-up-issue"]
    assert set(KINDS) <= set(get_args(get_args(Body)[0]))


@pytest.mark.long
def test_done_by_one_and_verified_by_another_closes_it(lab: Lab) -> None:
    concluded(lab)
    number = issue(lab).number
    assert "nobody has reported it as done" in say(
        lab, "red-team-lead", "/reassay follow-up verified because I think so"
    )
    assert "only safety-lead can report it as done" in say(lab, "auditor", "/reassay follow-up done because I did")
    words = say(lab, "safety-lead", "/reassay follow-up done because it is retrained")
    assert "@safety-lead reports R-2026-001 follow-up 1 as done" in words
    assert "@red-team-lead comments: `/reassay follow-up verified|not-done because ...`" in words
    assert "only red-team-lead can verify it" in say(lab, "safety-lead", "/reassay follow-up verified because I did it")
    assert "is already reported as done" in say(lab, "safety-lead", "/reassay follow-up done because again")
    assert issue(lab).state == "open"
    words = say(lab, "red-team-lead", "/reassay follow-up not-done because it is the old model")
    assert "@red-team-lead found R-2026-001 follow-up 1 not done" in words
    assert "nobody has reported it as done" in say(lab, "red-team-lead", "/reassay follow-up verified because oh well")
    say(lab, "safety-lead", "/reassay follow-up done because now it is")
    say(lab, "red-team-lead", "/reassay follow-up verified because all forty are stopped")
    own = lab.repo.issue(number)
    assert own.state == "closed"
    assert any("is verified by another person than the one who did it" in said.body for said in own.comments)
    assert "| Verified | says red-team-lead: all forty are stopped |" in own.body.replace("\u2060", "")
    assert kinds(lab) == ["follow-up-claimed", "follow-up-issue", *["follow-up-done", "follow-up-checked"] * 2]
    assert "is closed: verified" in say(lab, "safety-lead", "/reassay follow-up done because once more", number)


@pytest.mark.long
def test_the_decision_names_who_does_it_and_who_verifies_it(lab: Lab) -> None:
    concluded(lab, "by filters verified-by @auditor ")
    text = issue(lab).body.replace("\u2060", "")
    assert "| Does it | filters: @release-manager or @safety-lead |" in text
    assert "another person than the one who did it, auditor: @auditor |" in text
    record = next(own.body for own in lab.repo.issue(1).comments if "**R-2026-001:" in own.body)
    assert "| Follow-up | retrain the filter, by Fri 15 Jan 2027, done by filters, verified by auditor |" in record
    say(lab, "release-manager", "/reassay follow-up done because it is retrained")
    assert "only auditor can verify it" in say(lab, "red-team-lead", "/reassay follow-up verified because fine")
    number = issue(lab).number
    say(lab, "auditor", "/reassay follow-up verified because fine")
    assert lab.repo.issue(number).state == "closed"


@pytest.mark.long
def test_who_holds_both_roles_verifies_nothing_that_they_did(lab: Lab) -> None:
    concluded(lab, "by trust verified-by trust ")
    number = issue(lab).number
    assert "@red-team-lead or @auditor |" in issue(lab).body.replace("\u2060", "")
    say(lab, "auditor", "/reassay follow-up done because it is retrained")
    assert "another person than the one who did it, trust: @red-team-lead |" in issue(lab).body.replace("\u2060", "")
    words = say(lab, "auditor", "/reassay follow-up verified because I did it")
    assert "you reported it as done, so another person has to verify it: Ask @red-team-lead." in words.replace(
        ". Ask", ": Ask"
    )
    say(lab, "red-team-lead", "/reassay follow-up verified because it is")
    assert lab.repo.issue(number).state == "closed"


@pytest.mark.parametrize(
    ("people", "words"),
    [
        ("by nobody-here ", "`nobody-here` is neither a role of the register nor an account that it names"),
        ("by red-team-lead verified-by red-team-lead ", "another person has to verify the follow-up"),
        ("by safety-lead by auditor ", "`by` is given twice"),
        ("verified-by retraining ", "`retraining` is neither a role"),
    ],
)
def test_people_that_cannot_do_or_verify_it_are_refused(lab: Lab, people: str, words: str) -> None:
    concluded(lab, people)
    assert words in lab.repo.issue(1).comments[-1].body.replace("\u2060", "")
    assert lab.repo.issue(1).state == "open"
    assert all_issues(lab) == []


@pytest.mark.long
def test_an_overdue_follow_up_no_longer_covers_a_degraded_verdict(lab: Lab) -> None:
    concluded(lab)
    (cell,) = lab.fine().cells
    assert (cell.state, str(cell.due)) == (State.DEGRADED, "2027-01-15")
    assert cell.reason == "R-2026-001 follow-up 1 is due on 2027-01-15"
    lab.later(days=44)
    assert swept(lab).cells[0].state is State.DEGRADED, "in time on its last day"
    lab.later(days=4)
    (cell,) = swept(lab).cells
    assert cell.state is State.TRIGGERED
    assert "R-2026-001 follow-up 1 was due on 2027-01-15 and is not verified" in cell.reason
    assert "`degraded` needs a follow-up in time or an accepted risk" in cell.reason
    own = issue(lab)
    assert set(own.labels) == {"re-assessment: follow-up", "re-assessment: overdue"}
    assert "@safety-lead: R-2026-001 follow-up 1 is 1 working day **overdue**" in own.comments[-1].body.replace(
        "\u2060", ""
    )
    (again,) = (other for other in lab.repo.issues() if other.title.startswith("Re-assess") and other.state == "open")
    say(lab, "safety-lead", "/reassay follow-up done because late")
    assert lab.fine().cells[0].state is State.TRIGGERED, "done is not verified"
    assert "re-assessment: overdue" in issue(lab).labels
    number = issue(lab).number
    say(lab, "red-team-lead", "/reassay follow-up verified because late and done")
    assert lab.fine().cells[0].state is State.DEGRADED
    assert lab.repo.issue(again.number).state == "closed"
    assert set(lab.repo.issue(number).labels) == {"re-assessment: follow-up"}


@pytest.mark.long
def test_the_document_of_a_sweep_counts_follow_ups(lab: Lab) -> None:
    concluded(lab)
    for days, late in ((0, 0), (48, 1)):
        lab.later(days=days)
        (document,) = json.loads(as_document([swept(lab)]))["repositories"]
        assert document["follow_ups"] == {"open": 1, "overdue": late}
    say(lab, "safety-lead", "/reassay follow-up done because late")
    lab.later(minutes=2)
    lab.say("red-team-lead", issue(lab).number, "/reassay follow-up verified because it is")
    (document,) = json.loads(as_document([swept(lab)]))["repositories"]
    assert document["follow_ups"] == {"open": 0, "overdue": 0}


def test_an_accepted_risk_covers_it_meanwhile(lab: Lab) -> None:
    acceptance = b"risk_acceptances:\n  - {id: wait, title: Wait, mitigations: [filter], requester: safety-lead, approver: auditor, rationale: x, expires_at: 2027-03-31}\n"
    concluded(lab)
    lab.register(REGISTER + acceptance)
    lab.later(days=50)
    assert swept(lab).cells[0].state is State.DEGRADED
    lab.later(days=80)
    (cell,) = swept(lab).cells
    assert cell.state is State.ACCEPTANCE_EXPIRED
    assert "R-2026-001 follow-up 1 was due on 2027-01-15 and is not verified" in cell.reason


@pytest.mark.long
def test_an_issue_closed_by_hand_is_reopened_once_and_the_follow_up_stays_open(lab: Lab) -> None:
    concluded(lab)
    number = issue(lab).number
    lab.repo.close_as("safety-lead", number)
    swept(lab)
    assert lab.repo.issue(number).state == "open"
    assert "closing the issue does not finish the follow-up" in lab.repo.issue(number).comments[-1].body
    lab.repo.close_as("safety-lead", number)
    report = swept(lab)
    assert lab.repo.issue(number).state == "closed"
    assert "R-2026-001 follow-up 1 (filter): not verified, closed by @safety-lead" in report.notes


@pytest.mark.long
def test_a_withdrawn_decision_closes_its_follow_ups(lab: Lab) -> None:
    concluded(lab)
    number = issue(lab).number
    lab.later(minutes=2)
    asked = lab.say("red-team-lead", 1, "/reassay correct R-2026-001 withdraw because it was the wrong mitigation")
    swept(lab)
    say(lab, "safety-lead", f"/reassay confirm {asked}", 1)
    own = lab.repo.issue(number)
    assert own.state == "closed"
    assert "closed without being verified: the decision of R-2026-001 was withdrawn" in own.comments[-1].body


@pytest.mark.long
@pytest.mark.complaints_expected  # The sandbox takes an escaped marker for a comment that is not closed.
def test_the_text_of_a_follow_up_is_inert_and_a_quiet_sweep_asks_once(lab: Lab) -> None:
    hostile = "x <!-- reassay:end --> @everyone | `y` {{ z }} [a](b) " + "long " * 80
    lab.later(minutes=2)
    lab.say("red-team-lead", 1, f"/reassay conclude degraded follow-up 2027-01-15 {hostile} because of it")
    swept(lab)
    own = issue(lab)
    assert len(own.title) <= 256
    assert "@everyone" not in own.title + own.body
    assert own.body.count("<!-- reassay:end -->") == 1
    before = len(lab.box.traffic)
    lab.fine()
    asked = [request.operation for request in lab.box.traffic[before:] if not request.operation.startswith("GIT")]
    assert len(asked) == 1, asked


@pytest.mark.long
def test_the_same_command_elsewhere_is_refused(lab: Lab) -> None:
    assert "this issue is not a follow-up" in say(lab, "safety-lead", "/reassay follow-up done because ready", 1)


@pytest.mark.long
@pytest.mark.parametrize("writes", range(8))
def test_a_run_that_is_killed_anywhere_leaves_one_issue(lab: Lab, writes: int) -> None:
    lab.later(minutes=2)
    lab.say("red-team-lead", 1, DEGRADED.format(people=""))
    lab.box.faults.add(Fault("dead", "write", after=writes))
    lab.later(minutes=1)
    lab.sweep()
    lab.box.faults.clear()
    lab.later(minutes=10)
    swept(lab)
    assert issue(lab).state == "open"
    assert kinds(lab) == ["follow-up-claimed", "follow-up-issue"]


@pytest.mark.long
@pytest.mark.parametrize("writes", range(6))
def test_a_run_that_is_killed_while_closing_it_records_and_says_it_once(lab: Lab, writes: int) -> None:
    concluded(lab)
    number = issue(lab).number
    say(lab, "safety-lead", "/reassay follow-up done because it is retrained")
    lab.later(minutes=2)
    lab.say("red-team-lead", number, "/reassay follow-up verified because it is")
    lab.box.faults.add(Fault("dead", "write", after=writes))
    lab.later(minutes=1)
    lab.sweep()
    lab.box.faults.clear()
    lab.later(minutes=10)
    swept(lab)
    own = lab.repo.issue(number)
    assert own.state == "closed"
    assert sum("is verified by another person" in comment.body for comment in own.comments) == 1
    assert kinds(lab).count("follow-up-checked") == 1


@pytest.mark.long
def test_what_cannot_be_read_any_more_keeps_who_does_and_who_verifies_its_follow_up(lab: Lab) -> None:
    concluded(lab)
    number = issue(lab).number
    lab.register(REGISTER.replace(b"every:", b"evry:"))
    swept_unreadable(lab)
    text = lab.repo.issue(number).body.replace("\u2060", "")
    assert "| Does it | safety-lead: @safety-lead |" in text
    assert "another person than the one who did it, red-team-lead: @red-team-lead |" in text
    for who, words in (("safety-lead", "done"), ("red-team-lead", "verified")):
        lab.later(minutes=2)
        lab.say(who, number, f"/reassay follow-up {words} because it is")
        swept_unreadable(lab)
    assert lab.repo.issue(number).state == "closed"


def swept_unreadable(lab: Lab) -> None:
    lab.later(minutes=3)
    assert lab.sweep().problems == ()
    with lab.box.readonly():
        lab.sweep()


@pytest.mark.long
def test_a_closed_follow_up_of_what_was_removed_asks_for_nobody(lab: Lab) -> None:
    other = b"  - {id: other, title: Other, owner: safety-lead, every: 1 year, last_assessed: 2026-11-02}\n"
    lab.register(REGISTER + other)
    concluded(lab)
    number = issue(lab).number
    lab.register(REGISTER[: REGISTER.index(b"  - id: filter")] + other)
    swept(lab)
    own = lab.repo.issue(number)
    assert own.state == "closed"
    assert "**Closed:** removed." in own.body
    assert "Nobody can now" not in own.body
