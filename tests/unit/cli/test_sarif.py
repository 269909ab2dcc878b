"""SARIF: what code-scanning pages and editors read."""

import io
import json
from pathlib import Path
from typing import Any

from reassay.cli import main


def sarif(folder: Path) -> Any:  # noqa: ANN401 - the shape is the point of the test
    out = io.StringIO()
    main(["check", str(folder), "--format", "sarif"], out, io.StringIO())
    return json.loads(out.getvalue())


def write(folder: Path, text: str, name: str = "m.yml") -> Path:
    (folder / "framework").mkdir(exist_ok=True)
    (folder / "framework" / name).write_text(text)
    return folder


def results(folder: Path) -> list[dict[str, object]]:
    return list(sarif(folder)["runs"][0]["results"])


def test_every_finding_is_a_result_with_rule_level_and_place(tmp_path: Path) -> None:
    document = sarif(write(tmp_path, "mitigations:\n  - {id: a, title: A, ownr: x}\n", "ü m.yml"))
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
    found = next(result for result in run["results"] if result["ruleId"] == "unknown-key")
    assert found["level"] == "error"
    assert "Did you mean 'owner'?" in found["message"]["text"]
    place = found["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"].endswith("framework/%C3%BC%20m.yml")
    assert (place["region"]["startLine"], place["region"]["startColumn"]) == (2, 23)


def test_a_moved_finding_keeps_its_fingerprint_and_another_has_another(tmp_path: Path) -> None:
    first = results(write(tmp_path, "mitigations:\n  - {id: a, title: A, owner: x, layer: sytem}\n"))
    moved = results(write(tmp_path, "# a comment\n\nmitigations:\n  - {id: a, title: A, owner: x, layer: sytem}\n"))
    other = results(write(tmp_path, "mitigations:\n  - {id: a, title: A, owner: x, layer: modle}\n"))

    def prints(found: list[dict[str, object]]) -> list[object]:
        return [each["partialFingerprints"] for each in found]

    assert prints(first) == prints(moved) != prints(other)


def test_a_register_without_findings_is_an_empty_run(tmp_path: Path) -> None:
    target = "{statement: S, criteria: [{kind: judgement, name: n, question: Q}]}"
    text = f"mitigations:\n  - {{id: a, title: A, owner: x, assessor: y, every: 6 months, target: {target}}}\n"
    assert results(write(tmp_path, text)) == []
