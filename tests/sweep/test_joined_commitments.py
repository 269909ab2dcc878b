"""Commitments about mitigations carry everything: what they ask joins every re-assessment of each mitigation that they select."""

import base64
from collections.abc import Callable
from dataclasses import replace

import pytest

from reassay.ledger.answers import SignedOff
from reassay.ledger.risks import Asserted
from reassay.ledger.store.configured_keys import LedgerKeys
from tests.lab import Lab

KEY = base64.b64encode(bytes(range(32))).decode()
REGISTER = b"""\
mode: record
timezone: Europe/Berlin
roles:
  board: {users: [auditor]}
  chief: {users: [release-manager]}
threat_models:
  - {id: misuse, title: Misuse}
mitigations:
  - id: filter
    title: Input filter
    owner: safety-lead
    assessor: red-team-lead
    threat_models: [misuse]
    every: 1 year
    approval: [{role: board, kind: review}]
    invalidation_conditions:
      - text: The model is fine-tuned on user data.
  - {id: other, title: Other, owner: safety-lead, assessor: red-team-lead, last_assessed: 2026-11-30, every: 1 year}
commitments:
  - id: b-approved
    title: Safeguards are approved again
    owner: safety-lead
    assessor: board
    statement: Safeguards against misuse are revisited and approved again.
    source: {organisation: Example Lab, document: A policy, version: "2", section: "4.3"}
    subject: {kind: mitigation, selector: {threat_models: [misuse]}}
    triggers: [{kind: interval, every: 1 year}]
    checklist:
      - {id: scope, text: Was the policy of this year read, role: chief}
    outputs: [{what: approval note, to: the board}]
    approval: [{role: board}, {role: chief}]
    invalidation_conditions:
      - {text: The weights leave the building., watch: egress}
  - id: a-also
    title: And the board looks at it
    owner: safety-lead
    statement: The board looks at it.
    source: {organisation: Example Lab, document: Another policy}
    subject: {kind: mitigation, selector: {threat_models: [misuse]}}
    approval: [{role: board}]
  - id: z-later
    title: Not in force yet
    owner: safety-lead
    in_force_from: 2027-06-01
    statement: The owner approves too.
    source: {organisation: Example Lab, document: A policy of next year}
    subject: {kind: mitigation}
    approval: [{role: safety-lead}]
  - id: framework-review
    title: The framework is reviewed
    owner: safety-lead
    assessor: red-team-lead
    statement: The framework is reviewed when there are grounds.
    source: {organisation: Example Lab, document: A policy}
    subject: {kind: framework}
    last_assessed: 2026-11-30
    triggers:
      - {kind: interval, every: 1 year}
      - {kind: invalidation-condition, condition: The law has changed., must_complete: within, within: 30 days}
    approval: [{role: chief}]
"""


@pytest.fixture
def lab(make_lab: Callable[..., Lab]) -> Lab:
    lab = make_lab({"framework/mitigations.yml": REGISTER})
    lab = replace(lab, settings=replace(lab.settings, ledger_keys=LedgerKeys(key=KEY)))
    lab.fine()
    return lab


def say(lab: Lab, who: str, text: str, number: int = 1) -> str:
    lab.later(minutes=2)
    lab.say(who, number, text)
    lab.later(minutes=1)
    lab.fine()
    return str(lab.repo.issue(number).comments[-1].body).replace("\u2060", "")


def test_the_issue_asks_what_the_commitments_ask_and_says_which_one_does(lab: Lab) -> None:
    assert [title for title in lab.titles() if "Input filter" in title] == lab.titles(), lab.titles()
    body = lab.repo.issue(1).body.replace("\u2060", "")
    steps = [line for line in body.splitlines() if "all answers" in line]
    assert [line.split("|")[2].strip() for line in steps] == [
        "Review all answers",
        "Approve all answers, asked for by commitment a-also",
        "Approve all answers, asked for by commitment b-approved",
        "Approve all answers, asked for by commitment b-approved",
    ]
    assert [line.split("|")[3].strip() for line in steps] == ["board", "board", "board", "chief"]
    assert "Was the policy of this year read *(asked for by commitment b-approved)* | chief" in body
    assert "- approval note, for the board, asked for by commitment b-approved" in body
    assert "**Commitment** `b-approved` applies to it, in Example Lab, A policy 2, 4.3:" in body
    assert "1. The model is fine-tuned on user data." in body
    assert "2. The weights leave the building. (asked for by commitment `b-approved`) (signal: egress)" in body
    assert "z-later" not in body, "it is not in force"
    with lab.box.readonly():
        assert lab.fine().done == ()


@pytest.mark.long
def test_it_cannot_be_concluded_without_the_steps_of_each_commitment(lab: Lab) -> None:
    numbers = {
        line.split("|")[1].strip(): line for line in lab.repo.issue(1).body.splitlines() if line.startswith("| ")
    }
    questions = [number for number, line in numbers.items() if number.isdigit() and "all answers" not in line]
    who: dict[str, list[str]] = {"safety-lead": [], "red-team-lead": [], "release-manager": []}
    for number in questions:
        roles = numbers[number].split("|")[3]
        login = "safety-lead" if "safety-lead" in roles else "release-manager" if "chief" in roles else "red-team-lead"
        who[login].append(number)
    for login, rows in who.items():
        for number in rows:
            say(lab, login, f"/reassay answer {number} yes because looked at")
    words = say(lab, "red-team-lead", "/reassay conclude degraded follow-up 2027-01-15 more because tested")
    assert "4 things are missing" in words, words
    assert "(approve, asked for by commitment b-approved) needs 1 sign-off from chief" in words
    last = max(int(number) for number in numbers if number.isdigit())
    for step in range(last - 3, last):
        assert "Recorded" in say(lab, "auditor", f"/reassay signoff {step}"), step
    assert "1 thing is missing" in say(
        lab, "red-team-lead", "/reassay conclude degraded follow-up 2027-01-15 more because tested"
    )
    assert "asked for by commitment b-approved" in say(lab, "release-manager", f"/reassay signoff {last} as chief")
    say(lab, "red-team-lead", "/reassay conclude degraded follow-up 2027-01-15 more because tested")
    assert lab.repo.issue(1).state == "closed", lab.repo.issue(1).comments[-1].body
    report = lab.fine()
    assert report.content is not None
    signed = [entry.body for entry in report.content.ledger.entries if isinstance(entry.body, SignedOff)]
    assert [(body.asked_by, body.step) for body in signed if body.step] == [
        (None, 1), ("a-also", 1), ("b-approved", 1), ("b-approved", 2),
    ]  # fmt: skip
    with lab.box.readonly():
        assert lab.fine().done == ()


def test_the_assessors_of_a_commitment_may_conclude(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab({"framework/mitigations.yml": REGISTER.replace(b"mode: record", b"mode: remind")})
    lab.fine()
    assert "Waiting on @red-team-lead or @auditor to assess and conclude" in lab.repo.issue(1).body.replace(
        "\u2060", ""
    )
    say(lab, "auditor", "/reassay conclude effective because tested")
    assert lab.repo.issue(1).state == "closed", lab.repo.issue(1).comments[-1].body


@pytest.mark.long
def test_a_condition_of_a_commitment_is_asserted_and_opens_within_its_own_time(lab: Lab) -> None:
    words = say(lab, "red-team-lead", "/reassay assert framework-review 1 because the act was passed")
    assert "reports for `framework-review`: 'The law has changed.'" in words, words
    assert any("The framework is reviewed" in title and "31 Dec 2026" in title for title in lab.titles()), lab.titles()
    with lab.box.readonly():
        assert lab.fine().done == ()


@pytest.mark.long
def test_a_condition_of_a_commitment_about_mitigations_is_asserted_for_each_of_them(lab: Lab) -> None:
    words = say(lab, "auditor", "/reassay assert b-approved 1 because a disk is missing")
    assert "reports for `filter`: 'The weights leave the building.'" in words, words
    report = lab.fine()
    assert report.content is not None
    asserted = [entry.body for entry in report.content.ledger.entries if isinstance(entry.body, Asserted)]
    assert [body.subject for body in asserted] == ["filter"]
    assert "somebody reported that this has occurred: The weights leave" in " ".join(
        result.reason for cell in report.cells if cell.subject == "filter" for result in cell.results
    )


@pytest.mark.long
def test_a_condition_of_a_commitment_that_is_not_in_force_is_refused(lab: Lab) -> None:
    words = say(lab, "safety-lead", "/reassay assert z-later 1 because it is")
    assert "z-later has no invalidation conditions" in words, words


@pytest.mark.long
def test_a_commitment_with_a_clock_of_its_own_is_approved_as_it_says(lab: Lab) -> None:
    say(lab, "red-team-lead", "/reassay assert framework-review 1 because the act was passed")
    number = next(issue.number for issue in lab.repo.issues() if "framework is reviewed" in issue.title)
    words = say(lab, "red-team-lead", "/reassay conclude effective because read", number)
    assert "(approve) needs 1 sign-off from chief (@release-manager)" in words, words


@pytest.mark.long
@pytest.mark.parametrize(("decision", "waits"), [("effective", True), ("ineffective restrict", False)])
def test_nothing_is_found_effective_while_a_commitment_cannot_be_read(lab: Lab, decision: str, waits: bool) -> None:
    lab.register(
        REGISTER.replace(b"approval: [{role: board}, {role: chief}]", b"aproval: [{role: board}, {role: chief}]")
    )
    refused = say(lab, "red-team-lead", f"/reassay conclude {decision} because it was looked at")
    assert "Nothing was recorded" in refused, "its own rows are not signed off"
    words = "commitment b-approved cannot be read: 'aproval' is not a key of a commitment (framework/mitigations.yml:"
    assert (words in refused) is waits
    lab.register(REGISTER)
    assert words not in say(lab, "red-team-lead", f"/reassay conclude {decision} because it was looked at")
