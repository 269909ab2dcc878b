"""Pitfalls seen in the wild, for answers and signatures: each has a test of its number."""

import base64
from collections.abc import Callable
from dataclasses import replace

import pytest

from reassay.ledger.answers import Answered, SignedOff
from reassay.ledger.entry import Decided
from reassay.ledger.store.configured_keys import LedgerKeys
from tests.lab import PERMISSIONS, Lab

KEY = base64.b64encode(bytes(range(32))).decode()
REGISTER = b"""\
mode: record
roles:
  board: {users: [auditor]}
mitigations:
  - id: training
    title: Staff finish misuse training
    owner: safety-lead
    assessor: red-team-lead
    last_assessed: 2025-12-11
    every: 1 year
    approval: [{role: board, excludes: [owner, assessor]}]
"""


@pytest.fixture
def lab(make_lab: Callable[..., Lab]) -> Lab:
    lab = make_lab({"framework/mitigations.yml": REGISTER})
    lab = replace(lab, settings=replace(lab.settings, ledger_keys=LedgerKeys(key=KEY)))
    lab.fine()
    lab.later(minutes=1)
    return lab


def bot_says(lab: Lab) -> str:
    lab.later(minutes=1)
    lab.fine()
    comments = lab.repo.issue(1).comments
    return comments[-1].body.replace("\u2060", "") if comments else ""


def say(lab: Lab, who: str, text: str) -> str:
    lab.later(minutes=1)
    lab.say(who, 1, text)
    return bot_says(lab)


def recorded(lab: Lab, *kinds: type) -> int:
    report = lab.fine()
    assert report.content is not None
    return sum(isinstance(entry.body, kinds) for entry in report.content.ledger.entries)


def table(lab: Lab) -> str:
    return str(lab.repo.issue(1).body)


def all_answered(lab: Lab) -> None:
    say(lab, "safety-lead", "/reassay answer 1 yes because listed\n/reassay answer 2 yes because nothing")
    say(lab, "red-team-lead", "\n".join(f"/reassay answer {row} yes because looked at" for row in (3, 4, 5)))


def test_pitfall_01_a_sign_off_that_races_a_push_records_nothing_and_names_both(lab: Lab) -> None:
    lab.register(REGISTER.replace(b"Staff finish", b"All staff finish"))
    lab.later(minutes=1)
    lab.say("safety-lead", 1, "/reassay signoff 1")
    words = bot_says(lab)
    assert "your comment is about content" in words
    assert "and the content is" in words
    assert recorded(lab, Answered, SignedOff) == 0
    assert "Answers and sign-offs now apply to content" in "".join(each.body for each in lab.repo.issue(1).comments)
    said = say(lab, "safety-lead", "/reassay answer 1 yes because all of them are listed")
    assert "answered `yes`" in said, "having seen it, they can"


@pytest.mark.long
def test_pitfall_01_there_and_back_again_is_said_each_time(lab: Lab) -> None:
    changed = REGISTER.replace(b"Staff finish", b"All staff finish")
    words = ("answered `yes`", "signed off `yes`", "you already signed off row 1")
    commands = ("/reassay answer 1 yes because all of them are listed", "/reassay signoff 1", "/reassay signoff 1")
    for text, command, expected in zip((changed, REGISTER, changed), commands, words, strict=True):
        lab.register(text)
        bot_says(lab)
        assert expected in say(lab, "safety-lead", command)
    said = [each for each in lab.repo.issue(1).comments if "reassay:comment content-" in each.body]
    assert len(said) == 3


def test_pitfall_02_an_edited_comment_is_no_command_and_the_editor_is_named(lab: Lab) -> None:
    comment = lab.say("safety-lead", 1, "Looks fine to me.")
    lab.later(minutes=1)
    lab.repo.edit_comment_as("release-manager", 1, comment, "/reassay signoff 1")
    assert "your comment was edited by @release-manager" in bot_says(lab)
    assert recorded(lab, Answered, SignedOff) == 0


@pytest.mark.long
def test_pitfall_03_a_ticked_box_is_a_note_and_nothing_else(lab: Lab) -> None:
    body = table(lab)
    lab.repo.edit_as("auditor", 1, body=body.replace("- [ ]", "- [x]"))
    lab.later(minutes=1)
    lab.fine()
    assert "- [x] **1.**" in table(lab)
    assert "| safety-lead | open |" in table(lab)
    assert recorded(lab, Answered, SignedOff) == 0


@pytest.mark.long
def test_pitfall_04_a_question_that_is_taken_away_is_still_asked(lab: Lab) -> None:
    lab.repo.edit_as("auditor", 1, body="Nothing to see here.")
    bot_says(lab)
    own = REGISTER.replace(b"    approval:", b"    checklist: [{id: extra, text: Another question?}]\n    approval:")
    lab.register(own)
    bot_says(lab)
    assert "| 5 | What is decided" in table(lab)
    assert "Another question?" not in table(lab), "the questions are those of the opening"
    words = say(lab, "red-team-lead", "/reassay conclude effective because there is nothing to answer")
    assert "row 1 is not answered" in words
    assert recorded(lab, Decided) == 0


@pytest.mark.long
def test_pitfall_12_a_copied_marker_shows_nothing(lab: Lab) -> None:
    lab.register(REGISTER.replace(b"Staff finish", b"All staff finish"))
    bot_says(lab)
    marker = next(each.body for each in lab.repo.issue(1).comments if "reassay:comment content-" in each.body)
    lab.register(REGISTER.replace(b"Staff finish", b"Nobody has to finish"))
    lab.later(minutes=1)
    lab.say("release-manager", 1, marker)
    lab.later(minutes=1)
    lab.say("safety-lead", 1, "/reassay signoff 1")
    assert "your comment is about content" in bot_says(lab)
    assert recorded(lab, Answered, SignedOff) == 0


@pytest.mark.long
@pytest.mark.parametrize(
    "text",
    [
        "For example:\n```\n/reassay signoff all\n```",
        "> /reassay signoff all",
        "<!-- /reassay signoff all -->",
        "- it says /reassay signoff all",
    ],
)
def test_pitfall_16_a_command_that_is_only_shown_does_nothing(lab: Lab, text: str) -> None:
    lab.say("safety-lead", 1, text)
    with lab.box.readonly():
        lab.fine()


@pytest.mark.long
def test_pitfall_18_hostile_reasons_are_inert_and_ping_nobody(lab: Lab) -> None:
    say(lab, "safety-lead", "/reassay answer 1 yes because @auditor <img src=x> [a](http://x) \u202e | cell #1")
    row = next(line for line in table(lab).splitlines() if line.startswith("| 1 |"))
    assert "@\u2060auditor" in row
    assert "<img" not in row.replace("\\<img", "")
    assert "\u202e" not in row
    assert row.count(" | ") == 3, "the cell stays a cell"


@pytest.mark.long
def test_pitfall_20_one_human_in_two_roles_counts_once(lab: Lab) -> None:
    lab.register(
        REGISTER.replace(b"users: [auditor]", b"users: [auditor, red-team-lead]").replace(
            b", excludes: [owner, assessor]", b""
        )
    )
    bot_says(lab)
    all_answered(lab)
    words = say(lab, "red-team-lead", "/reassay signoff 6")
    assert "you signed as red-team-lead here, and a person counts once" in words
    say(lab, "red-team-lead", "/reassay withdraw all")
    for row in (3, 4, 5):
        say(lab, "safety-lead", f"/reassay answer {row} yes because looked at")
    assert "open" in table(lab)
    assert recorded(lab, Decided) == 0


@pytest.mark.long
def test_pitfall_22_a_signature_stands_when_its_person_leaves_the_role(lab: Lab) -> None:
    all_answered(lab)
    assert "signed off approval step 1" in say(lab, "auditor", "/reassay signoff 6")
    lab.register(REGISTER.replace(b"users: [auditor]", b"users: [release-manager]"))
    bot_says(lab)
    assert "| safety-lead | **yes**, signed off" in table(lab)
    assert "**signed off** |" in table(lab), "the role was held when it was signed"
    say(lab, "red-team-lead", "/reassay conclude effective because it holds")
    assert recorded(lab, Decided) == 1


@pytest.mark.long
def test_pitfall_22_whoever_is_excluded_since_counts_no_more(lab: Lab) -> None:
    all_answered(lab)
    say(lab, "auditor", "/reassay signoff 6")
    lab.register(
        REGISTER.replace(b"roles:\n", b"roles:\n  leads: {users: [safety-lead, auditor]}\n").replace(
            b"owner: safety-lead", b"owner: leads"
        )
    )
    bot_says(lab)
    words = say(lab, "red-team-lead", "/reassay conclude effective because it holds")
    assert "row 6 (approve) needs 1 sign-off from board" in words
    assert recorded(lab, Decided) == 0


@pytest.mark.long
def test_an_unrelated_change_keeps_every_signature(lab: Lab) -> None:
    all_answered(lab)
    say(lab, "auditor", "/reassay signoff 6")
    lab.repo.commit(
        {
            "framework/other.yml": b"mitigations:\n  - {id: other, title: Other, owner: safety-lead, last_assessed: 2026-11-01, every: 1 year}\n"
        }
    )
    lab.register(b"# a comment\n" + REGISTER)
    bot_says(lab)
    say(lab, "red-team-lead", "/reassay conclude effective because it holds")
    assert recorded(lab, Decided) == 1


@pytest.mark.long
def test_an_answer_that_changes_voids_what_was_signed_on_it_and_the_approval(lab: Lab) -> None:
    all_answered(lab)
    say(lab, "auditor", "/reassay signoff 6")
    say(lab, "red-team-lead", "/reassay answer 4 no because one part was not tested")
    assert (
        "| 6 | Approve all answers (not the owner, assessor) | board | **not valid**: the signed content has changed |"
        in table(lab)
    )
    assert "| 3 | Were the incidents" in table(lab)
    assert table(lab).count("**yes**, signed off") == 1
    assert table(lab).count("**in words**, signed off") == 3


@pytest.mark.long
def test_a_login_that_changed_hands_is_another_person_who_holds_nothing(lab: Lab) -> None:
    say(lab, "safety-lead", "/reassay answer 1 yes because all of them are listed")
    before = lab.box.add_user("safety-lead").id
    lab.box.dispatcher.store.users.pop("safety-lead")
    after = lab.box.add_user("safety-lead").id
    assert before != after
    lab.later(minutes=1)
    lab.fine()
    words = say(lab, "safety-lead", "/reassay withdraw 1")
    assert "you did not answer or sign off these rows" in words
    report = lab.fine()
    assert report.content is not None
    changed = [entry.body for entry in report.content.ledger.entries if entry.body.kind == "role-changed"]
    # Who took the login holds nothing: the ledger names their account for no role.
    assert [body.people for body in changed if body.role == f"account-{before}"] == [(before,), ()]
    assert f"account-{after}" not in {body.role for body in changed}
    assert "holds nothing" in say(lab, "safety-lead", "/reassay signoff 1")


@pytest.mark.long
def test_teams_hold_roles_where_an_app_may_read_them_and_nobody_elsewhere(lab: Lab) -> None:
    lab.box.add_team("example-lab/board", "auditor")
    text = REGISTER.replace(b"users: [auditor]", b"teams: [example-lab/board]").replace(
        b"mode: record", b"mode: record\napp_id: 7"
    )
    lab.register(text)
    bot_says(lab)
    all_answered(lab)
    words = say(lab, "auditor", "/reassay signoff 6")
    assert "only board can sign off row 6" in words
    token = lab.box.token("reassay[bot]", lab.name, permissions={**PERMISSIONS, "members": "read"})
    may_read = replace(lab, settings=replace(lab.settings, token=token))
    may_read.fine()
    assert "signed off approval step 1" in say(may_read, "auditor", "/reassay signoff 6")
