"""The samples of docs/how-to/observe-deployments.md do what the page says."""

import io
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from reassay.cli import main
from reassay.cli.workflow_event import OBSERVATION
from reassay.signals.observing.dispatched import EVENT_TYPE
from reassay.sweep.product_reading import CONSENT
from tests.action.action_runs import ACT

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "how-to" / "observe-deployments.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
REGISTER, AGREED, WORKFLOW, EVENT, TRIGGERS = (text for kind, text in BLOCKS if kind == "yaml")
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))


def check(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    (folder / "framework").mkdir()
    (folder / "framework" / "register.yml").write_text(text)
    monkeypatch.chdir(folder)
    out = io.StringIO()
    code = main(["check"], out, io.StringIO())
    return code, out.getvalue()


def test_the_register_and_the_trigger_are_valid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = "\n".join(f"      {line}" for line in TRIGGERS.splitlines())
    named = "id: filter, title: Filter, owner: safety-lead, assessor: red-team-lead, deployments: [public-api]"
    fields = "".join(f"    {field}\n" for field in named.split(", "))
    mitigation = f"mitigations:\n  -\n{fields}    reassess:\n      every: 6 months\n{own}\n"
    code, said = check(tmp_path, f"{REGISTER}{mitigation}", monkeypatch)
    assert code == 0, said
    assert "not-observed" not in said


def test_a_mistake_in_a_path_is_said_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, said = check(tmp_path, REGISTER.replace("app/config.yaml#/inputs", "app/config.yaml#inputs"), monkeypatch)
    assert code == 1
    assert "framework/register.yml:9" in said
    assert "is a JSON pointer and begins with '/'" in said


@pytest.mark.skipif(ACT is None, reason="act is not installed; it comes with the development requirements")
def test_the_workflow_is_valid_by_the_published_schema(tmp_path: Path) -> None:
    (tmp_path / "observe.yml").write_text(WORKFLOW)
    subprocess.run(
        [str(ACT), "--validate", "--strict", "--workflows", str(tmp_path / "observe.yml")],
        check=True, capture_output=True, cwd=ROOT,
    )  # fmt: skip


def test_the_workflow_gives_inputs_that_the_action_has_and_may_only_read() -> None:
    workflow = yaml.safe_load(WORKFLOW)
    (step,) = workflow["jobs"]["observe"]["steps"]
    assert step["with"].keys() <= ACTION["inputs"].keys()
    assert step["with"]["mode"] == "observe"
    assert workflow["permissions"] == {"contents": "read"}


def test_names_are_those_of_the_program() -> None:
    assert EVENT_TYPE == OBSERVATION
    # Pasted into the workflow of `init`, it takes no event away.
    workflow = yaml.safe_load(
        (ROOT / "templates/init/workflow.yml")
        .read_text("utf-8")
        .replace("{{branch}}", "main")
        .replace("{{action}}", "reassay/reassay@v0.1.0")
    )
    events = yaml.safe_load(EVENT)[True]["repository_dispatch"]["types"]
    assert OBSERVATION in events
    assert events == workflow[True]["repository_dispatch"]["types"]
    assert CONSENT in PAGE
    assert yaml.safe_load(AGREED) == {"frameworks": ["example-lab/framework"]}
