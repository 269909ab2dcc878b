"""The workflows of examples/evaluations under `act`: a run registers itself, a tool measures, and the counts reach the ledger."""

import base64
import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from reassay_sandbox import Sandbox
from reassay_sandbox.stored_files import SandboxFiles
from reassay_sandbox.workflows import SandboxWorkflows
from tests.action.action_runs import ACT, PATH, ROOT, USES, Run, Workflow, Workshop
from tests.action.test_action_act import SCHEDULE, shop

__all__ = ["shop"]
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(ACT is None, reason="act is not installed; it comes with the development requirements"),
    pytest.mark.timeout(900),
]
HERE = Path(__file__).parent
EXAMPLE = ROOT / "examples" / "evaluations"
RECORDED = {
    "garak": ("garak/run.report.jsonl", HERE / "recorded" / "garak.report.jsonl"),
    "promptfoo": ("promptfoo/results.json", HERE / "recorded" / "promptfoo.json"),
}


@dataclass(frozen=True)
class Evaluation(Workflow):
    """A workflow of the example, on the sandbox's repository."""

    example: list[str] = field(default_factory=list)
    """The text of the workflow that runs; none for the one that `reassay init` wrote."""

    def file(self, **inputs: str) -> str:
        if not self.example:
            return super().file(**inputs)
        where = {"api-url": self.box.api_url, "server-url": self.box.url}
        lines = "".join(f"          {name}: {json.dumps(value)}\n" for name, value in where.items())
        return self.example[-1].replace(f"uses: {USES}\n        with:\n", f"uses: {USES}\n        with:\n{lines}")

    def _options(self, actor: str) -> list[str]:
        return [
            *super()._options(actor),
            f"--local-repository={uploading_action()}={HERE / 'upload-artifact'}",
            f"--env=SANDBOX_ARTIFACTS={self.kept}",
            f"--env=PYTHONPATH={HERE / 'offline'}",
        ]

    @property
    def kept(self) -> Path:
        """Where artifacts are until the sandbox has them."""
        return self.folder.parent / "kept"

    def evaluate(self, text: str) -> Run:
        """One run of an evaluation's workflow; the sandbox then has its artifacts."""
        github = SandboxWorkflows(self.repo)
        github.start(number=1)
        self.example.append(text)
        done = self.run("schedule", SCHEDULE)
        self.example.clear()
        for place in sorted(self.kept.iterdir(), key=lambda folder: folder.stat().st_mtime_ns):
            SandboxFiles(self.repo).upload_artifact(
                1, place.name, {file.name: file.read_bytes() for file in place.iterdir()}
            )
        github.finish(1, "success" if done.code == 0 else "failure")
        return done

    def recorded(self) -> list[dict[str, object]]:
        """What the ledger has of runs, after a sweep."""
        assert self.run("schedule", SCHEDULE).code == 0
        entries = [path for path in self.repo.ls("reassay-ledger") if path.startswith("entries/")]
        bodies = [statement(self.repo.read("reassay-ledger", path) or b"") for path in sorted(entries)]
        return [body for body in bodies if str(body["kind"]).startswith("run-")]


def statement(data: bytes) -> dict[str, object]:
    payload = json.loads(base64.b64decode(json.loads(data)["payload"]))
    body: dict[str, object] = payload["predicate"]["body"]
    return body


@pytest.fixture
def evaluation(shop: Workshop, box: Sandbox, tmp_path: Path) -> Evaluation:
    (tmp_path / "checkout").mkdir()
    (tmp_path / "kept").mkdir()
    text = (EXAMPLE / "framework/mitigations.yml").read_bytes().replace(b"mode: record\n", b"")
    made = Workflow.make(shop, box, tmp_path / "checkout", text, actions="read")
    shutil.copytree(EXAMPLE / "evaluations", made.folder / "evaluations")
    subprocess.run(["git", "add", "."], cwd=made.folder, check=True)
    who = ["-c", "user.name=maintainer", "-c", "user.email=maintainer@example.com"]
    subprocess.run(["git", *who, "commit", "--quiet", "--message=the evaluations"], cwd=made.folder, check=True)
    return Evaluation(made.shop, made.box, made.folder, made.token, made.events)


def workflow(tool: str) -> str:
    return (EXAMPLE / f".github/workflows/evaluate-{tool}.yml").read_text(encoding="utf-8")


def with_step(text: str, name: str, command: str) -> str:
    """The workflow with another command in one step."""
    start = text.index(f"      - name: {name}")
    end = (
        text.index("\n      - name:", start + 1)
        if "\n      - name:" in text[start + 1 :]
        else text.index("\n\n", start)
    )
    return f"{text[:start]}      - name: {name}\n        run: {json.dumps(command)}{text[end:]}"


def uploading_action() -> str:
    """The action that uploads artifacts, as all of the workflows name it."""
    names = {
        str(own)
        for tool in (*RECORDED, "inspect")
        for own in re.findall(r"actions/upload-artifact@\S+", workflow(tool))
    }
    assert len(names) == 1
    return names.pop()


def with_recorded(tool: str) -> str:
    """The workflow with the tool's recorded output in place of its installation and its run."""
    target, source = RECORDED[tool]
    text = re.sub(r"      - uses: actions/setup-node@.*\n.*\n", "", workflow(tool))
    text = with_step(text, f"Install {tool}", "true")
    return with_step(text, "Evaluate", f"mkdir -p {Path(target).parent} && cp '{source}' {target}")


def needs(package: str) -> None:
    """Skips where the package index does not have a tool."""
    options = ["--quiet", "--dry-run", "--no-deps", "--ignore-installed"]
    asked = subprocess.run(
        ["python3", "-m", "pip", "install", *options, package],
        env=os.environ | {"PATH": PATH}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if asked.returncode:
        pytest.skip(f"the package index has no {package}: {asked.stderr.strip()[-200:]}")


def test_inspect_really_runs_and_its_counts_are_in_the_ledger(evaluation: Evaluation) -> None:
    needs("inspect-ai==0.3.285")
    done = evaluation.evaluate(workflow("inspect"))
    assert done.code == 0, done.log
    registered, ended = evaluation.recorded()
    assert (registered["kind"], registered["criterion"], registered["planned"]) == (
        "run-registered",
        "harmful answers",
        250,
    )
    assert (ended["how"], ended["provenance"], ended["why"]) == ("result", "workflow-run", None)
    digest = ended["results"][0]["readings"].removeprefix("sha256:")  # type: ignore[index] # as written above
    place = f"objects/{digest[0]}/{digest[1]}/{digest[2]}/{digest}"
    (reading,) = json.loads(evaluation.repo.read("reassay-ledger", place) or b"null")
    assert (reading["tool"], reading["attempted"], reading["totals"]) == ("inspect", 250, [["C", 250]])
    # The file stays on the runner: neither requests nor answers are in what was uploaded.
    kept = b"".join(file.read_bytes() for file in evaluation.kept.rglob("*") if file.is_file())
    assert b"Placeholder request" not in kept
    with evaluation.box.readonly():
        assert evaluation.run("schedule", SCHEDULE).code == 0


@pytest.mark.parametrize("tool", RECORDED)
def test_the_workflow_with_the_recorded_output_of_the_tool(evaluation: Evaluation, tool: str) -> None:
    done = evaluation.evaluate(with_recorded(tool))
    assert done.code == 0, done.log
    registered, ended = evaluation.recorded()
    assert registered["subject"] == ended["subject"] == "input-filter"
    assert (ended["how"], ended["provenance"]) == ("result", "workflow-run")


def test_a_tool_that_fails_leaves_a_failed_run_behind(evaluation: Evaluation) -> None:
    text = with_step(with_step(workflow("inspect"), "Install Inspect", "true"), "Evaluate", "exit 7")
    done = evaluation.evaluate(text)
    assert done.code != 0
    registered, ended = evaluation.recorded()
    assert (registered["kind"], ended["how"]) == ("run-registered", "failed")
    assert ended["why"] == "its job ended as failure; no file matches 'logs/*.eval'"
    with evaluation.box.readonly():
        assert evaluation.run("schedule", SCHEDULE).code == 0
