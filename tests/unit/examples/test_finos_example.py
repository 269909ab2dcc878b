"""The register from a public catalogue is what its README says."""

import io
from functools import cache
from pathlib import Path

from reassay.cli import main as reassay
from reassay.register.files import WorkingTree, read_register
from reassay.register.register import Register

EXAMPLE = Path(__file__).parents[3] / "examples" / "finos-aigf"
README = (EXAMPLE / "README.md").read_text("utf-8")
WRITTEN = (EXAMPLE / "framework/finos-aigf.yml").read_text("utf-8")


@cache
def register() -> Register:
    return read_register(WorkingTree(EXAMPLE))


def out_of(*arguments: str) -> str:
    out = io.StringIO()
    assert reassay([*arguments], out, io.StringIO()) == 0, out.getvalue()
    return out.getvalue()


def test_check_finds_nothing_even_if_it_is_strict() -> None:
    assert "no findings" in out_of("check", str(EXAMPLE), "--strict")


def test_the_numbers_and_roles_of_the_readme() -> None:
    assert (len(register().mitigations), len(register().threat_models)) == (23, 23)
    for entry in register().mitigations.values():
        mitigation = entry.value
        assert {mitigation.owner, *mitigation.assessor_names} <= set(register().configuration.roles)
        assert mitigation.every is not None
        assert mitigation.target is not None
        assert mitigation.threat_models


def test_the_plan_opens_all_of_them_a_few_a_week() -> None:
    plan = out_of("plan", str(EXAMPLE), "--until", "2027-06-30", "--at", "2026-12-01")
    assert all(f"  open  {name} " in plan for name in register().mitigations)
    assert plan.split("\n\n")[1].count("Tue 1 Dec 2026  open") <= 3


def test_the_coverage_names_the_risk_with_a_detective_control_only() -> None:
    coverage = out_of("status", str(EXAMPLE), "--coverage", "--at", "2026-12-01")
    assert "ri-17  only detective controls" in coverage
    assert coverage.count("only detective controls") == 1


def test_only_ids_titles_and_links_of_the_catalogue_are_here_and_it_is_credited() -> None:
    objects = [*register().mitigations.values(), *register().threat_models.values()]
    assert all(entry.value.description is None for entry in objects)
    assert all(entry.value.references[0].source == "FINOS AI governance framework" for entry in objects)
    for text in (README, WRITTEN):
        assert "https://creativecommons.org/licenses/by/4.0/" in text
        assert "https://github.com/finos/ai-governance-framework" in text
    assert register().mitigations["mi-10"].value.references[0].id == "AIR-PREV-010"
    assert "`mi-10` here is AIR-PREV-010 there" in README
