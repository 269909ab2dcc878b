"""Exports are read by maintained tools: OSCAL by compliance-trestle, the evaluation log by Gemara's own models.

`make contract-data` installs them into .cache/contract/validators; without them these tests skip.
"""

import json
import subprocess
from pathlib import Path

import pytest

from reassay.git.git import Git
from tests.contract.fetch import VALIDATORS
from tests.unit.ledger.exported import export, full_ledger
from tests.unit.ledger.worlds import pushed

PYTHON = VALIDATORS / "bin" / "python"
pytestmark = pytest.mark.skipif(
    not PYTHON.is_file(), reason="the tools that validate exports are not installed (make contract-data)"
)
TRESTLE = """
import json, pathlib, sys
from trestle.oscal.assessment_results import AssessmentResults, Model
text = pathlib.Path(sys.argv[1]).read_text()
model = Model.model_validate(json.loads(text)) if hasattr(Model, "model_validate") else Model.parse_raw(text)
dumped = json.loads(model.model_dump_json(by_alias=True, exclude_none=True) if hasattr(model, "model_dump_json") else model.json(by_alias=True, exclude_none=True))
print(len(dumped["assessment-results"]["results"]))
"""
GEMARA = """
import json, pathlib, sys
from gemara.v1 import AssessmentLog, EvaluationLog, load
text = pathlib.Path(sys.argv[1]).read_text()
log = load(sys.argv[1])
assert isinstance(log, EvaluationLog), type(log)
written = json.loads(text)
again = json.loads(log.model_dump_json(by_alias=True, exclude_none=True))
assert again.keys() == written.keys(), (again.keys(), written.keys())
assert again["metadata"].keys() == written["metadata"].keys()
for evaluation, own in zip(log.evaluations, written["evaluations"], strict=True):
    for assessment, seen in zip(evaluation.assessment_logs, own["assessment-logs"], strict=True):
        parsed = AssessmentLog.model_validate(assessment)
        dumped = json.loads(parsed.model_dump_json(by_alias=True, exclude_none=True))
        assert dumped.keys() == seen.keys(), (dumped.keys(), seen.keys())
        assert seen["requirement"]["reference-id"] == own["control"]["reference-id"]
print(len(log.evaluations))
"""


def read_by(program: str, document: str, folder: Path) -> subprocess.CompletedProcess[str]:
    file = folder / "export.json"
    file.write_text(document, encoding="utf-8")
    return subprocess.run([str(PYTHON), "-c", program, str(file)], capture_output=True, text=True, check=False)


@pytest.mark.long
@pytest.mark.parametrize(("form", "program"), [("oscal", TRESTLE), ("gemara", GEMARA)])
def test_a_maintained_tool_reads_it_whole(tmp_path: Path, form: str, program: str) -> None:
    git = Git.new(tmp_path / "checkout")
    pushed(git, full_ledger(git))
    code, out, _ = export(git, form)
    assert code == 0
    done = read_by(program, out, tmp_path)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 1


@pytest.mark.long
@pytest.mark.parametrize(("form", "program"), [("oscal", TRESTLE), ("gemara", GEMARA)])
def test_the_tool_refuses_what_the_format_does_not_have(tmp_path: Path, form: str, program: str) -> None:
    git = Git.new(tmp_path / "checkout")
    pushed(git, full_ledger(git))
    document = json.loads(export(git, form)[1])
    if form == "oscal":
        del document["assessment-results"]["results"][0]["observations"][0]["collected"]
    else:
        document["evaluations"][0]["result"] = "Insufficient"
    assert read_by(program, json.dumps(document), tmp_path).returncode != 0
