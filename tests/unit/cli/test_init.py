"""`reassay init`: what it writes passes `check`, and what exists is never touched."""

import io
import re
from pathlib import Path

import pytest
import yaml

from reassay import __version__
from reassay.cli import main
from reassay.register.files import WorkingTree, read_register
from reassay.register.register import KINDS
from tests.unit.register.trees import written

ROOT = Path(__file__).parents[3]


def init(root: Path, *arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    code = main(["init", str(root), *arguments], out, err)
    return code, out.getvalue(), err.getvalue()


def contents(root: Path) -> dict[str, bytes]:
    return {str(each.relative_to(root)): each.read_bytes() for each in root.rglob("*") if each.is_file()}


def test_the_starter_is_a_register_of_ten_lines_and_a_workflow(tmp_path: Path) -> None:
    code, out, err = init(tmp_path, "--owner", "@safety-lead")
    assert (code, err) == (0, "")
    forms = {f".github/ISSUE_TEMPLATE/reassay-{name}.yml" for name in ("incident", "safeguard-vulnerability")}
    assert set(contents(tmp_path)) == {"framework/mitigations.yml", ".github/workflows/reassay.yml", *forms}
    register = read_register(WorkingTree(tmp_path))
    assert register.findings == ()
    assert {entry.value.owner for entry in register.mitigations.values()} == {"safety-lead"}
    assert len((tmp_path / "framework" / "mitigations.yml").read_text(encoding="utf-8").splitlines()) == 10
    assert "2 mitigations valid, 1 warning." in out


def test_the_full_scaffold_has_one_example_of_each_kind_and_no_finding(tmp_path: Path) -> None:
    code, _, _ = init(tmp_path, "--full")
    register = read_register(WorkingTree(tmp_path))
    assert code == 0
    assert register.findings == ()
    assert {kind: len(register.objects(kind)) for kind in KINDS} == dict.fromkeys(KINDS, 1) | {"past-assessment": 0}
    assert register.configuration_origin is not None
    assert register.configuration_origin.path == ".github/reassay.yml"


@pytest.mark.parametrize("folder", ["framework/", "docs/safety/register/"])
def test_editor_lines_lead_to_schemas_that_are_there(tmp_path: Path, folder: str) -> None:
    if folder != "framework/":
        written(tmp_path, {".github/reassay.yml": f"register: {folder}\n"})
    init(tmp_path, "--full")
    found = 0
    for file in [*(tmp_path / folder).rglob("*.yml"), tmp_path / ".github" / "reassay.yml"]:
        if line := re.search(r"\$schema=(\S+)", file.read_text(encoding="utf-8")):
            assert (file.parent / line[1]).resolve().is_file(), file
            found += 1
    assert found >= 3
    assert read_register(WorkingTree(tmp_path)).findings == ()


@pytest.mark.parametrize("full", [False, True])
def test_running_it_again_changes_nothing(tmp_path: Path, full: bool) -> None:
    arguments = ["--full"] if full else []
    init(tmp_path, *arguments)
    before = contents(tmp_path)
    code, out, _ = init(tmp_path, *arguments, "--owner", "somebody-else")
    assert code == 0
    assert contents(tmp_path) == before
    assert "wrote" not in out
    assert "kept   .github/workflows/reassay.yml (it exists already)" in out


@pytest.mark.parametrize("arguments", [(), ("--full",)])
def test_it_adds_to_a_repository_without_making_it_wrong(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    old = "timezone: Europe/Berlin\nmitigations:\n  - {id: jailbreak-filter, title: Ours, owner: o, every: 1 year}\n"
    written(tmp_path, {"framework/all.yml": old})
    code, out, _ = init(tmp_path, *arguments)
    register = read_register(WorkingTree(tmp_path))
    assert code == 0
    assert register.findings == ()
    assert register.mitigations["jailbreak-filter"].value.title == "Ours"
    assert register.configuration.timezone == "Europe/Berlin"
    assert "the repository has a register already" in out


@pytest.mark.parametrize("arguments", [(), ("--full",)])
def test_beside_a_configuration_no_setting_is_said_twice(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    written(tmp_path, {".github/reassay.yml": "timezone: Europe/Paris\n"})
    code, _, _ = init(tmp_path, *arguments)
    register = read_register(WorkingTree(tmp_path))
    assert (code, register.findings) == (0, ())
    assert register.configuration.timezone == "Europe/Paris"
    assert register.mitigations


def test_a_register_that_is_broken_is_left_alone_and_said(tmp_path: Path) -> None:
    written(tmp_path, {"framework/all.yml": "mitigations: [\n"})
    code, out, _ = init(tmp_path)
    assert code == 1
    assert "Nothing valid, 1 error." in out
    assert not (tmp_path / "framework" / "mitigations.yml").exists()


def test_nothing_is_written_through_a_link_out_of_the_repository(tmp_path: Path) -> None:
    root, outside = tmp_path / "repo", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (root / "framework").symlink_to(outside)
    (root / ".github").symlink_to(outside)
    init(root, "--full")
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--owner", "a b"), "is not a valid GitHub login"),
        (("--owner", "x: y"), "is not a valid GitHub login"),
        (("--owner", "a" * 40), "is not a valid GitHub login"),
        (("--branch", "a b"), "is not a valid branch name"),
        (("--branch", "x]\n"), "is not a valid branch name"),
    ],
)
def test_names_that_cannot_be_used_write_nothing(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    code, _, err = init(tmp_path, *arguments)
    assert code == 2
    assert said in err
    assert contents(tmp_path) == {}


def test_the_workflow_listens_to_what_the_action_needs_with_the_least_rights(tmp_path: Path) -> None:
    init(tmp_path, "--branch", "trunk")
    text = (tmp_path / ".github" / "workflows" / "reassay.yml").read_text(encoding="utf-8")
    workflow = yaml.load(text, Loader=yaml.BaseLoader)  # texts only: `on` is no truth value
    asked = {
        "schedule",
        "workflow_dispatch",
        "repository_dispatch",
        "push",
        "issues",
        "issue_comment",
        "pull_request_target",
    }
    assert set(workflow["on"]) == asked
    assert workflow["on"]["push"]["branches"] == ["trunk"]
    written = dict.fromkeys(("contents", "issues", "checks", "pull-requests"), "write")
    assert workflow["permissions"] == {**written, "actions": "read"}
    assert workflow["concurrency"]["cancel-in-progress"] == "false"
    assert int(workflow["jobs"]["reassay"]["timeout-minutes"]) == 30
    step = workflow["jobs"]["reassay"]["steps"][0]
    assert step["uses"] == f"reassay/reassay@v{__version__}"
    assert step["with"]["token"] == "${{ github.token }}"


def test_the_hook_runs_check_on_the_files_of_a_register() -> None:
    hook = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))[0]
    assert (hook["id"], hook["entry"], hook["pass_filenames"]) == ("reassay-check", "reassay check", False)
    assert re.search(hook["files"], "framework/mitigations.yml")
    assert re.search(hook["files"], ".github/reassay.yml")
    assert not re.search(hook["files"], "README.md")
