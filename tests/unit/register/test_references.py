"""Names that objects use for each other: unknown, ambiguous, circular, colliding; and advice that is no error."""

from reassay.register.finding import Position
from tests.unit.register.trees import Files, read, told

LIST = "framework/all.yml"
DEPLOYMENTS = "deployments:\n  - {id: public-app, title: P, audience: external}\n"


def mitigation(name: str = "a", **keys: str) -> str:
    given = {"id": name, "title": "T", "owner": "lead", "every": "6 months", **keys}
    return "mitigations:\n  - {" + ", ".join(f"{key}: {value}" for key, value in given.items()) + "}\n"


def test_an_unknown_deployment_is_an_error_with_the_nearest_name() -> None:
    register = read({LIST: mitigation(deployments="[public-ap]") + DEPLOYMENTS})
    assert told(register.findings) == ["all.yml:2:67 error unknown-reference"]
    assert register.findings[0].remedy == "Did you mean 'public-app'?"
    assert not register.mitigations
    assert register.broken["mitigation"] == {"a"}


def test_a_name_of_another_kind_is_called_so() -> None:
    register = read({LIST: mitigation(threat_models="[public-app]") + DEPLOYMENTS})
    assert told(register.findings) == ["all.yml:2:69 error ambiguous-reference"]
    assert register.findings[0].message == "'public-app' is a deployment, not a threat model"


def test_an_exemption_from_an_unknown_safeguard_is_an_error_of_the_deployment() -> None:
    exempt = "safeguard_exemptions: [{group: g, safeguard: filtre, reason: r}]"
    text = mitigation("filter") + f"deployments:\n  - {{id: d, title: D, audience: internal, {exempt}}}\n"
    register = read({LIST: text})
    assert [each.code for each in register.findings] == ["unknown-reference"]
    assert register.findings[0].remedy == "Did you mean 'filter'?"
    assert not register.deployments
    assert list(register.mitigations) == ["filter"]


def test_references_to_objects_that_are_there_but_broken_are_not_called_unknown() -> None:
    broken: Files = {
        "framework/deployments/one.yml": "id: one\ntitle: [not a text]\naudience: internal\n",
        "framework/syntax.yml": "deployments:\n  - {id: two, title: 'T\n",
        "framework/deployments/three.yml": b"id: three\ntitle: caf\xe9\n",
        "framework/slug.yml": "deployments:\n  - {id: Number_Four, title: T, audience: internal}\n",
        "framework/twice.yml": "deployments: []\ndeployments:\n  - {id: five, title: T, audience: internal}\n",
        "framework/kind.yml": "kind: deploymnt\nid: six\n",
    }
    register = read({LIST: mitigation(deployments="[one, two, three, number-four, five, six]"), **broken})
    assert not [each for each in register.findings if each.at.path == LIST]
    assert list(register.mitigations) == ["a"]
    assert {"one", "two", "three", "number-four", "five", "six"} <= register.broken["deployment"]


def test_a_colliding_id_is_an_error_at_both_places_and_the_first_is_kept() -> None:
    register = read(
        {"framework/a.yml": mitigation("x", title="First"), "framework/b.yml": mitigation("x", title="Other")}
    )
    assert told(register.findings) == ["a.yml:2:10 error colliding-id", "b.yml:2:10 error colliding-id"]
    assert "b.yml, line 2" in register.findings[0].message
    assert "a.yml, line 2" in register.findings[1].message
    assert register.mitigations["x"].value.title == "First"


def test_the_same_id_for_different_kinds_is_no_collision() -> None:
    assert not read({LIST: mitigation("public-app", deployments="[public-app]") + DEPLOYMENTS}).findings


def test_ids_that_differ_only_in_hyphens_are_a_warning() -> None:
    register = read({"framework/a.yml": mitigation("red-team"), "framework/b.yml": mitigation("redteam")})
    assert told(register.findings) == ["b.yml:2:10 warning ids-alike"]
    assert len(register.mitigations) == 2


def test_a_name_listed_twice_is_a_warning() -> None:
    register = read({LIST: mitigation(deployments="[public-app, public-app]") + DEPLOYMENTS})
    assert told(register.findings) == ["all.yml:2:79 warning listed-twice"]
    assert register.mitigations["a"].value.cells == ("public-app",)


def test_a_checklist_item_given_twice_is_an_error() -> None:
    register = read({LIST: mitigation(checklist="[{id: i, text: t}, {id: i, text: u}]")})
    assert [each.code for each in register.findings] == ["colliding-id"]


def test_assessing_what_one_owns_is_a_warning_by_name_and_by_person() -> None:
    named = read({LIST: mitigation(assessor="Lead")})
    assert told(named.findings) == ["all.yml:2:63 warning self-assessed"]
    config = "roles:\n  owners: {users: [lead, deputy]}\n  assessors: {users: [Lead]}\n"
    by_person = read({LIST: config + mitigation(owner="owners", assessors="[assessors]")})
    assert [each.code for each in by_person.findings] == ["self-assessed"]
    assert "everyone who assesses 'a' also owns it" in by_person.findings[0].message


def test_naming_no_assessor_or_an_independent_one_is_no_warning() -> None:
    assert not read({LIST: mitigation()}).findings
    assert not read({LIST: mitigation(assessor="red-team")}).findings


def test_an_interval_that_is_not_stated_is_warned_of_and_never_invented() -> None:
    for keys in ({"every": "unspecified"}, {"every": "null", "reassess": "{every: unspecified}"}):
        register = read({LIST: mitigation(**keys)})
        assert [each.code for each in register.findings] == ["no-interval"]
        assert register.mitigations["a"].value.interval is None


def test_nothing_is_advised_about_retired_mitigations() -> None:
    assert not read({LIST: mitigation(status="retired", every="unspecified", assessor="lead")}).findings


def test_a_role_that_names_a_role_is_ambiguous_and_one_that_names_itself_is_circular() -> None:
    nested = read({LIST: "roles:\n  a: {users: [b]}\n  b: {users: [x]}\n" + mitigation()})
    assert told(nested.findings) == ["all.yml:2:15 error ambiguous-role"]
    circle = read({LIST: "roles:\n  a: {users: [B]}\n  b: {users: [c, x]}\n  c: {users: [a]}\n" + mitigation()})
    assert [each.code for each in circle.findings] == ["circular-role"] * 3
    assert "a → b → c → a" in circle.findings[0].message
    own = read({LIST: "roles:\n  a: {users: [a]}\n" + mitigation()})
    assert "a → a" in own.findings[0].message
    assert nested.configuration_is_broken
    assert circle.configuration_is_broken


def test_roles_that_differ_only_in_capitals_are_a_warning() -> None:
    register = read({LIST: "roles:\n  a: {users: [x]}\n  A: {users: [y]}\n" + mitigation()})
    assert told(register.findings) == ["all.yml:3:3 warning ids-alike"]


def test_findings_come_in_order_of_place_and_each_once() -> None:
    shared = "x: &t [bad_id, bad_id]\n"
    files = {
        "framework/b.yml": mitigation("m", ownr="x"),
        "framework/a.yml": "mitigations:\n  - &m {id: q, title: T, owner: o, evry: x}\n  - *m\n",
        "framework/c.yml": shared,
    }
    findings = read(files).findings
    assert list(findings) == sorted(findings, key=lambda each: each.at)
    assert len(set(findings)) == len(findings)
    assert findings[0].at == Position("framework/a.yml", 2, 36)
