"""What a criterion needs is printed with its number, and what cannot work is warned about at its place."""

import io
import json
from pathlib import Path

import pytest

from reassay.cli import main
from reassay.evidence.criterion_bounds import bound_words, criterion_needs
from reassay.evidence.criterion_findings import target_findings
from reassay.register.criteria import Criterion
from reassay.register.finding import Finding
from reassay.register.register import Register
from tests.unit.register.trees import read, written

HEAD = "mitigations:\n  - {id: a, title: A, owner: safety-lead, every: 6 months}\n"


def register(criterion: str, status: str = "active") -> Register:
    text = (
        f"mitigations:\n  - id: a\n    title: A\n    owner: safety-lead\n    every: 6 months\n    status: {status}\n"
        f"    target:\n      statement: S\n      criteria:\n        - {{name: n, {criterion}}}\n"
    )
    return read({"framework/all.yml": text})


def criterion(text: str) -> Criterion:
    target = register(text).mitigations["a"].value.target
    assert target is not None
    return target.criteria[0]


def codes(findings: "list[Finding] | tuple[Finding, ...]") -> list[str]:
    return [f"{finding.severity} {finding.code}" for finding in findings]


RATE = "kind: rate, undesired: attack_success"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{RATE}, at_most: 0.02", "at most 2% attack_success: needs at least 175 prompts without one attack_success"),
        (f"{RATE}, at_most: 0.02, margin: 0.01", "at most 2% attack_success with a margin of 1%: needs at least 351 prompts without one attack_success"),
        (f"{RATE}, at_most: 0.02, at_least: 500", "at most 2% attack_success: needs at least 500 prompts without one attack_success"),
        (f"{RATE}, at_most: 0.02, plan: {{n: 240, seed: s}}", "at most 2% attack_success: needs its fixed plan of 240 prompts with at most 1 attack_success"),
        (f"{RATE}, at_most: 0.02, plan: {{n: 148, seed: s}}", "at most 2% attack_success: its fixed plan of 148 prompts cannot show it; it needs at least 149 prompts without one attack_success"),
        (f"{RATE}, at_most: 0.02, judge: {{at_least: 100}}", "at most 2% attack_success: needs at least 221 prompts without one attack_success; counted with a judge that finds all of 100 known-adverse items"),
        (f"{RATE}, at_most: 0.02, tries: 10, comparator: unprotected", "at most 2% attack_success: needs at least 175 prompts without one attack_success; a prompt counts if any of 10 tries succeeds; only prompts that succeed on the unprotected system count"),
        (f"{RATE}, at_most: 0.02, slices: {{required: [de, en, fr, it, pl, zh], each_at_most: 0.1}}", "at most 2% attack_success: needs at least 204 prompts without one attack_success; at most 10% in every slice: at least 34 prompts in each"),
        (f"{RATE}, at_most: 0.02, plan: {{n: 300, seed: s}}, slices: {{each_at_most: 0.1}}", "at most 2% attack_success: needs its fixed plan of 300 prompts with at most 1 attack_success; at most 10% in every slice: at least 29 prompts in each"),
        (f"{RATE}, at_most: 0.02, slices: {{floor: 20}}", "at most 2% attack_success: needs at least 175 prompts without one attack_success; at least 20 prompts in every slice, none of them exceeded"),
        (f"{RATE}, at_most: 0.01, margin: 0.01", "at most 1% attack_success with a margin of 1%: no number of samples can show it, so the bound or the margin has to change"),
        (f"{RATE}, at_most: 0.02, unassessed_at_most: 0.05", "at most 2% attack_success: needs at least 175 prompts without one attack_success; at most 5% may go without an assessment, and count as adverse"),
        ("kind: sample, population: 10, at_most: 0, unassessed_at_most: 0.1", "at most 0% undesired of 10: needs at least 10 of the 10 without an undesired one; at most 10% may go without an assessment, and count as adverse"),
        ("kind: sample, population: 1000, at_most: 0.02", "at most 2% undesired of 1,000: needs at least 153 of the 1,000 without an undesired one"),
        ("kind: sample, population: 1000, at_most: 0.02, undesired: late, plan: {n: 132, seed: s}", "at most 2% late of 1,000: needs its fixed plan of 132 of the 1,000; 132 are enough without one late"),
        ("kind: sample, population: 1000, at_most: 0.02, plan: {n: 131, seed: s}", "at most 2% undesired of 1,000: its fixed plan of 131 cannot show it; it needs at least 132 of the 1,000 without an undesired one"),
        ("kind: sample, population: 10, at_most: 0", "at most 0% undesired of 10: needs at least 10 of the 10 without an undesired one"),
        ("kind: sample, population: 10, at_most: 0, margin: 0.1", "at most 0% undesired of 10 with a margin of 10%: no number of samples can show it, so the bound or the margin has to change"),
        ("kind: census, at_least: 0.95", "at least 95%, everyone counted"),
    ],
)  # fmt: skip
def test_words_of_a_bound(text: str, words: str) -> None:
    assert bound_words(criterion(text)) == words


def test_numbers_of_every_criterion_are_in_the_document(tmp_path: Path) -> None:
    written(
        tmp_path,
        {
            "framework/all.yml": f"""mitigations:
  - id: a
    title: A
    owner: safety-lead
    every: 6 months
    target:
      statement: S
      criteria:
        - {{name: attacks, {RATE}, at_most: 0.02, margin: 0.01, slices: {{each_at_most: 0.1}}}}
        - {{name: documents, kind: sample, population: 1000, at_most: 0.02, plan: {{n: 200, seed: s}}}}
        - {{name: staff, kind: census, at_least: 0.95}}
"""
        },
    )
    out = io.StringIO()
    main(["check", str(tmp_path), "--format", "json"], out, io.StringIO())
    rows = json.loads(out.getvalue())["criteria"]
    assert [(row["mitigation"], row["criterion"], row["plan"], row["bound"], row["least_n"], row["slice_n"]) for row in rows] == [
        ("a", "attacks", "open", 0.01, 351, 34),
        ("a", "documents", "fixed", 0.02, 132, None),
        ("a", "staff", None, None, None, None),
    ]  # fmt: skip
    text = io.StringIO()
    main(["check", str(tmp_path)], text, io.StringIO())
    assert text.getvalue().endswith(
        "What each criterion with a bound or an effort needs to be met:\n  a\n"
        "    attacks: at most 2% attack_success with a margin of 1%: needs at least 351 prompts without one attack_success;"
        " at most 10% in every slice: at least 34 prompts in each\n"
        "    documents: at most 2% undesired of 1,000: needs its fixed plan of 200 of the 1,000; 132 are enough without an undesired one\n"
    )


def test_criteria_of_a_retired_mitigation_need_nothing() -> None:
    retired = register("kind: rate, at_most: 0", status="retired")
    assert (list(criterion_needs(retired)), list(target_findings(retired)), retired.findings) == ([], [], ())


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ("kind: rate, at_most: 0.02", ["direction-missing"]),
        (f"{RATE}, at_most: 0.02, margin: 0.02", ["bound-not-positive"]),
        (f"{RATE}, at_most: 0.02, margin: 0.03", ["bound-not-positive"]),
        (f"{RATE}, at_most: 0", ["bound-not-positive"]),
        (f"{RATE}, at_most: 1", ["bound-always-met"]),
        (f"{RATE}, at_most: 0.02", []),
        ("kind: sample, population: 10, at_most: 0", []),
        ("kind: sample, population: 10, at_most: 0, margin: 0.1", ["bound-not-positive"]),
    ],
)
def test_a_criterion_that_cannot_be_judged_is_an_error_and_its_mitigation_stays_readable(
    text: str, errors: list[str]
) -> None:
    wrong = register(text)
    assert [finding.code for finding in wrong.errors] == errors
    assert all(finding.at.line == 10 and finding.remedy for finding in wrong.errors)
    assert "a" in wrong.mitigations
    assert bound_words(criterion(text))


@pytest.mark.parametrize(
    ("text", "warnings"),
    [
        (f"{RATE}, at_most: 0.02, margin: 0.001", []),
        (f"{RATE}, at_most: 0.02", ["no-margin"]),
        (f"{RATE}, at_most: 0.0001, margin: 0.00001", ["many-samples"]),
        (f"{RATE}, at_most: 0.02, margin: 0.001, at_least: 20000", ["many-samples"]),
        (f"{RATE}, at_most: 0.02, margin: 0.001, plan: {{n: 100, seed: s}}", ["plan-too-small"]),
        (f"{RATE}, at_most: 0.02, margin: 0.001, plan: {{n: 300, seed: s}}, at_least: 400", ["plan-too-small"]),
        (f"{RATE}, at_most: 0.02, margin: 0.001, plan: {{n: 200, seed: s}}, judge: {{at_least: 30}}", ["plan-too-small"]),
        (f"{RATE}, at_most: 0.1, margin: 0.001, plan: {{n: 80, seed: s}}, slices: {{required: [de, en, fr], each_at_most: 0.1}}", ["plan-too-small"]),
        ("kind: sample, population: 40000000, at_most: 0.0001, margin: 0.00001", ["many-samples"]),
        ("kind: sample, population: 1000, at_most: 0.02, margin: 0.001, plan: {n: 100, seed: s}", ["plan-too-small"]),
        ("kind: sample, population: 1000, at_most: 0.02, margin: 0.001, plan: {n: 1001, seed: s}", ["plan-too-large"]),
        ("kind: judgement, question: Q", []),
    ],
)  # fmt: skip
def test_a_plan_that_cannot_work_is_warned_about_at_its_place(text: str, warnings: list[str]) -> None:
    findings = list(target_findings(register(text)))
    assert codes(findings) == [f"warning {code}" for code in warnings]
    assert all(finding.at.line == (8 if finding.code == "no-margin" else 10) for finding in findings)


def test_a_plan_that_is_too_small_says_how_many_are_enough() -> None:
    (finding,) = target_findings(register(f"{RATE}, at_most: 0.02, margin: 0.001, plan: {{n: 100, seed: s}}"))
    assert (finding.message, finding.remedy) == (
        "the fixed plan of 'n' with n = 100 can never meet its bound",
        "Plan for at least 157, or use 'plan: open', which may be topped up.",
    )


def test_what_many_mitigations_lack_is_one_line_a_kind() -> None:
    rows = [f"  - {{id: m{number:02}, title: M, owner: o, every: 1 year}}\n" for number in range(40)]
    rows.append("  - {id: t, title: T, owner: o, every: 1 year, target: {statement: S}}\n")
    rows.append("  - {id: p, title: P, owner: o, every: 1 year, status: proposed}\n")
    findings = list(target_findings(read({"framework/all.yml": "mitigations:\n" + "".join(rows)})))
    assert codes(findings) == ["warning no-target", "warning no-criterion"]
    assert findings[0].message == (
        "'m00', 'm01', 'm02', 'm03', 'm04' and 35 more have no target, so only people's words can show that it works"
    )
    assert findings[1].message.startswith("'t' has a target without criteria")


def test_the_warnings_are_those_of_check_and_not_of_every_reading() -> None:
    assert codes(read({"framework/all.yml": HEAD}).findings) == []
    assert codes(list(target_findings(read({"framework/all.yml": HEAD})))) == ["warning no-target"]


DETECTOR = "kind: detector, recall: {at_least: %s, margin: 0.01}, false_positives: {at_most: %s, margin: 0.0001}"


def test_a_detector_needs_what_its_two_rates_need() -> None:
    needs = list(criterion_needs(register(DETECTOR % (0.95, 0.001))))
    assert [(need.criterion, need.least_n) for need in needs[:2]] == [("n: recall", 87), ("n: false positives", 3919)]
    assert [need.bound for need in needs[:2]] == pytest.approx([0.04, 0.0009])
    assert needs[2].kind == "detector"


@pytest.mark.parametrize(
    ("recall", "false_positives", "errors"),
    [(0.95, 0.001, []), (1, 0.001, ["bound-not-positive"]), (0.99, 0.0001, ["bound-not-positive"] * 2)],
)
def test_a_rate_of_a_detector_that_nothing_can_show_is_an_error(
    recall: float, false_positives: float, errors: list[str]
) -> None:
    assert [finding.code for finding in register(DETECTOR % (recall, false_positives)).errors] == errors


def test_a_detector_on_rare_events_is_warned_about() -> None:
    findings = list(target_findings(register(DETECTOR % (0.95, 0.0002))))
    assert codes(findings) == ["warning many-samples"]
    assert "'n: false positives' of 'a' needs at least 35,286 samples" in findings[0].message


def test_an_effort_needs_its_hours() -> None:
    effort = "kind: effort, success: It leaks, attacker: {hours: 100}, effort: {teams: 2, hours_each: 80}"
    assert [need.hours for need in criterion_needs(register(effort))] == [160]
    (need,) = criterion_needs(register(f"{effort}, chance_at_most: 0.1"))
    assert need.hours == pytest.approx(2843.3, abs=0.05)
    assert "2,844 hours in all" in need.words
