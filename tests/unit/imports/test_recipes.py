"""Recipes turn checkouts of public catalogues into mitigations and threat models, with licence, links and published ids."""

import re
from pathlib import Path

import pytest

from reassay.imports.recipes import RECIPES
from reassay.register.files import WorkingTree, read_register
from reassay.register.mitigation import ControlKind, Mitigation
from reassay.register.register import Register
from tests.unit.imports import catalogues
from tests.unit.imports.sheets import run

ROLES = "roles:\n  safety-lead: {users: [a-lead]}\n"


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return catalogues.write(tmp_path / "repo", {".github/reassay.yml": ROLES})


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    return tmp_path / "checkout"


def bring(recipe: str, checkout: Path, repo: Path, *more: str) -> tuple[int, str, str]:
    return run("import", "--recipe", recipe, checkout, repo, "--owner", "safety-lead", *more)


def register(repo: Path) -> Register:
    return read_register(WorkingTree(repo))


def mitigation(repo: Path, name: str) -> Mitigation:
    return register(repo).mitigations[name].value


def references(repo: Path, name: str) -> list[tuple[str, str | None, str | None]]:
    return [(reference.source, reference.id, reference.url) for reference in mitigation(repo, name).references]


def test_finos_becomes_linked_mitigations_and_threat_models(repo: Path, checkout: Path) -> None:
    code, out, err = bring("finos-aigf", catalogues.finos(checkout), repo)
    assert (code, err) == (0, "")
    assert (
        "FINOS AI governance framework v3: 2 mitigations and 2 threat models written to framework/finos-aigf.yml."
        in out
    )
    assert "Licence: CC-BY-4.0 <https://creativecommons.org/licenses/by/4.0/>, FINOS." in out
    assert not register(repo).errors
    assert re.findall("  - id: (.*)", (repo / "framework/finos-aigf.yml").read_text()) == [
        "mi-2",
        "mi-10",
        "ri-1",
        "ri-2",
    ]
    pinned = mitigation(repo, "mi-2")
    assert (pinned.title, pinned.description, pinned.owner) == ("Pin versions", "What it is for.", "safety-lead")
    assert (pinned.kind_of_control, mitigation(repo, "mi-10").kind_of_control) == (
        ControlKind.PREVENTIVE,
        ControlKind.DETECTIVE,
    )
    assert pinned.threat_models == ("ri-1", "ri-2")
    assert pinned.related == ("mi-10",)
    assert [(standard.catalogue, standard.control) for standard in pinned.standards] == [
        ("ISO/IEC 42001", "A.6.2.3"),
        ("NIST-800-53", "CM-2"),
    ]
    assert references(repo, "mi-2") == [
        (
            "FINOS AI governance framework",
            "AIR-PREV-002",
            "https://air-governance-framework.finos.org/mitigations/mi-2_pin-versions.html",
        ),
        ("EU AI Act", "c3-s2-a14", "https://law.example.org/14"),
    ]
    threat = register(repo).threat_models["ri-1"].value
    assert (threat.title, threat.description, threat.risk_domain) == ("Leaks", "How it goes wrong.", "Security")


def test_what_finos_has_and_the_register_has_not_is_said(repo: Path, checkout: Path) -> None:
    _, out, _ = bring("finos-aigf", catalogues.finos(checkout), repo)
    assert "'doc-status': no field has this name; in 2 of 2, e.g. 'Draft'." in out
    assert "'layout': only the website needs it; in 2 of 2, e.g. 'mitigation'." in out
    assert "'body': only its first section was read" in out
    assert "neither the register nor this list has 'ri-9'" in out


def test_nothing_that_the_catalogue_does_not_say_is_made_up(repo: Path, checkout: Path) -> None:
    _, out, _ = bring("finos-aigf", catalogues.finos(checkout), repo)
    assert "none will ever come due until you give `every`" in out
    assert mitigation(repo, "mi-2").every is None
    assert "'mi-2' states no interval, so it never becomes due" in run("check", repo)[1]


def test_the_written_file_says_source_licence_and_changes(repo: Path, checkout: Path) -> None:
    bring("finos-aigf", catalogues.finos(checkout), repo)
    head = [line for line in (repo / "framework/finos-aigf.yml").read_text().splitlines() if line.startswith("#")]
    assert head[0] == "# From FINOS AI governance framework v3, https://github.com/finos/ai-governance-framework"
    assert head[1].startswith("# Licence: CC-BY-4.0 <https://creativecommons.org/licenses/by/4.0/>, FINOS.")
    assert head[2].startswith("# Changed: ids are in kebab-case")
    assert "with the recipe finos-aigf on 2" in head[4]


def test_another_licence_in_the_checkout_is_a_warning(repo: Path, checkout: Path) -> None:
    catalogues.finos(checkout, LICENSE="All rights reserved.\n")
    _, out, _ = bring("finos-aigf", checkout, repo)
    assert "Warning: LICENSE does not say 'Attribution 4.0 International': this recipe expects CC-BY-4.0." in out
    (checkout / "LICENSE").unlink()
    assert "Warning: LICENSE is missing or empty" in bring("finos-aigf", checkout, repo, "--dry-run", "--force")[2]


def test_cosai_links_are_joined_from_either_side(repo: Path, checkout: Path) -> None:
    code, out, _ = bring("cosai-risk-map", catalogues.cosai(checkout), repo)
    assert code == 0, out
    assert mitigation(repo, "control-input-checks").threat_models == ("risk-data-poisoning", "risk-rogue-actions")
    assert mitigation(repo, "control-red-teaming").threat_models == ("risk-data-poisoning", "risk-rogue-actions")
    assert mitigation(repo, "control-input-checks").description == "Look at what comes in.\n\nThen decide."
    poisoning = register(repo).threat_models["risk-data-poisoning"].value
    assert (poisoning.atlas, poisoning.risk_domain) == (("AML.T0020", "AML.T0010.002"), "Supply chain")
    assert [reference.id for reference in poisoning.references] == ["riskDataPoisoning", "Tampering"]
    assert references(repo, "control-input-checks")[0][:2] == ("CoSAI risk map", "controlInputChecks")
    assert ("MITRE ATLAS", "AML.M0015", "https://atlas.mitre.org/mitigations/AML.M0015") in references(
        repo, "control-input-checks"
    )
    assert [(code.code, code.label) for code in mitigation(repo, "control-red-teaming").taxonomy] == [
        ("controlsModel", "Model controls")
    ]
    assert "'longDescription': no field has this name; in 1 of 2" in out


def test_atlas_mitigations_keep_their_ids_and_techniques(repo: Path, checkout: Path) -> None:
    code, out, _ = bring("mitre-atlas", catalogues.atlas(checkout), repo)
    assert code == 0, out
    assert "MITRE ATLAS 9.1.0: 1 mitigation written to" in out
    assert references(repo, "aml-m0004") == [
        ("MITRE ATLAS", "AML.M0004", "https://atlas.mitre.org/mitigations/AML.M0004"),
        ("MITRE ATLAS", "AML.T0001", "https://atlas.mitre.org/techniques/AML.T0001"),
        ("MITRE ATLAS", "AML.T0002.000", "https://atlas.mitre.org/techniques/AML.T0002.000"),
        ("MITRE ATT&CK", "M1036", "https://attack.example.org/M1036"),
    ]
    assert "'techniques.use'" in out


def test_requirements_of_the_newest_published_version_are_read(repo: Path, checkout: Path) -> None:
    catalogues.aisvs(checkout, "0.9")
    catalogues.aisvs(checkout, "1.10")
    catalogues.aisvs(checkout, "2.0-dev")
    code, out, _ = bring("owasp-aisvs", checkout, repo)
    assert code == 0, out
    assert "OWASP AISVS 1.10: 2 mitigations written to" in out
    assert mitigation(repo, "aisvs-2-1-1").title == "Verify that input is normalised."
    long = mitigation(repo, "aisvs-2-1-2")
    assert long.title == "Verify that a pipe | is kept."
    assert long.description is not None
    assert long.description.endswith("more than one sentence.")
    assert [(code.scheme, code.code, code.label) for code in long.taxonomy] == [
        ("OWASP AISVS level", "2", None),
        ("OWASP AISVS", "C2.1", "Injection"),
    ]


def test_a_library_is_imported_under_the_licence_that_it_states(repo: Path, tmp_path: Path) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(catalogues.library("A publisher, CC BY 4.0"))
    code, out, _ = bring("ciso-assistant", file, repo)
    assert code == 0, out
    assert (
        "Small framework (library version 3): 1 mitigation and 1 threat model written to framework/small-framework.yml"
        in out
    )
    assert "Licence: CC BY (A publisher, CC BY 4.0), A publisher." in out
    assert "1 heading of the framework is not imported" in out
    alone = mitigation(repo, "a-1")
    assert (alone.title, alone.threat_models) == ("Two people open the store.", ("t1",))
    assert [(code.code, code.label) for code in alone.taxonomy] == [("A", "Access")]
    assert "'typical_evidence': no field has this name" in out
    assert "'questions.text': no field has this name; in 1 of 1" in out


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("CC BY-ND 4.0", "it allows no adaptations"),
        ("Creative Commons Attribution-NonCommercial-ShareAlike 4.0", "it allows no commercial use"),
        ("© A publisher", "it names no licence that is recognised"),
        ("© A publisher. All rights reserved.", "it reserves all rights"),
        ("You can purchase the standard for full details.", "the text is sold"),
        ("", "the library states no copyright"),
    ],
)
def test_a_library_whose_licence_is_not_clear_waits_for_a_person(
    repo: Path, tmp_path: Path, statement: str, words: str
) -> None:
    file = tmp_path / "small.yaml"
    file.write_text(catalogues.library(f"'{statement}'"))
    code, out, err = bring("ciso-assistant", file, repo)
    assert (code, out) == (2, "")
    assert words in err
    assert "--licence-checked" in err
    assert not (repo / "framework").exists()
    code, out, _ = bring("ciso-assistant", file, repo, "--licence-checked")
    assert code == 0
    assert f"Warning: {words}" in out


def test_words_of_a_catalogue_do_nothing_in_a_terminal_or_in_the_written_file(repo: Path, tmp_path: Path) -> None:
    file = tmp_path / "odd.yaml"
    hostile = '"CC BY 4.0\\nmitigations: []\\n\\e[31m"'
    odd = '"Odd\\e[2J\\nroles: {}"'
    file.write_text(catalogues.library(hostile).replace("Small framework", odd).replace("A publisher", odd))
    code, out, err = bring("ciso-assistant", file, repo)
    assert code == 0, err
    assert "\x1b" not in out
    written = next((repo / "framework").glob("*.yml")).read_text()
    head = written.split("mitigations:\n  - id")[0]
    assert all(line.startswith("#") for line in head.splitlines())
    assert not register(repo).errors


def test_force_replaces_what_was_written(repo: Path, checkout: Path) -> None:
    bring("finos-aigf", catalogues.finos(checkout), repo)
    written = repo / "framework/finos-aigf.yml"
    fresh = written.read_text()
    written.write_text(fresh.replace("Pin versions", "Our title"))
    code, out, _ = bring("finos-aigf", checkout, repo, "--force")
    assert code == 0
    assert "Already" not in out
    assert written.read_text() == fresh


def test_the_list_of_recipes_needs_no_file(repo: Path) -> None:
    code, out, _ = run("import", "--recipe", "list")
    assert code == 0
    for recipe in RECIPES:
        assert recipe.name in out
        assert recipe.repository in out
        assert recipe.licence.name in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--recipe", "finos"), "Did you mean 'finos-aigf'?"),
        (("--recipe", "finos-aigf"), "no checkout is given"),
        (("--recipe", "finos-aigf", "CHECKOUT", "REPO"), "a catalogue names no owners. Add --owner ROLE"),
        (("--recipe", "mitre-atlas", "CHECKOUT", "REPO", "--owner", "a"), "there is no dist/ATLAS.yaml here"),
        (("--recipe", "owasp-asvs", "CHECKOUT", "REPO", "--owner", "a"), "there is no */en/0x[12]?-V*.md here"),
        (("--recipe", "ciso-assistant", "CHECKOUT", "REPO", "--owner", "a"), "Give the file of one library"),
        (
            ("--recipe", "finos-aigf", "CHECKOUT", "REPO", "--owner", "a", "--stubs"),
            "--stubs cannot be used with --recipe",
        ),
        (("--recipe", "finos-aigf", "CHECKOUT", "REPO", "--owner", "a", "--map", "bodi=-"), "Did you mean 'body'?"),
        (
            ("--recipe", "finos-aigf", "CHECKOUT", "REPO", "--owner", "a", "--map", "owasp-llm_references=every"),
            "cannot be every",
        ),
        ((), "no file is given"),
    ],
)
def test_what_is_missing_is_asked_for(repo: Path, checkout: Path, arguments: tuple[str, ...], words: str) -> None:
    catalogues.finos(checkout)
    places = {"CHECKOUT": str(checkout), "REPO": str(repo)}
    code, _, err = run("import", *(places.get(argument, argument) for argument in arguments))
    assert code == 2
    assert words in err, err


def test_a_map_of_a_person_goes_before_the_recipe_and_applies_where_the_key_is(repo: Path, checkout: Path) -> None:
    code, out, _ = bring("finos-aigf", catalogues.finos(checkout), repo, "--map", "body=-")
    assert code == 0
    assert mitigation(repo, "mi-2").description is None
    assert register(repo).threat_models["ri-1"].value.description is None
    assert out.count("'body': left out on purpose") == 2


def test_a_file_that_cannot_be_read_is_said_and_the_others_are_imported(repo: Path, checkout: Path) -> None:
    catalogues.finos(checkout, **{"docs/_risks/ri-3_broken.md": "---\ntitle: [\n---\n"})
    code, out, _ = bring("finos-aigf", checkout, repo)
    assert code == 1
    assert "Documents not read (1)" in out
    assert "docs/_risks/ri-3_broken.md:" in out
    assert "2 mitigations and 2 threat models written to" in out


def test_a_second_import_writes_nothing(repo: Path, checkout: Path) -> None:
    bring("finos-aigf", catalogues.finos(checkout), repo)
    before = {file: file.read_bytes() for file in repo.rglob("*") if file.is_file()}
    code, out, _ = bring("finos-aigf", checkout, repo)
    assert code == 0
    assert "nothing is new; nothing was written" in out
    assert "Already in your register, so skipped (4)" in out
    assert {file: file.read_bytes() for file in repo.rglob("*") if file.is_file()} == before


def test_a_newer_version_adds_what_is_new_and_says_what_is_gone_or_has_another_title(
    repo: Path, checkout: Path
) -> None:
    bring("finos-aigf", catalogues.finos(checkout), repo)
    written = repo / "framework/finos-aigf.yml"
    edited = written.read_text().replace("    owner: safety-lead\n", "    owner: safety-lead\n    every: 1 year\n")
    written.write_text(edited)
    catalogues.finos(checkout)
    old = checkout / "docs/_mitigations/mi-10_watch-outputs.md"
    (checkout / "docs/_mitigations/mi-11_new.md").write_text(
        old.read_text().replace("Watch outputs", "Ask people").replace("10", "11")
    )
    old.unlink()
    pinned = checkout / "docs/_mitigations/mi-2_pin-versions.md"
    pinned.write_text(pinned.read_text().replace("title: Pin versions", "title: Pin model versions"))
    code, out, err = bring("finos-aigf", checkout, repo, "--dry-run")
    assert code == 0
    assert "1 mitigation would be written to framework/finos-aigf-2" in err
    assert "mitigation mi-10 (framework/finos-aigf.yml:" in err
    assert "published as 'AIR-DET-010'" in err
    assert "'Pin versions', published as 'Pin model versions'." in err
    assert "title: Ask people" in out
    assert "Pin versions" not in out
    assert bring("finos-aigf", checkout, repo)[0] == 0
    assert written.read_text() == edited
    assert set(register(repo).mitigations) == {"mi-2", "mi-10", "mi-11"}
    assert not register(repo).errors


def test_an_entry_with_another_id_is_recognised_by_its_first_reference(repo: Path, checkout: Path) -> None:
    bring("finos-aigf", catalogues.finos(checkout), repo)
    written = repo / "framework/finos-aigf.yml"
    written.write_text(
        written.read_text().replace("id: mi-2\n", "id: pin-versions\n").replace("- mi-2\n", "- pin-versions\n")
    )
    _, out, _ = bring("finos-aigf", checkout, repo)
    assert "nothing is new" in out
    assert "pin-versions" in out


def test_a_citation_of_another_catalogue_is_not_the_entry(repo: Path, checkout: Path, tmp_path: Path) -> None:
    bring("cosai-risk-map", catalogues.cosai(checkout), repo)
    other = catalogues.atlas(tmp_path / "atlas")
    (other / "dist/ATLAS.yaml").write_text((other / "dist/ATLAS.yaml").read_text().replace("AML.M0004", "AML.M0015"))
    code, out, _ = bring("mitre-atlas", other, repo)
    assert code == 0
    assert "1 mitigation written to" in out
    assert "Gone" not in out
