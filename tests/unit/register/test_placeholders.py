"""What is still to be written is an error at its place: placeholders in place of people, and examples."""

import pytest

from reassay.register.placeholders import EXAMPLE_IDS, OWNER_PLACEHOLDER, PLACEHOLDERS
from reassay.register.register import KINDS, Register
from tests.unit.register.trees import read

FILE = "framework/mitigations.yml"
MITIGATION = (
    "mitigations:\n  - {{id: jailbreak-filter, title: Filter, owner: {owner}, assessor: {assessor}, every: 1 year}}\n"
)


def errors(register: Register) -> list[tuple[str, int, str]]:
    return [(finding.at.path, finding.at.line, finding.code) for finding in register.errors]


@pytest.mark.parametrize("name", [*sorted(PLACEHOLDERS), "TODO", "OWNER", "Your-Login"])
@pytest.mark.parametrize("key", ["owner", "assessor"])
def test_a_placeholder_is_nobody_and_the_entry_is_not_used(name: str, key: str) -> None:
    people = {"owner": "safety-lead", "assessor": "red-team-lead", key: name}
    register = read({FILE: MITIGATION.format(**people)})
    assert errors(register) == [(FILE, 2, "placeholder")]
    assert name in register.errors[0].message
    assert "login" in register.errors[0].remedy
    assert register.mitigations == {}
    assert register.broken["mitigation"] == {"jailbreak-filter"}


def test_no_message_is_addressed_to_the_stranger_whose_login_it_is() -> None:
    register = read({FILE: MITIGATION.format(owner=OWNER_PLACEHOLDER, assessor="red-team-lead")})
    assert [entry.owner for entry in register.unreadable] == [None]
    broken = read({FILE: MITIGATION.format(owner=OWNER_PLACEHOLDER, assessor="a, evry: 1 year")})
    assert [entry.owner for entry in broken.unreadable] == [None]


def test_whoever_has_such_a_name_declares_a_role() -> None:
    roles = "roles:\n  owner: {users: [safety-lead]}\n"
    assert read({FILE: roles + MITIGATION.format(owner="owner", assessor="red-team-lead")}).errors == ()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("roles:\n  safety: {users: [safety-lead, todo]}\n" + MITIGATION.format(owner="safety", assessor="a"), 2),
        ("roles:\n  safety: {users: ['your-login#7']}\n" + MITIGATION.format(owner="safety", assessor="a"), 2),
        (MITIGATION.format(owner="a", assessor="b").replace("every", "approval: [{role: todo}], every"), 2),
        (MITIGATION.format(owner="a", assessor="b").replace("assessor: b", "assessors: [b, tbd]"), 2),
        (
            MITIGATION.format(owner="a", assessor="b")
            + "delegations:\n  - {id: d, title: D, role: a, from: a, to: changeme, start: 2026-01-01, end: 2026-02-01}\n",
            4,
        ),
        (
            MITIGATION.format(owner="a", assessor="b")
            + "information_items:\n  - {id: i, title: I, kind: research, known_at: 2026-01-01, source: s, affects: [jailbreak-filter],\n"
            "     triage: {material: false, rationale: R, by: tbd, on: 2026-01-02}}\n",
            5,
        ),
    ],
)
def test_people_are_looked_for_wherever_they_are_named(text: str, line: int) -> None:
    assert [found for found in errors(read({FILE: text})) if found[2] == "placeholder"] == [(FILE, line, "placeholder")]


@pytest.mark.parametrize(
    "addition",
    [
        "checklist: [{id: q, text: Who?, role: owner}]",
        "approval: [{role: safety-team, excludes: [owner]}]",
        "description: todo",
        "formerly: [example]",
    ],
)
def test_the_same_words_elsewhere_name_nobody(addition: str) -> None:
    text = MITIGATION.format(owner="a", assessor="b").replace("every:", f"{addition}, every:")
    assert "placeholder" not in {code for _, _, code in errors(read({FILE: text}))}


MODELS = {
    "deployment": "audience: external",
    "threat-model": "",
    "model": "version: '1'",
    "commitment": "owner: a, statement: S, source: {organisation: O, document: D}, subject: {kind: framework}",
    "incident": "severity: low, first_seen_at: 2026-01-01",
    "information-item": "kind: research, known_at: 2026-01-01, source: s",
    "risk-acceptance": "mitigations: [m], requester: a, approver: b, rationale: R, expires_at: 2027-01-01",
    "evidence-item": "method: test, performed_by: t, performed_at: 2026-01-01, finding: F",
    "delegation": "role: a, from: a, to: b, start: 2026-01-01, end: 2026-02-01",
    "mitigation": "owner: a, every: 1 year",
}


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, names in EXAMPLE_IDS.items() for name in sorted(names)]
)
def test_an_example_is_refused_by_its_id_whatever_else_was_changed(kind: str, name: str) -> None:
    text = f"mitigations:\n  - {{id: m, title: M, owner: a, every: 1 year}}\n{kind.replace('-', '_')}s:\n"
    text = text if kind != "mitigation" else "mitigations:\n"
    own = f"  - {{id: {name}, title: Changed, {MODELS[kind]}}}\n"
    register = read({"framework/all.yml": text + own})
    assert [(code, line) for _, line, code in errors(register)] == [("example", text.count("\n") + 1)]
    renamed = read({"framework/all.yml": text + own.replace(name, "of-our-own")})
    assert renamed.errors == ()
    assert set(EXAMPLE_IDS) == set(KINDS) - {"past-assessment"}


def test_what_refers_to_an_example_has_no_error_of_its_own() -> None:
    text = (
        "mitigations:\n  - {id: m, title: M, owner: a, every: 1 year, deployments: [example-public-app]}\n"
        "deployments:\n  - {id: example-public-app, title: D, audience: external}\n"
    )
    assert errors(read({FILE: text})) == [(FILE, 4, "example")]
