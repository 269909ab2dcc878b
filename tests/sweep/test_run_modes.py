"""The Action registers an evaluation run on the runner, and hands over its counts."""

import io
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from reassay.cli.action import run_action
from reassay.ledger.runs import RunEnded
from reassay_sandbox.stored_files import SandboxFiles
from tests.lab import REPOSITORY, Lab
from tests.sweep.run_lab import (
    again_nothing,
    bodies,
    lab_with_runs,
    states,
    workflows,
)


@pytest.fixture
def ours(make_lab: Callable[..., Lab]) -> Lab:
    return lab_with_runs(make_lab)


@pytest.fixture
def runner(ours: Lab, tmp_path: Path) -> Callable[..., tuple[int, dict[str, str], str]]:
    """One step of a job: inputs in, exit code and outputs out."""

    def step(mode: str, number: int, **inputs: str) -> tuple[int, dict[str, str], str]:
        output, workspace = tmp_path / "output", tmp_path / "workspace"
        workspace.mkdir(exist_ok=True)
        output.write_text("")
        environment = {
            "GITHUB_RUN_ID": str(number), "GITHUB_RUN_ATTEMPT": "1", "GITHUB_JOB": "evaluate", "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_OUTPUT": str(output), "GITHUB_WORKSPACE": str(workspace), "RUNNER_TEMP": str(tmp_path / "temp"),
            "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"), "REASSAY_TOKEN": ours.settings.token,
            "REASSAY_API_URL": ours.box.api_url, "REASSAY_SERVER_URL": ours.box.url, "REASSAY_MODE": mode,
        }  # fmt: skip
        said = io.StringIO()
        given = {f"REASSAY_{name.upper()}": value for name, value in inputs.items()}
        code = run_action(environment | given, said, io.StringIO())
        outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
        return code, outputs, said.getvalue()

    return step


def keep(lab: Lab, number: int, outputs: Mapping[str, str]) -> None:
    """What `actions/upload-artifact` does."""
    SandboxFiles(lab.repo).upload_artifact(
        number, outputs["artifact"], {Path(outputs["path"]).name: Path(outputs["path"]).read_bytes()}
    )


def test_the_action_registers_a_run_and_says_that_it_has_no_result(
    ours: Lab, runner: Callable[..., tuple[int, dict[str, str], str]]
) -> None:
    number = workflows(ours).start()
    code, outputs, _ = runner("run-start", number, mitigation="jailbreak-filter", criterion="harmful answers")
    assert (code, outputs["run"], outputs["artifact"]) == (0, f"{number}-1-evaluate", "reassay-run-1-evaluate")
    keep(ours, number, outputs)
    assert states(ours) == [("open", "workflow-run")]
    code, outputs, _ = runner("run-end", number, file="logs/*.eval", status="failure")
    assert code == 0
    keep(ours, number, outputs)
    assert states(ours) == [("failed", "workflow-run")]
    (_, ended) = bodies(ours)
    assert isinstance(ended, RunEnded)
    assert ended.why == "its job ended as failure; no file matches 'logs/*.eval'"
    again_nothing(ours)


def test_a_job_that_succeeded_without_a_result_fails_its_step(
    ours: Lab, runner: Callable[..., tuple[int, dict[str, str], str]]
) -> None:
    number = workflows(ours).start()
    runner("run-start", number, mitigation="jailbreak-filter")
    code, outputs, said = runner("run-end", number, file="logs/*.eval", status="success")
    assert code == 1
    assert "no file matches" in said
    assert outputs["artifact"] == "reassay-result-1-evaluate"


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({}, "does not say what it measures"),
        ({"mitigation": "nobody"}, "no mitigation 'nobody'"),
        ({"mitigation": "jailbreak-filter", "criterion": "speed"}, "Its criteria: 'harmful answers'"),
        ({"mitigation": "jailbreak-filter", "arm": "both"}, "'both' is not a valid 'arm'"),
        ({"mitigation": "jailbreak-filter", "planned": "many"}, "not a number of prompts"),
        ({"mitigation": "jailbreak-filter", "deployments": "moon"}, "no deployment 'moon'"),
        ({"mitigation": "jailbreak-filter", "repository": "other/one"}, "in the repository whose workflow it is"),
    ],
)
def test_a_run_that_cannot_be_registered_says_why_and_fails_before_it_measures(
    ours: Lab, runner: Callable[..., tuple[int, dict[str, str], str]], inputs: Mapping[str, str], words: str
) -> None:
    code, outputs, said = runner("run-start", workflows(ours).start(), **inputs)
    assert code == 2
    assert said.startswith("::error title=reassay::")
    assert words in said.replace("%3A", ":")
    assert outputs == {}


def test_run_end_for_something_else_than_registered_is_refused_on_the_runner(
    ours: Lab, runner: Callable[..., tuple[int, dict[str, str], str]]
) -> None:
    number = workflows(ours).start()
    runner("run-start", number, mitigation="jailbreak-filter")
    code, _, said = runner("run-end", number, mitigation="jailbreak-filter", arm="positive-control", file="x")
    assert code == 2
    assert "for another arm" in said


def test_two_evaluations_in_one_job_keep_apart(
    ours: Lab, runner: Callable[..., tuple[int, dict[str, str], str]]
) -> None:
    number = workflows(ours).start()
    for name, arm in (("control", "positive-control"), ("own", "measured")):
        runner("run-start", number, mitigation="jailbreak-filter", evaluation=name, arm=arm)
    for name in ("control", "own"):
        _, outputs, _ = runner("run-end", number, evaluation=name, file="x", status="failure")
        document = json.loads(Path(outputs["path"]).read_text())
        assert outputs["artifact"] == f"reassay-result-1-{name}"
        assert document["identity"]["arm"] == ("positive-control" if name == "control" else "measured")


def test_an_unknown_mode_is_refused(ours: Lab, runner: Callable[..., tuple[int, dict[str, str], str]]) -> None:
    code, _, said = runner("run-middle", 1)
    assert code == 2
    assert "'run-middle' is not a mode" in said


def test_outside_of_a_workflow_the_modes_say_what_to_do() -> None:
    said = io.StringIO()
    assert run_action({"REASSAY_MODE": "run-start"}, said, io.StringIO()) == 2
    assert "/reassay evidence" in said.getvalue()
    assert os.environ.get("REASSAY_MODE") is None


# Giving up a run.
