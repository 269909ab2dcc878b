"""Mode `record` as a whole: what a sweep records by itself, and each verb's way through ledger and issue."""

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TypeVar

import pytest

from reassay.assessment.cells import State
from reassay.ledger.risks import Contained
from reassay.ledger.store.configured_keys import LedgerKeys
from reassay.ledger.sweep_records import BotWasDown, Bypass, Missed, PolicyChanged, RoleChanged
from tests.lab import Lab

BodyT = TypeVar("BodyT")
KEY = base64.b64encode(bytes(range(32))).decode()
REGISTER = b"""\
mode: record
timezone: Europe/Berlin
on_call: release-manager
roles:
  board: {users: [auditor]}
threat_models:
  - {id: misuse, title: Misuse}
mitigations:
  - id: filter
    title: Input filter
    owner: safety-lead
    assessor: red-team-lead
    layer: system
    threat_models: [misuse]
    last_assessed: 2026-11-01
    every: 1 year
    invalidation_conditions:
      - text: The model is fine-tuned on user data.
    reassess:
      triggers: [{kind: incident-severity, at_least: high}]
    approval: [{role: board}]
  - id: monitor
    title: Usage monitoring
    owner: safety-lead
    assessor: red-team-lead
    layer: monitoring
    threat_models: [misuse]
    last_assessed: 2026-11-01
    every: 1 year
    approval: [{role: board}]
"""
INCIDENT = b"""\
incidents:
  - id: %s
    title: A bypass
    kind: incident
    severity: high
    first_seen_at: 2026-12-01T08:00:00Z
    mitigations_failed: [filter]
"""


@pytest.fixture
def lab(make_lab: Callable[..., Lab]) -> Lab:
    lab = make_lab({"framework/mitigations.yml": REGISTER})
    return replace(lab, settings=replace(lab.settings, ledger_keys=LedgerKeys(key=KEY)))


def say(lab: Lab, who: str, text: str, number: int = 1) -> str:
    lab.later(minutes=2)
    lab.say(who, number, text)
    lab.later(minutes=1)
    lab.fine()
    return str(lab.repo.issue(number).comments[-1].body).replace("\u2060", "")


def everything(lab: Lab, number: int = 1) -> str:
    return "\n".join(each.body for each in lab.repo.issue(number).comments).replace("\u2060", "")


def bodies(lab: Lab, kind: type[BodyT]) -> list[BodyT]:
    report = lab.fine()
    assert report.content is not None
    return [entry.body for entry in report.content.ledger.entries if isinstance(entry.body, kind)]


def state(lab: Lab, name: str = "filter") -> State:
    return next(cell.state for cell in lab.fine().cells if cell.subject == name)


def incident(lab: Lab, name: str = "bypass") -> int:
    """An incident opens a re-assessment; returns its issue."""
    lab.repo.commit({f"framework/{name}.yml": INCIDENT % name.encode()}, author="safety-lead")
    lab.later(minutes=1)
    lab.fine()
    return len(lab.titles())


def asked(lab: Lab, who: str, text: str, second: str, number: int = 1) -> str:
    """One asks, another confirms."""
    lab.later(minutes=2)
    comment = lab.say(who, number, text)
    lab.later(minutes=1)
    lab.fine()
    return say(lab, second, f"/reassay confirm {comment}", number)


def test_without_a_key_nothing_is_recorded_and_the_run_says_why(lab: Lab) -> None:
    bare = replace(lab, settings=replace(lab.settings, ledger_keys=LedgerKeys()))
    bare.repo.commit({"framework/new.yml": b"mitigations:\n  - {id: new, title: New, owner: safety-lead}\n"})
    with lab.box.readonly():
        report = bare.sweep()
    assert "mode 'record' needs a key for the ledger, and this run has none" in str(report.problems)
    assert "reassay ledger new-key" in str(report.problems)


@pytest.mark.long
def test_a_sweep_records_roles_policy_and_a_sign_of_life_once(lab: Lab) -> None:
    lab.fine()
    roles = {body.role: body.people for body in bodies(lab, RoleChanged)}
    ids = {
        login: lab.box.add_user(login).id for login in ("safety-lead", "red-team-lead", "auditor", "release-manager")
    }
    assert roles["board"] == (ids["auditor"],)
    assert f"account-{ids['safety-lead']}" in roles, "a login is personal data"
    assert len(bodies(lab, PolicyChanged)) == 1
    with lab.box.readonly():
        lab.fine()
    lab.register(REGISTER.replace(b"users: [auditor]", b"users: [auditor, release-manager]"))
    lab.fine()
    assert bodies(lab, RoleChanged)[-1] == RoleChanged(
        role="board", people=tuple(sorted((ids["auditor"], ids["release-manager"])))
    )
    assert len(bodies(lab, PolicyChanged)) == 2


def test_an_outage_is_recorded_and_said(lab: Lab) -> None:
    lab.fine()
    lab.later(days=2)
    lab.fine()
    assert bodies(lab, BotWasDown) == []
    lab.later(days=9)
    report = lab.fine()
    assert any("no sweep between 2026-12-03 and 2026-12-12" in note for note in report.notes)
    assert len(bodies(lab, BotWasDown)) == 1


def test_a_commit_past_a_pull_request_is_a_bypass_and_a_merged_one_is_not(lab: Lab) -> None:
    lab.fine()
    lab.later(hours=1)
    lab.register(REGISTER.replace(b"every: 1 year", b"every: 2 years"))
    report = lab.fine()
    (found,) = bodies(lab, Bypass)
    assert found.committer == lab.box.add_user("safety-lead").id
    assert any("changed the register past a pull request" in note for note in report.notes)
    with lab.box.readonly():
        lab.fine()


def test_a_missed_date_is_recorded_once(lab: Lab) -> None:
    number = incident(lab)
    assert number == 1
    lab.later(days=20)
    lab.fine()
    (found,) = bodies(lab, Missed)
    assert found.due == date(2026, 12, 15)
    assert state(lab) is State.OVERDUE


@pytest.mark.long
def test_not_material_is_not_opened_by_the_same_incident_and_is_by_another(lab: Lab) -> None:
    incident(lab)
    words = asked(lab, "red-team-lead", "/reassay not-material because it was another product", "auditor")
    assert "R-2026-001 is closed as not material" in words
    assert lab.repo.issue(1).state == "closed"
    assert state(lab) is State.CURRENT
    with lab.box.readonly():
        lab.fine()
    assert incident(lab, "another") == 2


def test_a_clock_is_not_settled_by_a_side_exit(lab: Lab) -> None:
    lab.later(days=330)
    lab.fine()
    words = say(lab, "red-team-lead", "/reassay not-material because nothing changed")
    assert "also due by interval, which only a decision settles" in words


@pytest.mark.long
def test_merged_into_another_one_it_comes_back_if_that_ends_without_a_decision(lab: Lab) -> None:
    incident(lab)
    assert "opened R-2026-002" in say(lab, "red-team-lead", "/reassay assess monitor because of the bypass")
    words = asked(lab, "red-team-lead", "/reassay merge-into #2 because it is one incident", "auditor")
    assert "R-2026-001 is closed as handled in R-2026-002" in words
    assert state(lab) is State.CURRENT
    asked(lab, "red-team-lead", "/reassay not-material because the monitor is fine", "auditor", 2)
    lab.fine()
    assert len(lab.titles()) == 3, "nobody decided, so it is asked for again"


def test_an_asserted_condition_opens_and_joins(lab: Lab) -> None:
    incident(lab)
    words = say(lab, "red-team-lead", "/reassay assert filter 1 because it was fine-tuned yesterday")
    assert "reports for `filter`" in words
    assert "Somebody reported that this has occurred: The model is fine-tuned on user data." in lab.repo.issue(1).body
    assert "has 1 invalidation condition" in say(lab, "red-team-lead", "/reassay assert filter 2 because x")


@pytest.mark.long
def test_an_accepted_risk_carries_degraded_and_asks_again_when_it_ends(lab: Lab) -> None:
    incident(lab)
    words = asked(
        lab, "safety-lead", "/reassay accept-risk until 2027-01-31 because uploads are read by hand", "auditor"
    )
    assert "the risk of `filter` is accepted up to and including Sun 31 Jan 2027" in words
    for row in range(1, 6):
        who = "safety-lead" if row < 3 else "red-team-lead"
        say(lab, who, f"/reassay answer {row} yes because it was looked at")
    say(lab, "auditor", "/reassay signoff 6")
    say(lab, "red-team-lead", "/reassay conclude degraded because one suffix gets through")
    assert lab.repo.issue(1).state == "closed"
    lab.box.clock.move_to(lab.box.clock.now().replace(year=2027, month=2, day=1))
    lab.fine()
    assert state(lab) is State.ACCEPTANCE_EXPIRED
    assert any("The risk acceptance 'entry" in each.body for each in lab.repo.issues())


@pytest.mark.long
def test_containment_is_at_once_and_ratified_late_it_is_an_exception(lab: Lab) -> None:
    incident(lab)
    words = say(lab, "release-manager", "/reassay contain restrict because one suffix gets through")
    assert "contained `filter`: everything restricted from now on" in words
    assert "To ratify it, @auditor comments: `/reassay confirm" in words
    (found,) = bodies(lab, Contained)
    assert found.ratify_by == date(2026, 12, 4)
    assert "to be ratified by Fri 4 Dec 2026" in lab.repo.issue(1).body
    lab.later(days=6)
    lab.fine()
    assert "late, and listed as an exception" in lab.repo.issue(1).body
    comment = next(each.id for each in lab.repo.issue(1).comments if each.body.startswith("/reassay contain"))
    assert "ratified the containment" in say(lab, "auditor", f"/reassay confirm {comment}")
    assert "ratified by entry" in lab.repo.issue(1).body


@pytest.mark.long
def test_snooze_waiting_on_hold_and_dissent_are_shown_and_move_nothing(lab: Lab) -> None:
    incident(lab)
    say(lab, "safety-lead", "/reassay snooze 4 weeks because the report is late")
    say(lab, "safety-lead", "/reassay waiting-on the contractor's report until 2026-12-21")
    say(lab, "red-team-lead", "/reassay hold because the numbers contradict each other")
    assert "**Waiting on** the contractor's report, until Mon 21 Dec 2026." in lab.repo.issue(1).body
    assert "**On hold:** red-team-lead put a hold on this" in lab.repo.issue(1).body
    lab.later(days=20)
    lab.fine()
    assert "is 4 working days overdue" not in everything(lab), "reminders are silent"
    assert state(lab) is State.OVERDUE
    assert "lifted the hold" in say(lab, "red-team-lead", "/reassay unhold")


@pytest.mark.long
def test_a_withdrawn_record_wakes_what_stands_beside_it(lab: Lab) -> None:
    for number, name in enumerate(("filter", "monitor"), 1):
        lab.fine()
        if number == 1:
            incident(lab)
        else:
            say(lab, "red-team-lead", f"/reassay assess {name} because of the bypass", 1)
        for row in range(1, 6):
            say(
                lab,
                "safety-lead" if row < 3 else "red-team-lead",
                f"/reassay answer {row} yes because looked at",
                number,
            )
        say(lab, "auditor", "/reassay signoff 6", number)
        say(lab, "red-team-lead", "/reassay conclude effective because it holds", number)
    assert (state(lab), state(lab, "monitor")) == (State.CURRENT, State.CURRENT)
    asked(lab, "red-team-lead", "/reassay correct R-2026-001 withdraw because the wrong model was tested", "auditor")
    assert state(lab, "monitor") is State.TRIGGERED
    assert any("filter has a record that was withdrawn (misuse)" in each.body for each in lab.repo.issues())


def test_plan_shows_what_would_come_and_writes_nothing_but_its_answer(lab: Lab) -> None:
    incident(lab)
    words = say(lab, "auditor", "/reassay plan")
    assert "A dry run for `filter` until Wed 1 Dec 2027" in words
