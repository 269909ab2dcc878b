"""The examples are what they say: counts, coverage, and the state of 1 December 2026 that the READMEs tell of."""

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from reassay.assessment.cells import AssessmentInput, State, assess
from reassay.ledger.history import History
from reassay.register.base import Depth, Status
from reassay.register.deployment import Audience
from reassay.register.files import WorkingTree, read_register
from reassay.register.finding import FindingSeverity
from reassay.register.mitigation import Layer, LifecycleStage, Mitigation
from reassay.register.register import Register

EXAMPLES = Path(__file__).parents[3] / "examples"
STARTER, LAB = EXAMPLES / "starter", EXAMPLES / "frontier-lab"
FIRST_OF_DECEMBER = datetime(2026, 12, 1, 8, tzinfo=UTC)
NUMERIC = {"rate", "sample"}
"""Kinds that infer a number from a measurement; counting everyone, drills, times kept and judgements do not."""


@cache
def register(root: Path) -> Register:
    return read_register(WorkingTree(root))


def mitigations() -> list[Mitigation]:
    return [entry.value for entry in register(LAB).mitigations.values()]


def kinds(mitigation: Mitigation) -> set[str]:
    return {criterion.kind for criterion in mitigation.target.criteria} if mitigation.target else set()


def states(root: Path) -> dict[State, set[str]]:
    found: dict[State, set[str]] = {}
    for cell in assess(AssessmentInput(register(root), History(), {}, FIRST_OF_DECEMBER)):
        found.setdefault(cell.state, set()).add(cell.subject)
    return found


@pytest.mark.parametrize("root", [STARTER, LAB], ids=lambda root: root.name)
def test_the_real_check_finds_no_error(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "reassay", "check", str(root), "--format", "json"],
        capture_output=True,
        text=True,
        check=False,
        cwd=EXAMPLES.parent,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert not [found for found in json.loads(done.stdout)["findings"] if found["severity"] == "error"]


def test_the_starter_is_ten_lines_with_two_mitigations() -> None:
    text = (STARTER / "framework" / "mitigations.yml").read_text(encoding="utf-8")
    assert len(text.splitlines()) == 10
    assert list(register(STARTER).mitigations) == ["jailbreak-filter", "staff-training"]
    assert register(STARTER).configuration.timezone == "Europe/Berlin"


def test_the_starter_is_due_and_unassessed_in_december_as_its_readme_says() -> None:
    assert states(STARTER) == {State.DUE: {"jailbreak-filter"}, State.UNASSESSED: {"staff-training"}}


def test_the_lab_warns_of_the_one_weak_review_and_of_what_stands_for_everything() -> None:
    findings = register(LAB).findings
    assert {found.severity for found in findings} == {FindingSeverity.WARNING}
    assert [found.message for found in findings if found.code != "serves-no-deployment"] == [
        "'vendor-review' states no interval, so it never becomes due"
    ]


def test_the_lab_has_the_promised_numbers_of_each_kind() -> None:
    lab = register(LAB)
    assert (len(lab.mitigations), len(lab.deployments), len(lab.threat_models)) == (23, 5, 6)


def test_the_lab_covers_every_layer_and_every_lifecycle_stage_with_active_mitigations() -> None:
    active = [mitigation for mitigation in mitigations() if mitigation.status is Status.ACTIVE]
    assert len(active) >= 16
    assert {mitigation.layer for mitigation in active} == set(Layer)
    assert {mitigation.lifecycle_stage for mitigation in active} == set(LifecycleStage)


def test_most_mitigations_have_no_numeric_criterion_and_every_kind_of_criterion_occurs() -> None:
    without = [mitigation for mitigation in mitigations() if not kinds(mitigation) & NUMERIC]
    assert len(without) * 2 > len(mitigations())
    every = {kind for mitigation in mitigations() for kind in kinds(mitigation)}
    assert every == {
        "rate",
        "sample",
        "census",
        "exercise",
        "duration",
        "judgement",
        "effort",
        "detector",
        "capability",
    }


def test_the_lab_serves_internal_and_external_audiences() -> None:
    audiences = [entry.value.audience for entry in register(LAB).deployments.values()]
    assert audiences.count(Audience.INTERNAL) == 2
    assert set(audiences) == set(Audience)


def test_every_threat_model_names_techniques_and_is_met_by_as_many_layers_as_it_asks() -> None:
    for entry in register(LAB).threat_models.values():
        threat = entry.value
        layers = {each.layer for each in mitigations() if threat.id in each.threat_models and _active(each)}
        wanted = threat.minimum_layers
        assert threat.atlas
        assert len(layers) >= max(wanted.internal, wanted.trusted_testers, wanted.external), threat.id


def test_all_three_ways_of_writing_an_object_are_used() -> None:
    places = [entry.origin.path for entry in register(LAB).mitigations.values()]
    assert any(path.endswith(".md") for path in places)
    assert any(path.endswith(".yml") and "/mitigations/" in path for path in places)
    assert any(places.count(path) > 1 for path in places)


def test_ids_are_unique_across_kinds_and_roles_are_declared_and_disjoint() -> None:
    lab = register(LAB)
    ids = [*lab.mitigations, *lab.deployments, *lab.threat_models]
    assert len(ids) == len(set(ids))
    for mitigation in mitigations():
        assert {mitigation.owner, *mitigation.assessor_names} <= set(lab.configuration.roles)
        assert mitigation.owner not in mitigation.assessor_names
    accounts = [user for role in lab.configuration.roles.values() for user in role.users]
    assert len(accounts) == len(set(accounts))


def test_the_first_of_december_is_as_the_readme_tells_it() -> None:
    found = states(LAB)
    assert found[State.OVERDUE] == {"input-classifier"}
    assert found[State.DUE] == {"exfiltration-drill"}
    assert found[State.DUE_SOON] == {"refusal-training", "tool-permission-gate", "staff-misuse-training"}
    assert found[State.UNASSESSED] - {"activation-probes"} == {
        "misuse-monitoring",
        "rollback-rehearsal",
        "hazardous-knowledge-unlearning",
        "insider-controls",
    }
    assert found[State.UNKNOWN] == {"vendor-review"}
    assert found[State.RETIRED] == {"keyword-blocklist"}
    assert len(found[State.CURRENT]) >= 10


def test_some_are_assessed_in_full_some_serve_several_deployments_and_some_serve_none() -> None:
    full = [each for each in mitigations() if each.reassess and each.reassess.depth is Depth.FULL]
    assert len(full) >= 3
    assert any(len(each.cells) >= 3 for each in mitigations())
    assert any(each.cells == ("*",) for each in mitigations())


def test_the_readme_lists_every_mitigation_and_threat_model_as_written() -> None:
    readme = (LAB / "README.md").read_text(encoding="utf-8")
    _, mitigation_table, threat_table = re.split(r"(?m)^## (?:Mitigations|Threat models)$", readme)
    assert _rows(mitigation_table) == {each.id: _row(each) for each in mitigations()}
    assert set(_rows(threat_table)) == set(register(LAB).threat_models)


def _active(mitigation: Mitigation) -> bool:
    return mitigation.status is Status.ACTIVE


def _rows(section: str) -> dict[str, list[str]]:
    lines = [line for line in section.splitlines() if line.startswith("| ") and not line.startswith("| id ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0].split(" (")[0]: row[1:] for row in cells}


def _row(each: Mitigation) -> list[str]:
    every = each.interval.words() if each.interval else "unspecified"
    full = ", full" if each.reassess and each.reassess.depth is Depth.FULL else ""
    shown_by = list(dict.fromkeys(criterion.kind for criterion in each.target.criteria)) if each.target else []
    return [
        str(each.layer),
        str(each.lifecycle_stage),
        every + full,
        f"{each.owner} → {', '.join(each.assessor_names) or 'nobody: self-assessed'}",
        ", ".join(shown_by) or "-",
    ]
