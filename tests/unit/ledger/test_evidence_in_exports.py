"""What exports say of criteria and evidence: verdicts in the words of each format, when it was collected, and when it expires."""

import json
from pathlib import Path
from typing import Any, get_args

import pytest

from reassay.audit.views import gemara
from reassay.git.git import Git
from reassay.ledger.criterion_result import CriterionResult, CriterionVerdictWord
from reassay.ledger.digests import Asked
from reassay.ledger.entry import Decided, Decision, Opened, Record
from reassay.ledger.risks import Corrected
from tests.unit.ledger.exported import RAW, REGISTER, VERDICTS, export, full_ledger
from tests.unit.ledger.worlds import Ledger, pushed, records, ring, signed

Json = dict[str, Any]


@pytest.fixture
def git(tmp_path: Path) -> Git:
    return Git.new(tmp_path / "checkout")


def results(git: Git) -> list[Json]:
    return list(json.loads(export(git, "oscal")[1])["assessment-results"]["results"])


def evaluations(git: Git) -> list[Json]:
    return list(json.loads(export(git, "gemara")[1])["evaluations"])


def props(part: Json) -> dict[str, str]:
    return {prop["name"]: prop["value"] for prop in part.get("props", [])}


@pytest.mark.slow
def test_every_verdict_is_a_finding_that_is_satisfied_only_if_it_was_met(git: Git) -> None:
    assert set(VERDICTS) == set(get_args(CriterionVerdictWord))
    pushed(git, full_ledger(git))
    _, *findings = results(git)[0]["findings"]
    states = [(own["target"]["status"]["state"], own["target"]["status"]["reason"]) for own in findings]
    assert states == [
        ("satisfied", "pass"), ("not-satisfied", "fail"), ("not-satisfied", "fail"), ("not-satisfied", "other"),
        ("not-satisfied", "other"), ("not-satisfied", "other"),
    ]  # fmt: skip


@pytest.mark.slow
def test_a_decision_that_is_not_effective_is_a_risk_with_its_follow_ups(git: Git) -> None:
    pushed(git, full_ledger(git))
    degraded, _, _, effective = results(git)
    (risk,) = degraded["risks"]
    assert risk["status"] == "open"
    assert "rate insufficient: insufficient" in risk["statement"]
    assert "rate met" not in risk["statement"]
    assert [own["lifecycle"] for own in risk["remediations"]] == ["planned"]
    assert risk["deadline"] > degraded["end"]
    assert degraded["findings"][0]["related-risks"] == [{"risk-uuid": risk["uuid"]}]
    assert "risks" not in effective


@pytest.mark.slow
def test_evidence_says_when_it_was_collected_and_when_it_expires(git: Git) -> None:
    pushed(git, full_ledger(git))
    seen = results(git)[0]["observations"]
    (attached,) = (own for own in seen if "attached by entry" in own["description"])
    assert attached["collected"] == "2026-11-30T10:00:00+00:00"
    assert "expires" not in attached
    assert props(attached["relevant-evidence"][0])["digest"] == RAW
    items = {props(own)["evidence-item"]: own for own in seen if "evidence-item" in props(own)}
    assert {name: (own["collected"][:10], own["expires"][:10], own["methods"]) for name, own in items.items()} == {
        "report": ("2026-11-01", "2027-04-01", ["TEST"]),
        "talk": ("2026-10-01", "2027-07-02", ["INTERVIEW"]),
    }
    decision = seen[0]
    assert decision["expires"] > decision["collected"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("zone", "collected", "expires"),
    [
        ("Asia/Tokyo", "2026-11-01T00:00:00+09:00", "2027-04-01T00:00:00+09:00"),
        ("America/Los_Angeles", "2026-11-01T00:00:00-07:00", "2027-04-01T00:00:00-07:00"),
        ("Europe/Berlin", "2026-11-01T00:00:00+01:00", "2027-04-01T00:00:00+02:00"),
    ],
)
def test_days_begin_and_end_where_the_register_counts_them(git: Git, zone: str, collected: str, expires: str) -> None:
    pushed(git, full_ledger(git, f"timezone: {zone}\n".encode() + REGISTER))
    result = results(git)[0]
    (report,) = (own for own in result["observations"] if props(own).get("evidence-item") == "report")
    assert (report["collected"], report["expires"]) == (collected, expires)
    for until in (result["observations"][0]["expires"], result["risks"][0]["deadline"]):
        assert until[10:] == f"T00:00:00{until[-6:]}"
        assert until[-6:] != "+00:00"


@pytest.mark.slow
def test_a_commitment_that_allows_less_age_ends_evidence_earlier(git: Git) -> None:
    commitment = b"""\
commitments:
  - id: promise
    title: Promise
    statement: Evidence is renewed
    owner: auditor
    source: {organisation: Lab, document: Framework}
    subject: {kind: mitigation}
    triggers: [{kind: evidence-stale, older_than: 1 month}]
"""
    pushed(git, full_ledger(git, REGISTER + commitment))
    seen = results(git)[0]["observations"]
    ends = {props(own)["evidence-item"]: own["expires"][:10] for own in seen if "evidence-item" in props(own)}
    assert ends == {"report": "2026-12-02", "talk": "2026-11-02"}


@pytest.mark.slow
def test_a_clone_without_the_registers_commit_has_the_ledgers_evidence_alone(git: Git, tmp_path: Path) -> None:
    ledger = full_ledger(git)
    other = Git.new(tmp_path / "other")
    pushed(other, ledger)
    described = [own["description"] for own in results(other)[0]["observations"]]
    assert any("attached by entry" in words for words in described)
    assert not any("Evidence item" in words for words in described)


@pytest.mark.parametrize("commit", ["--batch-all-objects", "main", "0" * 40, "x" * 40])
def test_a_commit_that_a_ledger_makes_up_is_read_by_nobody(git: Git, commit: str) -> None:
    ledger = Ledger(register_commit=commit)
    ledger.append(records(4), ring("old"))
    pushed(git, ledger)
    assert export(git, "oscal")[0] == 0


def test_the_evaluation_log_says_unknown_where_the_numbers_show_neither(git: Git) -> None:
    pushed(git, full_ledger(git))
    degraded, ineffective, inconclusive, effective = evaluations(git)
    assert [own["result"] for own in degraded["assessment-logs"]] == [
        "Passed", "Failed", "Failed", "Unknown", "Needs Review", "Not Run",
    ]  # fmt: skip
    states = [own["result"] for own in (degraded, ineffective, inconclusive, effective)]
    assert states == ["Needs Review", "Failed", "Unknown", "Passed"]
    assert json.loads(export(git, "gemara")[1])["result"] == "Failed"
    (evidence,) = degraded["assessment-logs"][0]["evidence"]
    assert (evidence["collected-at"], evidence["source"]["digest"]) == ("2026-11-30T10:00:00Z", RAW)
    assert "evidence" not in degraded["assessment-logs"][1]
    assert len(effective["assessment-logs"]) == 1
    assert set(gemara.CRITERIA) == set(get_args(CriterionVerdictWord))
    assert set(gemara.DECISIONS) == set(get_args(Decision))
    assert {*gemara.CRITERIA.values(), *gemara.DECISIONS.values()} == set(gemara.WORST_FIRST)


@pytest.mark.slow
def test_a_withdrawn_decision_is_in_no_evaluation_log_and_its_risk_is_closed(git: Git) -> None:
    ledger = full_ledger(git)
    decided = [entry for entry in ledger.state.entries if entry.body.kind == "decided"]
    body = decided[1].body
    assert isinstance(body, Decided)
    withdrawn = Corrected(
        reassessment=body.reassessment, subject=body.subject, how="withdraw", because=body.snapshot,
        asked=Asked(comment=1, index=0, body_sha256="0" * 64, by=3), confirmed_by=4,
    )  # fmt: skip
    ledger.append([Record(body=withdrawn, actor=4)], ring("old"))
    pushed(git, ledger)
    assert len(evaluations(git)) == 3
    assert [own["risks"][0]["status"] for own in results(git)[:3]] == ["open", "closed", "open"]


def test_a_decision_applies_where_nothing_was_decided_since(git: Git) -> None:
    made = records(40)
    first, second = [each for each in made if isinstance(each.body, Decided) and each.body.subject == "m0000"][:2]
    ledger = Ledger()
    ledger.append([each for each in made if isinstance(each.body, Opened)], ring("old"))
    ledger.append(
        [_decided(first, "effective", ("api", "app")), _decided(second, "ineffective", ("api",))], ring("old")
    )
    pushed(git, ledger)
    assert [(own["result"], own["assessment-logs"][0]["applicability"]) for own in evaluations(git)] == [
        ("Passed", ["app"]), ("Failed", ["api"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("verdict", "result"),
    [("met", "Passed"), ("insufficient", "Unknown"), ("refused", "Needs Review"), ("not-measured", "Not Run")],
)
def test_an_effective_decision_is_not_better_than_its_criteria(
    git: Git, verdict: CriterionVerdictWord, result: str
) -> None:
    made = records(40)
    first = next(each for each in made if isinstance(each.body, Decided))
    criterion = CriterionResult(name="rate", verdict=verdict, basis="attested")
    ledger = Ledger()
    ledger.append([each for each in made if isinstance(each.body, Opened)], ring("old"))
    ledger.append([_decided(first, "effective", ("*",), criterion)], ring("old"))
    pushed(git, ledger)
    assert [own["result"] for own in evaluations(git)] == [result]


def _decided(record: Record, word: Decision, cells: tuple[str, ...], *criteria: CriterionResult) -> Record:
    assert isinstance(record.body, Decided)
    body = record.body.model_copy(update={"cells": cells, "decision": word, "criteria": criteria, "next_due": ()})
    return record.model_copy(update={"body": body})


def test_a_ledger_without_a_decision_has_no_evaluation_log(git: Git) -> None:
    pushed(git, signed(1))
    code, out, err = export(git, "gemara")
    assert (code, out) == (2, "")
    assert "no decision in force" in err


@pytest.mark.slow
def test_free_text_stays_out_of_both(git: Git) -> None:
    pushed(git, full_ledger(git))
    for form in ("oscal", "gemara"):
        out = export(git, form)[1]
        assert '"tested"' not in out
        assert "red-team-lead" not in out
