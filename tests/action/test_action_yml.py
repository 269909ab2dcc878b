"""action.yml keeps what it promises: run steps only, nothing untrusted in a shell, everything documented and passed on."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from reassay.sweep.report import Counts
from tests.action.action_runs import ACT, ROOT

ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
SCRIPTS = sorted((ROOT / ".github/action").glob("*.sh"))
CI = ROOT / ".github/workflows/ci.yml"


def test_it_is_composite_of_run_steps_in_bash_and_uses_nobody_elses_code() -> None:
    assert ACTION["runs"]["using"] == "composite"
    assert [(step.get("uses"), step["shell"]) for step in STEPS] == [(None, "bash")] * len(STEPS)


def test_no_expression_stands_in_a_shell_text() -> None:
    assert [step["run"] for step in STEPS if "${{" in step["run"]] == []


def test_every_input_reaches_a_step_through_its_environment_and_only_declared_ones_do() -> None:
    passed = [value for step in STEPS for value in step["env"].values()]
    used = [name for value in passed for name in re.findall(r"\$\{\{ inputs\.([a-z-]+) \}\}", value)]
    assert sorted(used) == sorted(ACTION["inputs"])


def test_the_token_is_given_to_the_step_that_works_and_to_no_other() -> None:
    assert [step["id"] for step in STEPS if "token" in "".join(step["env"].values())] == ["run"]


def test_the_outputs_are_the_counts_of_a_sweep_and_all_of_them_as_json_and_what_a_run_uploads() -> None:
    assert set(ACTION["outputs"]) == {
        *(name.replace("_", "-") for name in Counts.__slots__),
        "summary-json",
        "run",
        "artifact",
        "path",
        "differences",
        "significant",
        "sent",
    }
    for name, output in ACTION["outputs"].items():
        assert output["value"] == f"${{{{ steps.run.outputs.{name} }}}}"


def test_every_input_and_output_is_in_the_reference() -> None:
    reference = (ROOT / "docs/reference/action.md").read_text(encoding="utf-8")
    described = {**ACTION["inputs"], **ACTION["outputs"]}
    missing = [
        name
        for name, each in described.items()
        if f"| `{name}` |" not in reference or each["description"] not in reference
    ]
    assert missing == []


def test_the_least_permissions_are_said_where_a_person_looks_first() -> None:
    head = (ROOT / "action.yml").read_text(encoding="utf-8").partition("inputs:")[0]
    assert re.findall(r"^#     ([\w-]+: \w+) ", head, re.MULTILINE) == [
        "contents: write",
        "issues: write",
        "pull-requests: write",
        "checks: write",
    ]


@pytest.mark.parametrize("script", [*SCRIPTS, ROOT / ".ci/run"], ids=lambda script: script.name)
def test_the_scripts_are_strict_and_bash_can_parse_them(script: Path) -> None:
    assert "set -euo pipefail" in script.read_text(encoding="utf-8")
    subprocess.run(["bash", "-n", str(script)], check=True)


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
def test_shellcheck_finds_nothing() -> None:
    subprocess.run(["shellcheck", "--shell=bash", *map(str, SCRIPTS), str(ROOT / ".ci/run")], check=True)


def test_our_own_workflow_may_only_read() -> None:
    workflow = yaml.safe_load(CI.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    assert [job for job in workflow["jobs"].values() if "permissions" in job] == []


@pytest.mark.skipif(ACT is None, reason="act is not installed; it comes with the development requirements")
def test_our_own_workflow_is_valid_by_the_published_schema() -> None:
    subprocess.run(
        [str(ACT), "--validate", "--strict", "--workflows", str(CI)], check=True, capture_output=True, cwd=ROOT
    )


@pytest.mark.parametrize(("name", "value"), [("REASSAY_DRY_RUN", "ture"), ("REASSAY_FAIL_ON", "overdu")])
def test_a_typing_error_in_an_input_stops_the_run(name: str, value: str) -> None:
    from io import StringIO

    from reassay.cli.action import run_action

    out = StringIO()
    environment = {"GITHUB_EVENT_NAME": "schedule", "GITHUB_REPOSITORY": "a/b", "REASSAY_TOKEN": "t", name: value}
    assert run_action(environment, out, StringIO()) == 2
    assert f"'{value}' is not a valid" in out.getvalue()
