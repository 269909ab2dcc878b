"""Triggers that look at what is declared beside a mitigation: evidence, acceptances, incidents, news, siblings."""

from datetime import date, datetime, timedelta

import pytest
from pydantic import ValidationError

from reassay.assessment.rules import evaluate, evaluate_all, rules_for
from reassay.assessment.triggers import evidence_expired
from reassay.assessment.triggers.base import Blind, Fired, LastAssessment, Pending, Result, Skipped, TriggerInput
from reassay.register.acceptance import RiskAcceptance
from reassay.register.base import Depth
from reassay.register.evidence_item import EvidenceItem
from reassay.register.incident import Incident
from reassay.register.information import InformationItem
from tests.make import TODAY, Story, commitment, deployment, facts, made, mitigation, register, threat_model, trigger

DECIDED = LastAssessment(date(2026, 6, 10), "decided", "effective", version=1, record="R-2026-001", snapshot={})
IMPORTED = LastAssessment(date(2026, 6, 10), "imported")


def with_snapshot(**parts: object) -> LastAssessment:
    return LastAssessment(
        date(2026, 6, 10), "decided", "effective", version=1, record="R-2026-001", seq=9, snapshot=parts
    )


def evidence(day: str, name: str = "red-team-report", **fields: object) -> EvidenceItem:
    values = {
        "mitigations": ["filter"],
        "method": "test",
        "performed_by": "red-team-lead",
        "finding": "nothing got through",
    }
    return made(EvidenceItem, id=name, performed_at=day, **(values | fields))


YEAR_OLD = trigger("evidence-stale", older_than="1 year")


@pytest.mark.parametrize(
    ("items", "last", "expected", "words"),
    [
        ([], DECIDED, Blind, "no evidence item speaks to it"),
        ([evidence("2025-12-01")], DECIDED, Pending, "is of 2025-12-01"),
        ([evidence("2025-11-30")], DECIDED, Fired, "1 year is allowed"),
        ([evidence("2025-11-30"), evidence("2026-02-01", "newer")], DECIDED, Pending, "newer"),
        ([evidence("2024-01-01")], DECIDED, Blind, "was decided without newer evidence"),
        ([evidence("2024-01-01")], None, Fired, "2024-01-01"),
        ([evidence("2027-01-01")], DECIDED, Blind, "no evidence"),
        ([evidence("2026-11-01", scope={"deployments": ["public-api"]})], DECIDED, Pending, "2026-11-01"),
        ([evidence("2026-11-01", scope={"deployments": ["lab"]})], DECIDED, Blind, "no evidence"),
        ([evidence("2025-12-06", owner="auditor")], DECIDED, Fired, "auditor renews it"),
        ([evidence("2026-02-01", owner="auditor")], DECIDED, Pending, "2026-02-01"),
    ],
    ids=[
        "missing",
        "last day",
        "stale",
        "newer",
        "already done",
        "never",
        "to come",
        "covers",
        "covers another",
        "owner",
        "owner later",
    ],
)
def test_evidence_stale(items: list[EvidenceItem], last: LastAssessment | None, expected: type, words: str) -> None:
    api = deployment()
    what = facts(mitigation(deployments=["public-api"]), api, *items, cell="public-api", last=last)
    result = evaluate(YEAR_OLD, what)
    assert type(result) is expected
    assert words in result.reason


@pytest.mark.parametrize(
    ("items", "last", "expected", "words"),
    [
        ([], DECIDED, Skipped, "no evidence about it ends"),
        ([evidence("2026-06-01")], DECIDED, Skipped, "no evidence about it ends"),
        ([evidence("2026-06-01", valid_until="2027-06-01")], DECIDED, Pending, "is valid until 2027-06-01"),
        ([evidence("2026-06-01", valid_until="2026-12-05", owner="auditor")], DECIDED, Fired, "of auditor is valid until"),
        ([evidence("2026-06-01", valid_until="2026-12-01")], DECIDED, Fired, "is valid until 2026-12-01"),
        ([evidence("2026-06-01", valid_until="2026-11-30")], DECIDED, Fired, "was valid until 2026-11-30"),
        ([evidence("2026-01-01", valid_until="2026-06-09")], DECIDED, Blind, "was decided without newer evidence"),
        ([evidence("2026-01-01", valid_until="2026-11-30"), evidence("2026-02-01", "newer")], DECIDED, Skipped, "ends"),
        (
            [evidence("2026-01-01", valid_until="2026-11-30"), evidence("2026-02-01", "newer", method="inquiry")],
            DECIDED, Fired, "no newer evidence by test",
        ),
        (
            [evidence("2026-01-01", valid_until="2026-11-30"), evidence("2026-02-01", "newer", valid_until="2026-11-29")],
            DECIDED, Fired, "was valid until",
        ),
        (
            [evidence("2026-01-01", valid_until="2026-11-30", scope={"deployments": ["lab"]})],
            DECIDED, Skipped, "ends",
        ),
    ],
    ids=[
        "none", "endless", "far", "soon", "last day", "ended", "decided since", "newer", "another method", "newer ended, too",
        "elsewhere",
    ],
)  # fmt: skip
def test_evidence_expired(items: list[EvidenceItem], last: LastAssessment | None, expected: type, words: str) -> None:
    what = facts(mitigation(deployments=["public-api"]), deployment(), *items, cell="public-api", last=last)
    result = evidence_expired.evaluate(what)
    assert type(result) is expected
    assert words in result.reason


def test_evidence_does_not_end_before_it_was_gathered() -> None:
    with pytest.raises(ValidationError, match="'valid_until' is before 'performed_at'"):
        evidence("2026-06-01", valid_until="2026-05-31")


def acceptance(ends: str, name: str = "known-gap", **fields: object) -> RiskAcceptance:
    values = {"mitigations": ["filter"], "requester": "safety-lead", "approver": "risk-officer", "rationale": "short"}
    return made(RiskAcceptance, id=name, expires_at=ends, **(values | fields))


@pytest.mark.parametrize(
    ("items", "last", "expected"),
    [
        ([], DECIDED, Skipped),
        ([acceptance("2026-12-01")], DECIDED, Pending),
        ([acceptance("2026-11-30")], DECIDED, Fired),
        ([acceptance("2026-11-30"), acceptance("2027-03-01", "renewed")], DECIDED, Pending),
        ([acceptance("2026-06-09")], DECIDED, Skipped),
        ([acceptance("2026-06-10")], DECIDED, Fired),
        ([acceptance("2026-11-30")], None, Fired),
        ([acceptance("2026-11-30", deployments=["lab"])], DECIDED, Skipped),
    ],
    ids=[
        "nothing to do",
        "last day",
        "ended",
        "renewed",
        "already done",
        "decided while it held",
        "never",
        "elsewhere",
    ],
)
def test_acceptance_expired(items: list[RiskAcceptance], last: LastAssessment | None, expected: type) -> None:
    what = facts(mitigation(deployments=["public-api"]), deployment(), *items, cell="public-api", last=last)
    assert type(evaluate(trigger("acceptance-expired"), what)) is expected


def test_an_acceptance_needs_two_people_and_an_end() -> None:
    with pytest.raises(ValidationError, match="same"):
        acceptance("2026-12-01", approver="Safety-Lead")
    with pytest.raises(ValidationError, match="before 'accepted_on'"):
        acceptance("2026-12-01", accepted_on="2026-12-02")


def incident(seen: str = "2026-11-20T08:00Z", name: str = "leak", **fields: object) -> Incident:
    return made(
        Incident, id=name, **({"first_seen_at": seen, "severity": "high", "mitigations_failed": ["filter"]} | fields)
    )


HIGH = trigger("incident-severity", at_least="high")
ANY_KIND = trigger("incident-severity", at_least="high", kinds=["incident", "near-miss"], similar_models=True)


@pytest.mark.parametrize(
    ("spec", "found", "last", "expected"),
    [
        (HIGH, incident(), DECIDED, Fired),
        (HIGH, incident(severity="critical"), DECIDED, Fired),
        (HIGH, incident(severity="medium"), DECIDED, Skipped),
        (HIGH, incident(mitigations_failed=[]), DECIDED, Skipped),
        (HIGH, incident(kind="near-miss"), DECIDED, Skipped),
        (ANY_KIND, incident(kind="near-miss"), DECIDED, Fired),
        (HIGH, incident(similar_model=True), DECIDED, Skipped),
        (ANY_KIND, incident(similar_model=True), DECIDED, Fired),
        (HIGH, incident(), with_snapshot(incidents={"leak": "high"}), Skipped),
        (HIGH, incident(severity="critical"), with_snapshot(incidents={"leak": "high"}), Fired),
        (HIGH, incident("2026-01-01T00:00Z"), with_snapshot(incidents={}), Fired),
        (HIGH, incident("2026-06-10"), IMPORTED, Skipped),
        (HIGH, incident("2026-06-11"), IMPORTED, Fired),
        (HIGH, incident("2026-12-24"), DECIDED, Skipped),
        (HIGH, incident(deployment="public-api"), DECIDED, Fired),
        (HIGH, incident(deployment="lab"), DECIDED, Skipped),
    ],
    ids=[
        "severe",
        "more severe",
        "less severe",
        "names another",
        "near miss",
        "near miss counts",
        "similar",
        "similar counts",
        "already done",
        "became worse",
        "reported late",
        "imported covers",
        "after imported",
        "to come",
        "here",
        "elsewhere",
    ],
)
def test_incident_severity(spec: object, found: Incident, last: LastAssessment | None, expected: type) -> None:
    lab = deployment("lab", audience="internal")
    what = facts(mitigation(deployments=["public-api", "lab"]), deployment(), lab, found, cell="public-api", last=last)
    assert type(evaluate(spec, what)) is expected  # type: ignore[arg-type] # one of the two above


def test_two_reports_of_one_cause_are_one_incident() -> None:
    first, again = incident(root_cause="prompt leak"), incident("2026-11-21", "leak-again", root_cause="prompt leak")
    result = evaluate(HIGH, facts(mitigation(), first, again, last=DECIDED))
    assert isinstance(result, Fired)
    assert result.about == "prompt leak"


SB53 = {
    "triggers": [{"kind": "incident-severity", "at_least": "high"}],
    "deadlines": [
        {"anchor": "discovered", "count": 15, "unit": "days"},
        {"anchor": "discovered", "count": 24, "unit": "hours", "circumstance": "imminent-injury"},
        {"anchor": "resolved", "count": 1, "unit": "hours"},
    ],
}


@pytest.mark.parametrize(("circumstances", "due"), [([], date(2026, 12, 5)), (["imminent-injury"], date(2026, 11, 21))])
def test_a_commitments_clock_starts_at_its_anchor(circumstances: list[str], due: date) -> None:
    what = facts(commitment(**SB53), incident(circumstances=circumstances))
    results = evaluate_all(what, rules_for(what.subject, what.register, what.today))
    (result,) = (each for each in results if isinstance(each, Fired) and each.kind == "incident-severity")
    assert result.due == due


def item(known: str = "2026-11-20T08:00Z", **fields: object) -> InformationItem:
    values = {"id": "paper", "kind": "jailbreak", "known_at": known, "source": "a paper", "affects": ["filter"]}
    return made(InformationItem, **(values | fields))


def triage(on: str = "2026-11-21", *, material: bool = True) -> dict[str, object]:
    return {"material": material, "rationale": "read", "by": "red-team-lead", "on": on}


@pytest.mark.parametrize(
    ("found", "last", "expected", "words"),
    [
        (item(affects=[]), DECIDED, Skipped, "no information item names it"),
        (item(triage=triage()), DECIDED, Fired, "is material"),
        (item(triage=triage(material=False)), DECIDED, Skipped, "no material information"),
        (item("2026-11-25"), DECIDED, Pending, "triaged by 2026-12-02"),
        (item("2026-11-24"), DECIDED, Pending, "triaged by 2026-12-01"),
        (item("2026-11-23"), DECIDED, Fired, "not triaged in time"),
        (item("2026-11-25", triage_due="2026-11-26"), DECIDED, Fired, "not triaged in time"),
        (item("2026-05-01"), DECIDED, Skipped, "no material"),
        (item("2026-05-01", triage=triage(on="2026-05-02")), with_snapshot(information_items=["paper"]), Skipped, ""),
        (item("2026-05-01", triage=triage(on="2026-05-02")), IMPORTED, Skipped, ""),
        (item("2026-05-01", triage=triage(on="2026-07-02")), with_snapshot(information_items=[]), Fired, "material"),
        (item("2026-12-24"), DECIDED, Skipped, ""),
        (item(triage=triage()), None, Fired, ""),
    ],
    ids=[
        "nothing to do",
        "material",
        "not material",
        "waiting",
        "last day",
        "too late",
        "own date",
        "late when decided",
        "already done",
        "already done before",
        "triaged since",
        "to come",
        "never",
    ],
)
def test_new_information(found: InformationItem, last: LastAssessment | None, expected: type, words: str) -> None:
    result = evaluate(trigger("new-information"), facts(mitigation(), found, last=last))
    assert type(result) is expected
    assert words in result.reason


# redundancy-lost: what stands beside `filter` against the threat model `misuse`.

FILTER = mitigation("filter", threat_models=["misuse"], layer="system")
TODAY_FULL = (threat_model("misuse"), deployment("public-api"))


def beside(status: str = "active", **fields: object) -> object:
    return mitigation("monitor", threat_models=["misuse"], layer="monitoring", status=status, **fields)


def lost(last: LastAssessment | None, *others: object) -> Result:
    return evaluate(trigger("redundancy-lost"), facts(FILTER, *TODAY_FULL, *others, last=last))  # type: ignore[arg-type] # objects


BOTH = with_snapshot(siblings={"misuse": ["monitor"]}, layers={"misuse": {"external": 2}})


@pytest.mark.parametrize(
    ("last", "others", "expected", "words"),
    [
        (BOTH, [beside()], Skipped, "nothing that shares a threat with it was lost"),
        (BOTH, [beside("retired")], Fired, "monitor was retired (misuse)"),
        (BOTH, [], Fired, "monitor is no longer in the register"),
        (
            BOTH,
            [mitigation("monitor", threat_models=["misuse"])],
            Fired,
            "misuse has 1 layer before external, 2 are wanted",
        ),
        (with_snapshot(siblings={"misuse": []}, layers={"misuse": {"external": 1}}), [], Skipped, "nothing"),
        (with_snapshot(siblings={"misuse": []}), [beside("retired")], Skipped, "nothing"),
        (IMPORTED, [beside("retired")], Skipped, "nothing"),
        (None, [beside("retired")], Skipped, "never assessed"),
    ],
    ids=[
        "nothing to do",
        "retired",
        "gone",
        "fewer layers",
        "already done",
        "was retired then",
        "missing data",
        "never",
    ],
)
def test_redundancy_lost(last: LastAssessment | None, others: list[object], expected: type, words: str) -> None:
    result = lost(last, *others)
    assert type(result) is expected
    assert words in result.reason


def test_redundancy_without_a_threat_model_has_nothing_to_lose() -> None:
    assert "no threat model" in evaluate(trigger("redundancy-lost"), facts(mitigation(), last=DECIDED)).reason


def pair() -> Story:
    story = Story(register(FILTER, beside(), *TODAY_FULL))  # type: ignore[arg-type] # objects of a register
    story.sweep()
    story.conclude("filter")
    story.conclude("monitor")
    return story


def test_a_sibling_found_ineffective_opens_the_others_once_and_two_failing_ones_do_not_wake_each_other() -> None:
    story = pair()
    assert story.sweep() == ()
    story.move_to(TODAY + timedelta(days=170))
    assert {each.subject for each in story.opened()[2:]} == set()
    story.sweep()
    story.conclude("monitor", "ineffective", deployment="restrict")
    story.sweep()
    triggers = [trigger.reason for each in story.assessment_input.history.open for trigger in each.triggers]
    assert any("monitor was found ineffective" in reason for reason in triggers)
    story.conclude("filter", "ineffective", deployment="restrict")
    story.sweep()
    again = [each for each in story.assessment_input.history.open if each.subject == "monitor"]
    assert "filter was found ineffective" in again[0].triggers[0].reason
    story.conclude("monitor", "ineffective", deployment="restrict")
    assert story.sweep() == (), "nothing became worse, so nobody wakes anybody"


def test_depth_and_instants_are_what_facts_say() -> None:
    what = facts(mitigation(), last=LastAssessment(TODAY, "decided", depth=Depth.LIGHT))
    assert isinstance(what, TriggerInput)
    assert what.last_of(Depth.FULL) is None
    assert isinstance(what.now, datetime)
