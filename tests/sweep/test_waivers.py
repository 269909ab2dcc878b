"""A waiver takes two people and ends; until then nothing is recorded, and it never reads as effective."""

from collections.abc import Callable

import pytest

from reassay.assessment.cells import State
from tests.lab import Lab

REGISTER = b"""\
mitigations:
  - id: evaluation
    title: Light evaluation
    owner: safety-lead
    assessor: red-team-lead
    last_assessed: 2026-03-10
    reassess:
      every: 9 months
      unless:
        - {id: update-follows, text: An update falls within a month., within: 1 month}
"""
ASK = "/reassay waive update-follows until 2027-01-09 because the update of the model comes on 5 January"


@pytest.fixture
def opened(make_lab: Callable[..., Lab]) -> Lab:
    lab = make_lab({"framework/mitigations.yml": REGISTER})
    lab.fine()
    return lab


def said(lab: Lab) -> str:
    return str(lab.repo.issue(1).comments[-1].body).replace("\u2060", "")


def test_the_issue_says_on_which_grounds_it_may_be_left_out(opened: Lab) -> None:
    assert "nobody has signed that 'update-follows' holds" in opened.repo.issue(1).body
    assert "/reassay waive update-follows until <YYYY-MM-DD> because" in opened.repo.issue(1).body


def test_a_waiver_waits_for_a_second_person_and_then_supersedes(opened: Lab) -> None:
    asked = opened.say("safety-lead", 1, ASK)
    report = opened.fine()
    assert [type(action).__name__ for action in report.done] == ["AddComment", "React"], "nothing is recorded yet"
    assert f"To confirm by Tue 8 Dec 2026, @red-team-lead comments: `/reassay confirm {asked}`" in said(opened)
    with opened.box.readonly():
        opened.fine()
    opened.say("red-team-lead", 1, f"/reassay confirm {asked}")
    report = opened.fine()
    assert opened.repo.issue(1).state == "closed"
    assert opened.repo.issue(1).state_reason == "not_planned"
    words = "\n".join(comment.body for comment in opened.repo.issue(1).comments)
    assert "is not due by its interval up to and including Sat 9 Jan 2027, because `update-follows` applies" in words
    assert "No longer due: nothing asks for it any more: waived until 2027-01-09" in words
    cell = opened.fine().cells[0]
    assert (cell.state, str(cell.due)) == (State.CURRENT, "2027-01-10")
    assert cell.effectiveness == "imported, not verified"
    with opened.box.readonly():
        opened.fine()


def test_when_it_ends_the_re_assessment_is_due_again_from_the_same_anchor(opened: Lab) -> None:
    asked = opened.say("safety-lead", 1, ASK)
    opened.fine()
    opened.say("red-team-lead", 1, f"/reassay confirm {asked}")
    opened.fine()
    opened.later(days=39)
    assert opened.fine().cells[0].state is State.CURRENT
    opened.later(days=1)
    opened.fine()
    assert opened.titles()[-1] == "Re-assess Light evaluation (light), due Thu 10 Dec 2026", (
        "overdue since its interval ended"
    )


@pytest.mark.parametrize(
    ("who", "text", "words"),
    [
        ("safety-lead", "/reassay confirm {asked}", "this takes a second person"),
        (
            "auditor",
            "/reassay confirm {asked}",
            "only safety-lead or red-team-lead can confirm a waiver. Ask @red-team-lead",
        ),
        ("red-team-lead", "/reassay confirm 4711", "no request with the number 4711 waits"),
        ("red-team-lead", "/reassay confirm", "the number is missing"),
        ("red-team-lead", "/reassay confirm soon", "`soon` is not a number"),
    ],
)
def test_only_another_person_who_may_can_confirm(opened: Lab, who: str, text: str, words: str) -> None:
    asked = opened.say("safety-lead", 1, ASK)
    opened.fine()
    opened.say(who, 1, text.format(asked=asked))
    opened.fine()
    assert words in said(opened).replace("`confirm", "confirm")
    assert opened.repo.issue(1).state == "open"


@pytest.mark.parametrize(
    ("who", "text", "words"),
    [
        ("auditor", ASK, "only safety-lead or red-team-lead can waive this"),
        ("safety-lead", ASK.replace("update-follows", "we-are-busy"), "is not a ground to waive this"),
        ("safety-lead", ASK.replace("2027-01-09", "2027-10-01"), "is not between today and Sun 10 Jan 2027"),
        ("safety-lead", ASK.replace("2027-01-09", "2026-11-30"), "is not between today and"),
        ("safety-lead", ASK.partition(" because")[0], "a waiver needs a reason"),
        ("safety-lead", "/reassay waive update-follows", "the ground or the date is missing"),
        ("safety-lead", "/reassay waive update-follows until tomorrow because x", "`tomorrow` is not a valid date"),
    ],
)
def test_what_cannot_be_waived_is_said_at_once(opened: Lab, who: str, text: str, words: str) -> None:
    opened.say(who, 1, text)
    opened.fine()
    assert words in said(opened)


@pytest.mark.long
def test_pitfall_2_a_request_that_was_edited_or_deleted_or_is_old_counts_for_nothing(opened: Lab) -> None:
    asked = opened.say("safety-lead", 1, ASK)
    opened.fine()
    opened.repo.edit_comment_as("auditor", 1, asked, ASK.replace("2027-01-09", "2027-02-28"))
    opened.say("red-team-lead", 1, f"/reassay confirm {asked}")
    opened.fine()
    assert "was edited, so it is not valid" in said(opened)
    again = opened.say("safety-lead", 1, ASK)
    opened.fine()
    opened.repo.delete_comment_as("safety-lead", 1, again)
    opened.say("red-team-lead", 1, f"/reassay confirm {again}")
    opened.fine()
    assert f"no request with the number {again} waits" in said(opened)
    old = opened.say("safety-lead", 1, ASK)
    opened.fine()
    opened.later(days=8)
    opened.say("red-team-lead", 1, f"/reassay confirm {old}")
    opened.fine()
    assert "has expired" in said(opened)
    assert opened.repo.issue(1).state == "open"


@pytest.mark.long
def test_confirming_twice_records_once(opened: Lab) -> None:
    asked = opened.say("safety-lead", 1, ASK)
    opened.fine()
    opened.say("red-team-lead", 1, f"/reassay confirm {asked}\n\n/reassay confirm {asked}")
    report = opened.fine()
    assert report.assessment_input is not None
    assert len(report.assessment_input.history.waivers) == 1
    assert any("this is already confirmed" in comment.body for comment in opened.repo.issue(1).comments)


@pytest.mark.long
def test_approvers_confirm_where_the_register_names_them(make_lab: Callable[..., Lab]) -> None:
    text = REGISTER + b"    approval: [{role: release-manager}]\n"
    lab = make_lab({"framework/mitigations.yml": text})
    lab.fine()
    asked = lab.say("safety-lead", 1, ASK)
    lab.fine()
    lab.say("red-team-lead", 1, f"/reassay confirm {asked}")
    lab.fine()
    assert "Ask @release-manager" in said(lab)
    lab.say("release-manager", 1, f"/reassay confirm {asked}")
    lab.fine()
    assert lab.repo.issue(1).state == "closed"
