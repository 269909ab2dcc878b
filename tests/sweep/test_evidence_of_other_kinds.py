"""Effort, times, judgements and capabilities are attached in an issue, and compared with their criteria."""

import base64
from collections.abc import Callable
from dataclasses import replace

import pytest

from reassay.ledger.answers import Attached
from reassay.ledger.store.configured_keys import LedgerKeys
from tests.lab import Lab

KEY = base64.b64encode(bytes(range(32))).decode()
REGISTER = b"""\
mode: record
mitigations:
  - id: filter
    title: Input filter
    owner: safety-lead
    assessor: red-team-lead
    last_assessed: 2025-12-11
    every: 1 year
    target:
      statement: Nobody gets through.
      criteria:
        - {kind: effort, name: universal, success: 8 of 10, attacker: {hours: 40, access: api}, chance_at_most: 0.1}
        - {kind: duration, name: patch, at_most: 5 days}
        - {kind: judgement, name: judged, question: Is it enough?}
        - {kind: capability, name: uplift, claim: It cannot do X}
"""
AWARE = "awareness: realistic prompts; sandbagging: unlocked twins; limits: text only; would change: a better scaffold"


@pytest.fixture
def lab(make_lab: Callable[..., Lab]) -> Lab:
    lab = make_lab({"framework/mitigations.yml": REGISTER, "reports/rt.md": b"Nobody found one.\n"})
    lab = replace(lab, settings=replace(lab.settings, ledger_keys=LedgerKeys(key=KEY)))
    lab.fine()
    return lab


def say(lab: Lab, text: str) -> str:
    lab.later(minutes=2)
    lab.say("red-team-lead", 1, f"/reassay evidence reports/rt.md {text}")
    lab.later(minutes=1)
    lab.fine()
    return str(lab.repo.issue(1).comments[-1].body).replace("\u2060", "")


def recorded(lab: Lab) -> list[Attached]:
    report = lab.fine()
    assert report.content is not None
    return [entry.body for entry in report.content.ledger.entries if isinstance(entry.body, Attached)]


@pytest.mark.long
def test_each_kind_is_attached_with_its_figures_and_shown_in_the_issue(lab: Lab) -> None:
    words = say(lab, "effort 12 teams 40 hours none found independent access api as red-teaming because of the report")
    assert "Criterion 'universal': insufficient, because not enough effort: 480 of 1,138 hours without success" in words
    assert "Criterion 'patch': missed" in say(lab, "duration 2026-11-01 to 2026-11-09 because the log says so")
    assert "Criterion 'judged': missed" in say(lab, "judgement not-met because two families pass; limits: German only")
    bare = say(lab, "capability below fine-tuned yes because nobody could")
    assert "that cannot close it: elicitation does not state scaffold" in bare
    elicited = "capability below fine-tuned yes scaffold none best-of 10 tools none effort 80"
    assert "Criterion 'uplift': met" in say(lab, f"{elicited} because of the study; {AWARE}")
    body = lab.repo.issue(1).body.replace("\u2060", "")
    assert "effort 12 teams of 40 hours, none found, version 1 as red-teaming for universal" in body
    assert (
        "capability below (elicitation: fine-tuned, scaffold none, best of 10, tools none, 80 hours) for uplift" in body
    )


@pytest.mark.long
def test_a_success_is_recorded_and_stays(lab: Lab) -> None:
    assert "Criterion 'universal': missed, because found" in say(
        lab, "effort 1 team 3 hours found because it is in the vault"
    )
    assert "missed, because found" in say(lab, "effort 99 teams 40 hours none found independent access api because x")
    assert [body.effort.success for body in recorded(lab) if body.effort] == [True, False]


def test_what_is_not_understood_is_refused_and_nothing_is_recorded(lab: Lab) -> None:
    assert "access" in say(lab, "effort 1 team 3 hours none found access root because x")
    assert recorded(lab) == []
