"""What takes two people waits for two; evidence is attached where it can be found, and nothing is fetched."""

import base64
from collections.abc import Callable
from dataclasses import replace

import pytest

from reassay.ledger.answers import Attached
from reassay.ledger.deferrals import Extended
from reassay.ledger.risks import Corrected, Triaged
from reassay.ledger.store.configured_keys import LedgerKeys
from tests.lab import Lab

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
    target:
      statement: Everybody is trained, and the drill passes.
      criteria:
        - {kind: exercise, name: drill, success: Everybody leaves.}
        - {kind: judgement, name: judged, question: Is it enough?}
    approval: [{role: board}]
information_items:
  - {id: news, title: A new attack, kind: jailbreak, known_at: 2026-12-01T08:00:00Z, source: a paper, affects: [training]}
"""
EXTEND = "/reassay extend until 2027-01-08 because the report is late"
DIGEST = "sha256:" + "ab" * 32


@pytest.fixture
def lab(make_lab: Callable[..., Lab]) -> Lab:
    lab = make_lab({"framework/mitigations.yml": REGISTER, "reports/drill.md": b"It passed.\n"})
    lab = replace(lab, settings=replace(lab.settings, ledger_keys=LedgerKeys(key=KEY)))
    lab.fine()
    return lab


def say(lab: Lab, who: str, text: str) -> str:
    lab.later(minutes=2)
    lab.say(who, 1, text)
    lab.later(minutes=1)
    lab.fine()
    return str(lab.repo.issue(1).comments[-1].body).replace("\u2060", "")


def asks(lab: Lab, who: str, text: str) -> int:
    say(lab, who, text)
    return int(next(each.id for each in reversed(lab.repo.issue(1).comments) if each.body == text))


def of_kind(lab: Lab, kind: type) -> list[object]:
    report = lab.fine()
    assert report.content is not None
    return [entry.body for entry in report.content.ledger.entries if isinstance(entry.body, kind)]


def test_the_person_who_asked_cannot_confirm(lab: Lab) -> None:
    comment = asks(lab, "safety-lead", EXTEND)
    assert "this takes a second person" in say(lab, "safety-lead", f"/reassay confirm {comment}")
    assert of_kind(lab, Extended) == []


@pytest.mark.long
def test_whoever_may_not_cannot_confirm_and_hears_who_may(lab: Lab) -> None:
    comment = asks(lab, "safety-lead", EXTEND)
    assert "only board can confirm an extension. Ask @auditor." in say(
        lab, "release-manager", f"/reassay confirm {comment}"
    )


@pytest.mark.long
def test_it_expires_after_seven_days(lab: Lab) -> None:
    comment = asks(lab, "safety-lead", EXTEND)
    lab.later(days=8)
    lab.fine()
    assert "more than 7 days old and has expired" in say(lab, "auditor", f"/reassay confirm {comment}")


@pytest.mark.long
def test_an_edited_or_deleted_request_counts_for_nothing(lab: Lab) -> None:
    comment = asks(lab, "safety-lead", EXTEND)
    lab.repo.edit_comment_as("safety-lead", 1, comment, EXTEND.replace("01-08", "03-08"))
    assert "was edited, so it is not valid" in say(lab, "auditor", f"/reassay confirm {comment}")
    other = asks(lab, "safety-lead", EXTEND + " again")
    lab.repo.delete_comment_as("safety-lead", 1, other)
    assert f"no request with the number {other} waits" in say(lab, "auditor", f"/reassay confirm {other}")
    assert of_kind(lab, Extended) == []


@pytest.mark.long
def test_confirming_twice_records_once(lab: Lab) -> None:
    comment = asks(lab, "safety-lead", EXTEND)
    say(lab, "auditor", f"/reassay confirm {comment}")
    assert "this is already confirmed" in say(lab, "auditor", f"/reassay confirm {comment}")
    assert len(of_kind(lab, Extended)) == 1


@pytest.mark.long
def test_who_acts_in_the_name_of_the_one_who_asked_is_no_second_person(lab: Lab) -> None:
    lab.register(
        REGISTER.replace(b"users: [auditor]", b"users: [auditor, safety-lead]")
        + b"delegations:\n  - {id: leave, title: Leave, role: board, from: safety-lead, to: release-manager, start: 2026-12-01, end: 2026-12-31}\n"
    )
    comment = asks(lab, "safety-lead", EXTEND)
    assert "you hold the role for the person who asked" in say(lab, "release-manager", f"/reassay confirm {comment}")


@pytest.mark.long
def test_it_is_extended_at_most_twice(lab: Lab) -> None:
    for day in ("2027-01-08", "2027-02-08"):
        comment = asks(lab, "safety-lead", f"/reassay extend until {day} because the report is late")
        say(lab, "auditor", f"/reassay confirm {comment}")
    assert len(of_kind(lab, Extended)) == 2
    words = say(lab, "safety-lead", "/reassay extend until 2027-03-08 because the report is late")
    assert "was already extended 2 times" in words


REFUSALS = (
    ("red-team-lead", EXTEND, "only safety-lead can extend this"),
    (
        "safety-lead",
        "/reassay extend until 2026-12-05 because x",
        "Sat 5 Dec 2026 is not a later due date: it is due Fri 11 Dec 2026",
    ),
    (
        "safety-lead",
        "/reassay extend until soon because x",
        "`soon` is not a valid date for `until`; write e.g. 2027-01-31",
    ),
    ("safety-lead", "/reassay extend until 2027-01-08", "an extension needs a reason after `because`"),
    (
        "auditor",
        "/reassay accept-risk until 2027-01-08 because x",
        "only safety-lead or red-team-lead can accept this risk",
    ),
    (
        "safety-lead",
        "/reassay accept-risk until 2029-01-08 because x",
        "is not between tomorrow and a year from now",
    ),
    (
        "safety-lead",
        "/reassay contain delete because x",
        "`delete` is not a valid action; write one of `restrict`, `withdraw`",
    ),
    ("auditor", "/reassay contain restrict because x", "only safety-lead can contain this"),
    ("auditor", "/reassay snooze 2 weeks because x", "only safety-lead can snooze reminders"),
    ("safety-lead", "/reassay snooze 2 years because x", "one day to three months"),
    ("safety-lead", "/reassay waiting-on until 2026-12-21", "name the party in a few words"),
    ("auditor", "/reassay answer 1 yes because x", "only safety-lead or red-team-lead can answer this row"),
    ("safety-lead", "/reassay answer 9 yes because x", "'9' is not a row here: rows are numbered 1 to 6"),
    (
        "safety-lead",
        "/reassay answer 1 maybe because x",
        "`maybe` is not a valid answer; write one of `yes`, `no`, `n/a`, `not-tested`",
    ),
    ("safety-lead", "/reassay answer 6 yes because x", "row 6 is an approval step"),
    ("safety-lead", "/reassay signoff", "the rows are missing"),
    ("safety-lead", "/reassay signoff 3", "only red-team-lead can sign off row 3"),
    ("auditor", "/reassay signoff 6", "row 6 approves all answers, and rows 1, 2, 3, 4, 5 are not signed off yet"),
    ("safety-lead", "/reassay withdraw all", "you did not answer or sign off these rows"),
    ("safety-lead", "/reassay unhold", "there is no hold here"),
    ("release-manager", "/reassay dissent because x", "can dissent here"),
    ("safety-lead", "/reassay not-material because x", "only red-team-lead can close this without a decision"),
    ("red-team-lead", "/reassay merge-into 1 because x", "also due by interval"),
    ("red-team-lead", "/reassay correct R-2026-009 withdraw because x", "R-2026-009 is not the id of a record"),
    ("red-team-lead", "/reassay correct R-2026-001 erratum because x", "R-2026-001 has no decision"),
    (
        "red-team-lead",
        "/reassay assess trainin because x",
        "no mitigation or commitment is called 'trainin'. Did you mean",
    ),
    ("auditor", "/reassay triage nothing material because x", "'nothing' is not the id of an information item"),
    ("safety-lead", "/reassay assert training 1 because x", "training has no invalidation conditions"),
    ("safety-lead", "/reassay signof 1", "`signof` is not a valid command. Did you mean"),
)
"""Who writes what, and what the answer says."""


@pytest.mark.long
def test_every_refusal_says_what_why_and_what_next(lab: Lab) -> None:
    """A few of them in each sweep, because a person gets only so many replies an hour; none of them changes the next."""
    for first in range(0, len(REFUSALS), 6):
        lab.later(hours=2)
        before = {comment.id for comment in lab.repo.issue(1).comments}
        asked = {lab.say(who, 1, text): words for who, text, words in REFUSALS[first : first + 6]}
        lab.later(minutes=1)
        lab.fine()
        comments = {comment.id: comment for comment in lab.repo.issue(1).comments if comment.id not in before}
        answers = [comment.body.replace("\u2060", "") for comment in comments.values() if comment.id not in asked]
        assert len(answers) == len(asked)
        for number, words in asked.items():
            assert [reaction.content for reaction in comments[number].reactions] == ["confused"], words
            assert [answer for answer in answers if words in answer], (words, answers)
        with lab.box.readonly():
            lab.fine()


@pytest.mark.long
def test_a_file_of_the_repository_is_named_by_its_digest_and_a_missing_one_is_refused(lab: Lab) -> None:
    words = say(
        lab,
        "red-team-lead",
        "/reassay evidence reports/drill.md exercise passed for drill because all left in 4 minutes",
    )
    assert "attached exercise evidence (a file of this repository" in words
    assert "Criterion 'drill': met, because the drill passed" in words
    (body,) = of_kind(lab, Attached)
    assert isinstance(body, Attached)
    assert (body.provenance, body.independent, body.criterion) == ("file", True, "drill")
    assert body.digest is not None
    assert body.digest.startswith("file:sha256:")
    assert "there is no file 'reports/absent.md'" in say(
        lab, "red-team-lead", "/reassay evidence reports/absent.md attested because x"
    )
    unknown = f"/reassay evidence reports/drill.md@{'0' * 40} attested because x"
    assert "there is no file 'reports/drill.md' at 0000000" in say(lab, "red-team-lead", unknown)


@pytest.mark.long
def test_no_address_is_fetched(lab: Lab) -> None:
    words = say(lab, "red-team-lead", "/reassay evidence https://example.org/report.pdf attested because x")
    assert "URLs are not fetched" in words
    assert of_kind(lab, Attached) == []


@pytest.mark.long
def test_sealed_evidence_is_a_pointer(lab: Lab) -> None:
    text = (
        f"/reassay evidence sealed:vault/7 {DIGEST} custodian auditor until 2030-01-01 because all tries were stopped"
    )
    assert "(sealed, `abababababab`)" in say(lab, "safety-lead", text)
    (body,) = of_kind(lab, Attached)
    assert isinstance(body, Attached)
    assert (body.digest, body.independent) == (f"salted:{DIGEST}", False)


@pytest.mark.long
def test_the_owners_own_judgement_meets_nothing(lab: Lab) -> None:
    words = say(lab, "safety-lead", "/reassay evidence judgement met for judged because I think so")
    assert "judged by the owner only, which is self-assessed" in words
    words = say(
        lab,
        "red-team-lead",
        "/reassay evidence judgement met for judged because of the interviews; a second team would change my mind",
    )
    assert "Criterion 'judged': met" in words


@pytest.mark.long
def test_information_is_triaged_in_the_issue(lab: Lab) -> None:
    assert "judged `news` material" in say(lab, "red-team-lead", "/reassay triage material because it gets through")
    (body,) = of_kind(lab, Triaged)
    assert isinstance(body, Triaged)
    assert body.information == "news"
    assert "'news' (jailbreak) is material" in lab.repo.issue(1).body
    assert "news is already triaged" in say(
        lab, "red-team-lead", "/reassay triage news not-material because it does not"
    )


@pytest.mark.long
def test_an_erratum_stands_beside_a_record_that_holds(lab: Lab) -> None:
    for row in range(1, 6):
        say(lab, "safety-lead" if row < 3 else "red-team-lead", f"/reassay answer {row} yes because it was looked at")
    say(lab, "auditor", "/reassay signoff 6")
    say(lab, "red-team-lead", "/reassay conclude inconclusive because the drill is still to come")
    comment = asks(lab, "red-team-lead", "/reassay correct R-2026-001 erratum because the drill was held on 2 December")
    say(lab, "auditor", f"/reassay confirm {comment}")
    (body,) = of_kind(lab, Corrected)
    assert isinstance(body, Corrected)
    assert body.how == "erratum"
    words = "".join(each.body for each in lab.repo.issue(1).comments)
    assert "**Erratum to R-2026-001**" in words
    assert "The decision itself stays valid" in words


@pytest.mark.long
def test_a_name_that_leads_to_no_account_holds_nothing(lab: Lab) -> None:
    lab.register(REGISTER.replace(b"users: [auditor]", b"users: [nobody-there]"))
    lab.later(minutes=1)
    report = lab.fine()
    assert any("role board: a name in it lead" in note for note in report.notes)
    comment = asks(lab, "safety-lead", EXTEND)
    assert "nobody else can confirm it. Name another person for board" in say(
        lab, "auditor", f"/reassay confirm {comment}"
    )
