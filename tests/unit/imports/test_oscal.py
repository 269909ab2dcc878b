"""OSCAL catalogues and component definitions: controls become mitigations, and what is not taken is listed."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from reassay.common.errors import UsageError
from reassay.imports.files.formats import read_list
from reassay.imports.files.spreadsheet_files import ReadOptions
from reassay.imports.headers import MITIGATIONS
from reassay.imports.oscal.models import Parameter, SetParameter
from reassay.imports.oscal.prose import by_id, inserted
from reassay.imports.spreadsheet import Spreadsheet
from reassay.register.files import WorkingTree, read_register
from reassay.register.mitigation import Mitigation
from tests.unit.imports.sheets import run

CATALOG: Mapping[str, object] = {
    "catalog": {
        "uuid": "5d9a5f5e-6d2e-4f0c-9b53-5d2f5a8c6b01",
        "metadata": {"title": "Model safeguards: set one", "version": "1.0", "oscal-version": "1.1.2", "parties": [{}]},
        "groups": [
            {
                "id": "in",
                "title": "Input",
                "groups": [
                    {
                        "id": "in-f",
                        "title": "Filters",
                        "controls": [
                            {
                                "id": "in-1",
                                "title": "Input filter",
                                "params": [
                                    {"id": "in-1_prm_1", "label": "attack families"},
                                    {"id": "in-1_prm_2", "values": ["30 days"]},
                                    {
                                        "id": "in-1_prm_3",
                                        "select": {"how-many": "one-or-more", "choice": ["within {{ insert: param, in-1_prm_2 }}", "at once"]},
                                    },
                                ],
                                "props": [{"name": "label", "value": "IN-1"}, {"name": "level", "value": "high"}],
                                "links": [{"href": "#in-2", "rel": "related"}],
                                "parts": [
                                    {
                                        "name": "statement",
                                        "parts": [
                                            {"name": "item", "props": [{"name": "label", "value": "a."}], "prose": "Block {{ insert: param, in-1_prm_1 }};"},
                                            {"name": "item", "props": [{"name": "label", "value": "b."}], "prose": "Renew {{ insert: param, in-1_prm_3 }}."},
                                        ],
                                    },
                                    {"name": "guidance", "prose": "Filters age."},
                                    {"name": "assessment-objective", "prose": "Attacks are blocked.", "links": []},
                                ],
                                "controls": [{"id": "in-1.1", "title": "Enhanced", "props": [{"name": "status", "value": "withdrawn"}]}],
                            }
                        ],
                    }
                ],
            }
        ],
        "controls": [{"id": "top", "title": "On top", "parts": [{"name": "overview", "prose": "No statement."}]}],
    }
}  # fmt: skip
COMPONENTS: Mapping[str, object] = {
    "component-definition": {
        "uuid": "5d9a5f5e-6d2e-4f0c-9b53-5d2f5a8c6b02",
        "metadata": {"title": "Chat service", "version": "3", "oscal-version": "1.1.2"},
        "components": [
            {
                "uuid": "5d9a5f5e-6d2e-4f0c-9b53-5d2f5a8c6b03",
                "type": "service",
                "title": "Gateway",
                "description": "In front of the model.",
                "responsible-roles": [{"role-id": "platform"}],
                "control-implementations": [
                    {
                        "source": "#r-53",
                        "implemented-requirements": [
                            {
                                "control-id": "ac-2.1",
                                "description": "Accounts end after {{ insert: param, ac-2.1_prm_1 }}.",
                                "set-parameters": [{"param-id": "ac-2.1_prm_1", "values": ["90 days"]}],
                                "responsible-roles": [{"role-id": "security"}, {"role-id": "audit"}],
                                "props": [{"name": "implementation-status", "value": "implemented"}],
                                "statements": [{"statement-id": "ac-2.1_smt.a", "description": "By a job."}],
                            },
                            {"control-id": "sc-8", "description": "TLS.", "props": [{"name": "implementation-status", "value": "partial"}]},
                        ],
                    },
                    {
                        "source": "https://example.org/own/policy-2026.json",
                        "implemented-requirements": [{"control-id": "P-7", "description": "Logs."}],
                    },
                ],
            }
        ],
        "back-matter": {"resources": [{"uuid": "r-53", "title": "NIST SP 800-53 Rev. 5"}]},
    }
}  # fmt: skip


def on_disk(folder: Path, document: object, name: str = "safeguards.json") -> Path:
    file = folder / name
    file.write_text(json.dumps(document) if name.endswith("json") else yaml.safe_dump(document, sort_keys=False))
    return file


def imported(
    folder: Path, document: object, *more: str, name: str = "safeguards.json"
) -> tuple[dict[str, Mitigation], str]:
    code, out, err = run("import", on_disk(folder, document, name), folder, "--at", "2026-12-01", *more)
    assert (code, err) == (0, "")
    register = read_register(WorkingTree(folder))
    assert register.errors == ()
    return {name: entry.value for name, entry in register.mitigations.items()}, out


@pytest.mark.parametrize("name", ["safeguards.json", "safeguards.yaml"])
def test_controls_of_a_catalogue_become_mitigations(tmp_path: Path, name: str) -> None:
    mitigations, out = imported(tmp_path, CATALOG, "--owner", "safety", name=name)
    assert set(mitigations) == {"top", "in-1", "in-1-1"}
    control = mitigations["in-1"]
    assert control.description == (
        "a. Block [Assignment: attack families];\nb. Renew [Selection (one or more): within 30 days; at once]."
    )
    assert [(standard.catalogue, standard.control) for standard in control.standards] == [
        ("Model safeguards - set one", "IN-1")
    ]
    assert (mitigations["in-1-1"].status, mitigations["top"].description) == ("retired", "No statement.")
    assert (
        f"'{name}': 3 of 3 rows became mitigations; 2 of them never become due, because no interval is stated; wrote"
        in out
    )


def test_what_a_catalogue_says_and_a_mitigation_has_no_field_for_is_listed(tmp_path: Path) -> None:
    _, out = imported(tmp_path, CATALOG, "--owner", "safety")
    assert "safeguards.json is an OSCAL catalog: 'Model safeguards: set one 1.0'." in out
    assert "Keys of the document that no column has: metadata: parties (1), prose: links (1)." in out
    for column, example in (
        ("group", "Input / Filters"), ("guidance", "Filters age."), ("assessment", "Attacks are blocked."),
        ("parameters", r"in-1_prm_1: [Assignment: attack familie…"), ("links", "related #in-2"), ("properties", "level: high"),
    ):  # fmt: skip
        assert f"'{column}': no field has this name; e.g. '{example}'." in out


def test_a_column_of_a_catalogue_can_be_mapped(tmp_path: Path) -> None:
    mitigations, _ = imported(tmp_path, CATALOG, "--owner", "safety", "--map", "assessment=target")
    target = mitigations["in-1"].target
    assert target is not None
    assert target.statement == "Attacks are blocked."


def test_implemented_requirements_become_mitigations_of_the_control_that_they_implement(tmp_path: Path) -> None:
    mitigations, out = imported(tmp_path, COMPONENTS)
    assert set(mitigations) == {"gateway-ac-2-1", "gateway-sc-8", "gateway-p-7"}
    first = mitigations["gateway-ac-2-1"]
    assert (first.title, first.owner, first.status) == ("Gateway: AC-2(1)", "security", "active")
    assert first.description == "Accounts end after 90 days.\nac-2.1_smt.a: By a job."
    cited = {
        (mitigation.standards[0].catalogue, mitigation.standards[0].control) for mitigation in mitigations.values()
    }
    assert cited == {("NIST-800-53", "AC-2(1)"), ("NIST-800-53", "SC-8"), ("policy-2026", "P-7")}
    assert "'further roles': no field has this name; e.g. 'audit'." in out
    assert "'status', requirement 'Gateway sc-8': 'partial' → left out; it counts as active" in out


def test_without_roles_the_owner_is_asked_for_by_the_name_of_the_file(tmp_path: Path) -> None:
    code, _, err = run("import", on_disk(tmp_path, CATALOG), tmp_path)
    assert code == 2
    assert (
        "safeguards.json: no column has the owner of a control. Name it: --map 'COLUMN=owner', or give --owner ROLE"
        in err
    )


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.json", '{"catalog": {', "a.json:1: this is not JSON"),
        ("a.json", '{"catalog": {}, "profile": {}}', "this is not an OSCAL document"),
        ("a.json", '{"catalog": {"controls": [{"id": "a", "id": "b", "title": "T"}]}}', "the key 'id' is given twice"),
        ("a.json", '{"catalog": {"controls": [{"title": "T"}]}}', "controls.0.id: Field required"),
        ("a.json", '{"catalog": ' + "[" * 100_000, "nested too deeply"),
        (
            "a.json",
            '{"profile": {}}',
            "an OSCAL profile has no controls of its own. A profile only selects controls: resolve it",
        ),
        ("a.json", '{"assessment-plan": {}}', "an OSCAL assessment-plan has no controls of its own"),
        ("a.yaml", "catalog: &a\n  controls: *a\n", "line 2 has an alias"),
        ("a.yaml", "catalog:\n  " + "- " * 300 + "x", "nested too deeply"),
        ("a.yaml", "catalog: {a: b\n", "this is not YAML"),
        ("a.xml", '<catalog xmlns="http://csrc.nist.gov/ns/oscal/1.0"/>', "OSCAL is read as JSON or YAML, not XML"),
    ],
)
def test_other_documents_are_refused_with_what_to_do(tmp_path: Path, name: str, text: str, words: str) -> None:
    file = tmp_path / name
    file.write_text(text)
    with pytest.raises(UsageError) as refused:
        read_list(file, ReadOptions(MITIGATIONS))
    assert words in str(refused.value)
    assert refused.value.remedy


def test_a_catalogue_without_controls_has_only_its_header(tmp_path: Path) -> None:
    sheet = read_list(on_disk(tmp_path, {"catalog": {}}), ReadOptions(MITIGATIONS))
    assert isinstance(sheet, Spreadsheet)
    code, _, err = run("import", tmp_path / "safeguards.json", tmp_path, "--owner", "o")
    assert (code, "this file has no text" in err or "no row became a mitigation" in err or "no column" in err) == (
        2,
        True,
    )


def test_parameters_that_insert_each_other_end() -> None:
    loop = Parameter.model_validate({"id": "p", "select": {"choice": ["{{ insert: param, p }}"]}})
    assert "[Assignment: p]" in inserted("{{ insert: param, p }}", by_id([loop]))
    given = SetParameter.model_validate({"param-id": "p", "values": ["seven"]})
    assert inserted("in {{ p }} days", {}, (given,)) == "in seven days"
    assert inserted("in {{ insert: param, q }}", {}) == "in [Assignment: q]"


@pytest.mark.parametrize("text", ['[{"title": "A"}]', '{"controls": [{"title": "A", "profile": "x"}]}'])
def test_json_that_is_no_oscal_is_a_list_of_controls(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    assert run("import", tmp_path / "a.json", tmp_path, "--owner", "safety-lead")[0] == 0
