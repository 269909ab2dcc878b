"""Evidence has an owner and an end: the owner is asked for newer evidence before that day, and after it nothing rests on it."""

from collections.abc import Callable

import pytest

from reassay.assessment.cells import State
from reassay.sweep.report import Report
from tests.lab import Lab

REGISTER = b"""\
mode: remind
mitigations:
  - id: filter
    title: Input filter
    owner: safety-lead
    assessor: red-team-lead
    last_assessed: 2026-11-20
    every: 2 years
evidence_items:
  - id: red-team-report
    title: Report of the red team
    mitigations: [filter]
    method: test
    performed_by: red team
    performed_at: 2026-06-01
    owner: auditor
    valid_until: 2027-01-31
    finding: Nothing got through.
"""
NEWER = b"""\
  - id: newer-report
    title: Newer report
    mitigations: [filter]
    method: test
    performed_by: red team
    performed_at: 2027-01-20
    owner: auditor
    valid_until: 2027-09-30
    finding: Nothing got through.
"""


@pytest.fixture
def lab(make_lab: Callable[..., Lab]) -> Lab:
    lab = make_lab({"framework/mitigations.yml": REGISTER})
    lab.fine()
    return lab


def swept(lab: Lab, **delta: float) -> Report:
    lab.later(**(delta or {"minutes": 5}))
    report = lab.fine()
    with lab.box.readonly():
        lab.fine()
    return report


@pytest.mark.long
def test_the_owner_is_asked_before_it_ends_and_newer_evidence_is_all_that_is_needed(lab: Lab) -> None:
    (cell,) = swept(lab).cells
    assert (cell.state, str(cell.due)) == (State.CURRENT, "2027-01-31")
    (cell,) = swept(lab, days=50).cells
    assert (cell.state, str(cell.due)) == (State.DUE_SOON, "2027-01-31")
    (issue,) = lab.repo.issues()
    text = issue.body.replace("\u2060", "")
    assert "Evidence 'red-team-report' of auditor is valid until 2027-01-31" in text
    assert (
        "`red-team-report` (Report of the red team), of Mon 1 Jun 2026, valid until Sun 31 Jan 2027. @auditor, please add"
        in text
    )
    swept(lab, days=7)
    reminder = lab.repo.issue(issue.number).comments[-1].body.replace("\u2060", "")
    assert "@auditor: evidence `red-team-report` is valid until Sun 31 Jan 2027" in reminder
    lab.register(REGISTER + NEWER)
    (cell,) = swept(lab).cells
    assert (cell.state, str(cell.due)) == (State.CURRENT, "2027-09-30")
    assert lab.repo.issue(issue.number).state == "closed"


def test_what_nobody_renews_is_stale_and_a_decision_without_newer_evidence_is_blind(lab: Lab) -> None:
    (cell,) = swept(lab, days=70).cells
    assert cell.state is State.EVIDENCE_STALE
    assert (
        "'red-team-report' of auditor was valid until 2027-01-31, and no newer evidence by test is valid" in cell.reason
    )
    (issue,) = lab.repo.issues()
    lab.say("red-team-lead", issue.number, "/reassay conclude effective because it looks fine")
    (cell,) = swept(lab).cells
    assert cell.is_blind
    assert not cell.is_effective
    assert "was decided without newer evidence" in cell.reason


def test_a_decision_within_the_time_to_renew_it_opens_nothing_until_it_ends(lab: Lab) -> None:
    swept(lab, days=50)
    (issue,) = lab.repo.issues()
    lab.say("red-team-lead", issue.number, "/reassay conclude effective because the report still applies")
    (cell,) = swept(lab).cells
    assert (cell.state, str(cell.due)) == (State.CURRENT, "2027-01-31")
    assert [own.state for own in lab.repo.issues()] == ["closed"]
    assert swept(lab, days=20).cells[0].state is State.EVIDENCE_STALE


def test_evidence_by_another_method_does_not_replace_it(lab: Lab) -> None:
    lab.register(REGISTER + NEWER.replace(b"method: test", b"method: inquiry"))
    assert swept(lab, days=70).cells[0].state is State.EVIDENCE_STALE
