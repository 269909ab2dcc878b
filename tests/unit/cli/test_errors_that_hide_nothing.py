"""A criterion of an earlier version that cannot be met any more is an error, and hides nothing: neither its mitigation nor siblings."""

import io
import json
from pathlib import Path

import pytest

from reassay.cli import main

REGISTER = """\
timezone: UTC
models: [{id: large, title: The large model, version: "1"}]
deployments: [{id: public-api, title: Public API, audience: external, model: large}]
threat_models: [{id: misuse, title: Misuse}]
mitigations:
  - id: filter
    title: Input filter
    owner: safety-lead
    every: 6 months
    last_assessed: 2026-11-01
    threat_models: [misuse]
    deployments: [public-api]
    target: {statement: Nothing gets through, criteria: [CRITERION]}
  - id: monitor
    title: Monitoring
    owner: safety-lead
    every: 6 months
    last_assessed: 2026-11-01
    threat_models: [misuse]
    deployments: [public-api]
"""
ERRORS = {
    "direction-missing": "{kind: rate, name: attempts, at_most: 0.02}",
    "bound-not-positive": "{kind: rate, name: attempts, at_most: 0.02, margin: 0.05, undesired: attack_success}",
    "bound-always-met": "{kind: rate, name: attempts, at_most: 1, undesired: attack_success}",
}


def run(*arguments: str) -> tuple[int, dict[str, list[dict[str, object]]]]:
    out = io.StringIO()
    code = main([*arguments, "--format", "json"], out, io.StringIO())
    return code, json.loads(out.getvalue())


@pytest.mark.parametrize("code", ERRORS)
def test_an_error_of_a_criterion_is_found_and_both_mitigations_stay_watched(tmp_path: Path, code: str) -> None:
    (tmp_path / "framework").mkdir()
    (tmp_path / "framework" / "m.yml").write_text(REGISTER.replace("CRITERION", ERRORS[code]))
    result, checked = run("check", str(tmp_path))
    assert result == 1
    assert code in [finding["code"] for finding in checked["findings"]]
    _, status = run("status", str(tmp_path), "--at", "2026-12-01")
    assert {(cell["mitigation"], cell["state"]) for cell in status["cells"]} == {
        ("filter", "current"), ("monitor", "current"),
    }  # fmt: skip
    _, later = run("status", str(tmp_path), "--at", "2027-06-01")
    assert {cell["state"] for cell in later["cells"]} == {"overdue"}
