"""What is written correctly and will not work is warned about, at its place and with its reason."""

from datetime import date

import pytest

from reassay.register.finding import Finding
from reassay.register.lint.dates import dated_findings
from tests.unit.register.trees import read

HEAD = "roles:\n  security: {users: [ann, bob]}\n  owner: {users: [ann]}\n  both: {users: [ann, bob]}\n"
MITIGATION = "mitigations:\n  - id: a\n    title: A\n    owner: owner\n    assessor: bob\n    every: 1 year\n"


def found(text: str, code: str) -> list[Finding]:
    register = read({"framework/all.yml": text})
    assert not register.errors, register.errors
    return [each for each in register.findings if each.code == code]


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ("[{role: security, min: 2}]", None),
        ("[{role: security, min: 3}]", "step 1 needs 3 of security; 2 remain"),
        ("[{role: security, min: 2, excludes: [author]}]", "step 1 needs 2 of security; without the author 1 remains"),
        ("[{role: security, min: 2, excludes: [owner]}]", "step 1 needs 2 of security; 1 remains"),
        ("[{role: security, excludes: [owner, assessor]}]", "step 1 needs 1 of security; 0 remain"),
        ("[{role: security}, {role: both}]", None),
        ("[{role: security}, {role: both, min: 2}]", "step 2 needs 2 of both who took no other step"),
        ("[{role: owner}, {role: security}, {role: both}]", "step 3 needs 1 of both who took no other step"),
        ("[{role: owner}, {role: security}]", None),
        ("[{role: somebody}]", None),
    ],
)
def test_a_policy_that_nobody_can_satisfy(steps: str, words: str | None) -> None:
    findings = found(f"{HEAD}{MITIGATION}    approval: {steps}\n", "policy-unsatisfiable")
    if words is None:
        assert findings == []
    else:
        assert words in findings[0].message
        assert findings[0].at.line == 11


PROMISE = """commitments:
  - id: promise
    title: Promise
    owner: safety-lead
    statement: It is looked at again
    source: {organisation: ACME, document: Framework}
"""


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("    subject: {kind: framework}\n", "promises-nothing", 2),
        ("    subject: {kind: framework}\n    triggers: [{kind: interval, every: unspecified}]\n", "no-interval", 8),
        ("    subject: {kind: model}\n    triggers: [{kind: interval, every: 1 year}]\n", "selects-nothing", 7),
        ("    subject: {kind: mitigation}\n    triggers: [{kind: interval, every: 1 year}]\n", "selects-nothing", 7),
        (
            "    subject: {kind: framework}\n    triggers:\n      - kind: any\n        of: [{kind: drift}]\n",
            "not-observed",
            10,
        ),
        (
            "    subject: {kind: framework}\n    triggers: [{kind: incident-rate, more_than: unspecified, window: 1 month}]\n",
            "no-interval",
            8,
        ),
    ],
)
def test_a_commitment_that_cannot_ask_for_anything(text: str, code: str, line: int) -> None:
    assert [each.at.line for each in found(PROMISE + text, code)] == [line]


def test_an_object_with_an_error_is_declared() -> None:
    about = "    subject: {kind: mitigation}\n    triggers: [{kind: interval, every: 1 year}]\n"
    broken = "mitigations: [{id: m, title: T, owner: safety-lead, evry: 1 year}]\n"
    assert "selects-nothing" not in {
        own.code for own in read({"framework/a.yml": f"{PROMISE}{about}{broken}"}).findings
    }


def test_a_deployment_names_a_declared_model_once_models_are_declared() -> None:
    api = "deployments:\n  - {id: api, title: API, audience: external, model: larg}\n"
    assert found(api, "unknown-model") == []
    assert found(f"{api}models:\n  - {{id: large, title: Large, version: '1'}}\n", "unknown-model")[0].at.line == 2


def test_a_delegation_lends_only_what_one_has() -> None:
    lent = "delegations:\n  - {{id: d, title: D, role: security, from: {0}, to: eve, start: 2026-12-01, end: 2026-12-09}}\n"
    assert found(HEAD + lent.format("bob"), "not-ones-own-role") == []
    assert "'eva' does not hold" in found(HEAD + lent.format("eva"), "not-ones-own-role")[0].message


@pytest.mark.parametrize(("today", "codes"), [("2026-12-01", []), ("2026-12-02", ["acceptance-expired"])])
def test_an_acceptance_that_ended_is_named(today: str, codes: list[str]) -> None:
    text = (
        f"{HEAD}{MITIGATION}risk_acceptances:\n  - {{id: gap, title: Gap, mitigations: [a], requester: ann, approver: bob,"
        " rationale: r, expires_at: 2026-12-01}\n"
    )
    register = read({"framework/all.yml": text})
    assert not register.errors
    assert [each.code for each in dated_findings(register, date.fromisoformat(today))] == codes


NAMES = {
    "models": "{id: m, title: M, version: '1', derived_from: nowhere}",
    "incidents": "{id: i, title: I, severity: low, first_seen_at: 2026-01-01, mitigations_failed: [nowhere]}",
    "information_items": "{id: i, title: I, kind: research, known_at: 2026-01-01, source: s, affects: [nowhere]}",
    "risk_acceptances": "{id: r, title: R, mitigations: [nowhere], requester: x, approver: y, rationale: r, expires_at: 2027-01-01}",
    "evidence_items": "{id: e, title: E, mitigations: [nowhere], method: test, performed_by: p, performed_at: 2026-01-01, finding: f}",
    "past_assessments": "{id: p, title: P, mitigation: nowhere, assessed_on: 2026-01-01, attestor: x, source: {file: f, row: 2,"
    f" sha256: 'sha256:{'0' * 64}'}}}}",
    "threat_models": "{id: t, title: T, deployments: [nowhere]}",
    "commitments": "{id: c, title: C, owner: o, statement: s, source: {organisation: o, document: d}, subject: {kind: framework},"
    " superseded_by: nowhere, triggers: [{kind: manual}]}",
}


@pytest.mark.parametrize("key", NAMES)
def test_a_name_that_leads_nowhere_is_an_error_in_every_kind_of_object(key: str) -> None:
    register = read({"framework/all.yml": f"{key}:\n  - {NAMES[key]}\n"})
    assert [each.code for each in register.errors] == ["unknown-reference"]
    assert "'nowhere'" in register.errors[0].message
    kept = getattr(register, key)
    assert bool(kept) is (key != "commitments"), "what happened or was found is kept for the names that are right"


def test_a_commitment_and_a_mitigation_cannot_share_an_id() -> None:
    text = f"{HEAD}{MITIGATION}{PROMISE.replace('id: promise', 'id: a')}    subject: {{kind: framework}}\n"
    register = read({"framework/all.yml": text})
    assert [each.code for each in register.errors] == ["colliding-id"]
    assert "also the id of a mitigation" in register.errors[0].message
    assert list(register.subjects) == ["a"]


def test_an_incidents_own_kind_and_the_kind_of_object_do_not_get_into_each_others_way() -> None:
    near = "{id: n, title: N, kind: near-miss, severity: low, first_seen_at: 2026-01-01}"
    text = (
        f"incidents:\n  - {near}\n  - {{id: i, title: I, kind: incident, severity: low, first_seen_at: 2026-01-01}}\n"
    )
    register = read({"framework/all.yml": text, "framework/incidents/own.yml": f"{near[1:-1].replace(', ', chr(10))}\n"
                     .replace("id: n", "id: own")})  # fmt: skip
    assert not register.errors
    assert {name: entry.value.kind for name, entry in register.incidents.items()} == {
        "n": "near-miss",
        "i": "incident",
        "own": "near-miss",
    }


@pytest.mark.parametrize(
    "text",
    [
        "mitigations:\n  - {id: a, title: A, owner: o, every: 1 year, last_assessed: 0001-01-01}\n",
        "mitigations:\n  - {id: a, title: A, owner: o, every: 1 year, last_assessed: 9999-12-31}\n",
        "incidents:\n  - {id: i, title: I, severity: low, first_seen_at: 9999-12-31T23:00Z}\n",
        f"{PROMISE}    subject: {{kind: framework}}\n    deadlines: [{{anchor: aware, count: 100000000000, unit: hours}}]\n",
    ],
)
def test_what_would_leave_the_calendar_is_refused_at_the_door(text: str) -> None:
    assert [each.code for each in read({"framework/all.yml": text}).errors] in (["not-a-date"], ["out-of-range"])


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("    subject: {kind: mitigation}\n    triggers: [{kind: manual}]\n    last_assessed: 2026-01-01\n", 9,
         "'promise' is about mitigations and has no clock of its own, so nothing acts on 'last_assessed'"),
        ("    subject: {kind: mitigation}\n    triggers: [{kind: manual}]\n    version: 2\n", 9, "nothing acts on 'version'"),
        ("    subject: {kind: framework}\n    outputs: [{what: report}]\n    depth: full\n", 9, "nothing acts on 'depth'"),
        ("    subject: {kind: model, selector: {layers: [system]}}\n    triggers: [{kind: manual}]\n", 7,
         "'promise' is about the kind 'model', so nothing acts on 'layers'"),
    ],
)  # fmt: skip
def test_a_field_that_nothing_acts_on_is_an_error_at_its_place(text: str, line: int, words: str) -> None:
    register = read({"framework/all.yml": HEAD + PROMISE.replace("owner: safety-lead", "owner: bob") + text})
    (finding,) = (own for own in register.errors if own.code == "without-effect")
    assert words in finding.message
    assert finding.at.line == line + 4


@pytest.mark.parametrize(
    ("when", "is_judged"),
    [
        ("ineffective or full", True),
        ("Degraded, inconclusive", True),
        ("the model is new", False),
        ("full moon", False),
    ],
)
def test_a_condition_in_words_is_said_to_be_judged_by_nobody(when: str, *, is_judged: bool) -> None:
    findings = found(f"{HEAD}{MITIGATION}    approval: [{{role: security, when: '{when}'}}]\n", "not-judged")
    assert [finding.at.line for finding in findings] == ([] if is_judged else [11])
    assert all("the step of 'security' is always needed" in finding.message for finding in findings)


def test_exceptions_of_a_range_of_intervals_have_no_effect() -> None:
    reassess = "    reassess: {at_least_after: 3 months, unless: [{id: same, text: As it was}]}\n"
    register = read({"framework/all.yml": f"{HEAD}{MITIGATION}{reassess}"})
    assert [own.code for own in register.errors] == ["without-effect"]


def test_commitments_that_replace_each_other_are_errors_and_what_a_ring_replaces_is_not() -> None:
    def promise(name: str, successor: str) -> str:
        body = "owner: bob, statement: s, source: {organisation: o, document: d}, subject: {kind: framework}"
        return f"  - {{id: {name}, title: C, {body}, superseded_by: {successor}, triggers: [{{kind: manual}}]}}\n"

    text = "".join((promise("before", "one"), promise("one", "two"), promise("two", "three"), promise("three", "one")))
    register = read({"framework/all.yml": f"commitments:\n{text}"})
    assert [(own.code, own.at.line) for own in register.errors] == [("without-effect", line) for line in (3, 4, 5)]
    assert "'one' is replaced by 'two', which it replaces in turn" in register.errors[0].message
    assert list(register.commitments) == ["before"]


INCIDENTS = (
    "incidents:\n  - {id: i, title: I, severity: low, first_seen_at: 2026-01-01, circumstances: [imminent-injry]}\n"
)


@pytest.mark.parametrize(
    ("trigger", "codes"),
    [
        ("incident-severity, at_least: low", ["unknown-circumstance"]),
        ("new-information", ["deadline-never-runs", "unknown-circumstance"]),
        ("any, of: [{kind: drift}, {kind: incident-severity, at_least: low}]", ["unknown-circumstance"]),
    ],
)
def test_a_circumstance_that_starts_no_deadline_is_an_error(trigger: str, codes: list[str]) -> None:
    deadline = "{anchor: aware, count: 24, unit: hours, circumstance: imminent-injury}"
    text = f"    subject: {{kind: framework}}\n    triggers: [{{kind: {trigger}}}]\n    deadlines: [{deadline}]\n"
    register = read(
        {"framework/all.yml": HEAD + PROMISE.replace("owner: safety-lead", "owner: bob") + text + INCIDENTS}
    )
    assert sorted(own.code for own in register.errors) == codes
    (mistyped,) = (own for own in register.errors if own.code == "unknown-circumstance")
    assert "Did you mean 'imminent-injury'?" in mistyped.remedy
    assert list(register.incidents) == ["i"], "what happened is kept"
