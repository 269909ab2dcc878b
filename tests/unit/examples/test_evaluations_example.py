"""The example of evaluations in CI is what its README says; tests/action runs its workflows."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
import yaml

from reassay.cli import main as reassay
from reassay.register.criteria import RateCriterion
from reassay.register.files import WorkingTree, read_register

EXAMPLE = Path(__file__).parents[3] / "examples" / "evaluations"
WORKFLOWS = sorted((EXAMPLE / ".github/workflows").glob("*.yml"))


def job(file: Path) -> dict[str, Any]:
    (only,) = yaml.safe_load(file.read_text(encoding="utf-8"))["jobs"].values()
    return dict(only)


def test_check_finds_no_error() -> None:
    out = io.StringIO()
    assert reassay(["check", str(EXAMPLE)], out, io.StringIO()) == 0, out.getvalue()


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_each_workflow_names_a_criterion_of_the_register(file: Path) -> None:
    register = read_register(WorkingTree(EXAMPLE))
    start = next(step["with"] for step in job(file)["steps"] if step.get("id") == "start")
    target = register.mitigations[start["mitigation"]].value.target
    assert target is not None
    criterion = next(own for own in target.criteria if own.name == start["criterion"])
    assert isinstance(criterion, RateCriterion)
    assert criterion.provenance == "workflow-run"
    assert criterion.measured.tool == file.stem.removeprefix("evaluate-")


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_each_workflow_may_only_read_and_hands_over_whatever_happens(file: Path) -> None:
    assert yaml.safe_load(file.read_text(encoding="utf-8"))["permissions"] == {"contents": "read"}
    steps = job(file)["steps"]
    assert steps[0]["with"] == {"persist-credentials": False}
    uploads = [step for step in steps if str(step.get("uses", "")).startswith("actions/upload-artifact@")]
    assert [str(step.get("if", "")) for step in uploads] == ["", "always() && steps.end.outputs.artifact != ''"]
    end = next(step for step in steps if step.get("id") == "end")
    assert end["if"] == "always()"
    assert end["with"]["status"] == "${{ job.status }}"
    # Registered before anything is measured.
    names = [str(step.get("id") or step.get("name") or step["uses"]) for step in steps]
    assert names.index("start") < names.index("Evaluate") < names.index("end")


def test_the_numbers_of_the_readme_are_those_of_the_files() -> None:
    readme = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    assert "REQUESTS = 250" in (EXAMPLE / "evaluations/harmful_answers.py").read_text(encoding="utf-8")
    table = (EXAMPLE / "evaluations/jailbreaks.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert f"promptfoo's {len(rows)} prompts" in readme
