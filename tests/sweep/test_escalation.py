"""Reminders that do not fade: a named role is mentioned too, whoever has signed is left in peace, and containing comes first."""

import base64
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from reassay.ledger.store.configured_keys import LedgerKeys
from tests.lab import Lab

KEY = base64.b64encode(bytes(range(32))).decode()
REMIND = b"""\
mode: remind
roles:
  chief: {users: [auditor]}
reminders: {escalate_to: chief, escalate_after: 5}
mitigations:
  - {id: filter, title: Filter, owner: safety-lead, assessor: red-team-lead, every: 1 year, last_assessed: 2025-12-01}
"""
RECORD = b"""\
mode: record
on_call: release-manager
roles:
  board: {users: [auditor]}
mitigations:
  - id: filter
    title: Input filter
    owner: safety-lead
    assessor: red-team-lead
    last_assessed: 2026-11-01
    every: 1 year
    reassess: {triggers: [{kind: incident-severity, at_least: medium}]}
    approval: [{role: board}]
"""
INCIDENT = b"""\
incidents:
  - {id: bypass, title: A bypass, severity: %s, first_seen_at: 2026-12-01T08:00:00Z, mitigations_failed: [filter]%s}
"""


def reminders(lab: Lab, number: int = 1) -> list[str]:
    return [
        comment.body.replace("\u2060", "")
        for comment in lab.repo.issue(number).comments
        if "reassay:comment reminder-" in comment.body
    ]


def daily(lab: Lab, days: int) -> None:
    """A sweep a day, and a second one wherever the first wrote: after one that wrote nothing all is as it was for that."""
    for _ in range(days):
        lab.later(days=1)
        if lab.fine().done:
            with lab.box.readonly():
                assert lab.fine().done == ()


@pytest.mark.long
def test_reminders_are_escalated_every_week_until_it_is_decided(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab({"framework/mitigations.yml": REMIND})
    lab.fine()
    daily(lab, 30)
    said = reminders(lab)
    escalated = [text for text in said if "**Escalated to chief:** @auditor." in text]
    assert len(escalated) == 4, said
    assert "is 5 working days overdue" in escalated[0]
    assert "is 10 working days overdue" in escalated[1]
    assert all("@safety-lead: R-2026-001" in text for text in escalated)
    assert not any("Escalated" in text for text in said[: len(said) - 4])
    lab.say("red-team-lead", 1, "/reassay conclude effective because tested")
    lab.fine()
    daily(lab, 10)
    assert reminders(lab) == said


@pytest.mark.long
def test_the_owner_cannot_pause_what_is_escalated(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab({"framework/mitigations.yml": REMIND})
    lab.fine()
    lab.say("safety-lead", 1, "/reassay snooze 2 months because the contractor is away")
    lab.fine()
    daily(lab, 15)
    assert [("Escalated" in text) for text in reminders(lab)] == [True, True]


@pytest.mark.long
def test_a_role_that_nobody_holds_is_said(make_lab: Callable[..., Lab]) -> None:
    lab = make_lab({"framework/mitigations.yml": REMIND.replace(b"users: [auditor]", b"users: [nobody-here]")})
    lab.fine()
    daily(lab, 9)
    assert (
        "**Escalated to chief:** nobody holds this role now, so name somebody in the configuration."
        in reminders(lab)[-1]
    )


def recording(make_lab: Callable[..., Lab], severity: bytes, more: bytes = b"") -> Lab:
    made = make_lab({"framework/mitigations.yml": RECORD})
    lab = replace(made, settings=replace(made.settings, ledger_keys=LedgerKeys(key=KEY)))
    lab.fine()
    lab.repo.commit({"framework/incidents.yml": INCIDENT % (severity, more)})
    lab.fine()
    return lab


def rows(lab: Lab, role: str) -> list[str]:
    """The numbers of the questions that a role answers."""
    return re.findall(rf"^\| (\d+) \| .* \| {role} \| open \|$", lab.repo.issue(1).body, re.MULTILINE)


def answered(lab: Lab, who: str) -> None:
    """Somebody answers and signs off all questions of their role."""
    numbers = rows(lab, who)
    assert numbers
    for text in (
        "\n".join(f"/reassay answer {row} yes because it is" for row in numbers),
        f"/reassay signoff {' '.join(numbers)}",
    ):
        lab.later(minutes=2)
        lab.say(who, 1, text)
        lab.later(minutes=1)
        lab.fine()


@pytest.mark.long
def test_whoever_has_signed_is_not_reminded_and_the_others_are(make_lab: Callable[..., Lab]) -> None:
    lab = recording(make_lab, b"medium")
    answered(lab, "safety-lead")
    daily(lab, 14)
    first = reminders(lab)[-1]
    assert "\n@red-team-lead: R-2026-001 " in first, "the owner has signed, and the board's turn has not come"
    assert "is not answered (@red-team-lead)" in first
    answered(lab, "red-team-lead")
    daily(lab, 7)
    assert "\n@auditor: R-2026-001 " in reminders(lab)[-1]


OFFER = "contain it first"


@pytest.mark.long
def test_the_issue_of_a_severe_incident_offers_to_contain_first(make_lab: Callable[..., Lab]) -> None:
    lab = recording(make_lab, b"high")
    body = lab.repo.issue(1).body.replace("\u2060", "")
    assert body.index("**High incident (`bypass`): contain it first.** @release-manager can restrict") < body.index(
        "**Why now**"
    )
    assert "/reassay contain restrict because <reason>\n/reassay contain withdraw because <reason>\n" in body
    assert "Another person (auditor) ratifies it within 3 working days, or it is listed as an exception." in body
    lab.later(minutes=2)
    lab.say("release-manager", 1, "/reassay contain restrict because one suffix bypasses it")
    lab.later(minutes=1)
    lab.fine()
    body = lab.repo.issue(1).body
    assert OFFER not in body
    assert "**Contained:** release-manager decided to restrict" in body
    with lab.box.readonly():
        assert lab.fine().done == ()


def test_a_mild_incident_offers_nothing(make_lab: Callable[..., Lab]) -> None:
    assert OFFER not in recording(make_lab, b"medium").repo.issue(1).body


@pytest.mark.long
def test_a_resolved_incident_offers_nothing(make_lab: Callable[..., Lab]) -> None:
    assert OFFER not in recording(make_lab, b"critical", b", resolved_at: 2026-12-01T08:30:00Z").repo.issue(1).body


def test_an_incident_that_did_not_open_the_issue_offers_nothing_there(make_lab: Callable[..., Lab]) -> None:
    text = REMIND.replace(b"last_assessed: 2025-12-01}", b"last_assessed: 2025-12-01, reassess: {triggers: []}}")
    lab = make_lab({"framework/mitigations.yml": text})
    lab.fine()
    lab.repo.commit({"framework/incidents.yml": INCIDENT % (b"high", b"")})
    lab.fine()
    assert OFFER not in lab.repo.issue(1).body
