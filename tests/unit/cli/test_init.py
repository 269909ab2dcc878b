"""`reassay init`: what it writes is refused by `check` until it is somebody's own, and what exists is never touched."""

import io
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from reassay import __version__
from reassay.cli import main
from reassay.register.files import WorkingTree, read_register
from reassay.register.files.scaffold import EXAMPLES, FACTS
from reassay.register.placeholders import EXAMPLE_IDS
from reassay.register.register import KINDS
from tests.unit.register.trees import written

ROOT = Path(__file__).parents[3]


def init(root: Path, *arguments: str) -> tuple[int, str, str]:
    """Outside of git, and with an owner, unless the arguments name one."""
    out, err = io.StringIO(), io.StringIO()
    owner = () if "--owner" in arguments else ("--owner", "safety-lead")
    code = main(["init", str(root), "--without-git", *owner, *arguments], out, err)
    return code, out.getvalue(), err.getvalue()


def contents(root: Path) -> dict[str, bytes]:
    files = (file for file in root.rglob("*") if file.is_file() and ".git" not in file.relative_to(root).parts)
    return {str(file.relative_to(root)): file.read_bytes() for file in files}


def codes(root: Path) -> set[str]:
    return {finding.code for finding in read_register(WorkingTree(root)).findings}


def test_the_starter_is_a_register_of_ten_lines_and_a_workflow(tmp_path: Path) -> None:
    code, out, err = init(tmp_path, "--owner", "@safety-lead", "--timezone", "Europe/Berlin")
    assert (code, err) == (0, "")
    forms = {f".github/ISSUE_TEMPLATE/reassay-{name}.yml" for name in ("incident", "safeguard-vulnerability")}
    assert set(contents(tmp_path)) == {"framework/mitigations.yml", ".github/workflows/reassay.yml", *forms}
    assert len((tmp_path / "framework" / "mitigations.yml").read_text(encoding="utf-8").splitlines()) == 10
    assert "Owner safety-lead, assessor none: self-assessed, time zone Europe/Berlin, branch main." in out
    assert "Replace the examples" in out


def test_what_the_readme_shows_is_what_the_starter_becomes(tmp_path: Path) -> None:
    """The ten lines of the README, with ids of their own and the day of an assessment that really was."""
    init(tmp_path, "--assessor", "red-team-lead", "--timezone", "Europe/Berlin")
    shown = (ROOT / "README.md").read_text(encoding="utf-8").partition("```yaml\n")[2].partition("```")[0]
    written = (tmp_path / "framework" / "mitigations.yml").read_text(encoding="utf-8")
    expected = yaml.safe_load(written.replace("id: example-", "id: ").replace("# last_assessed", "last_assessed"))
    assert yaml.safe_load(shown) == expected


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [(), ("--full",)])
def test_check_refuses_the_examples_and_nothing_else(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    init(tmp_path, *arguments)
    register = read_register(WorkingTree(tmp_path))
    assert codes(tmp_path) == {"example"}
    places = {(finding.at.path, finding.at.line) for finding in register.errors}
    assert len(places) == (5 if arguments else 2)
    assert all(" new " in finding.remedy for finding in register.errors)
    assert not any((register.mitigations, register.deployments, register.commitments))


@pytest.mark.slow
def test_examples_with_ids_of_their_own_are_a_valid_register(tmp_path: Path) -> None:
    init(tmp_path, "--full")
    for file in (tmp_path / "framework").rglob("*.yml"):
        file.write_text(file.read_text(encoding="utf-8").replace("example-", "our-"), encoding="utf-8")
    register = read_register(WorkingTree(tmp_path))
    assert register.findings == ()
    written_kinds = {kind for kind in KINDS if register.objects(kind)}
    assert written_kinds == set(EXAMPLES.values())
    assert register.configuration_origin is not None
    assert register.configuration_origin.path == ".github/reassay.yml"


@pytest.mark.slow
def test_the_full_scaffold_records_no_facts_and_skips_no_first_contact(tmp_path: Path) -> None:
    init(tmp_path, "--full")
    register = read_register(WorkingTree(tmp_path))
    assert register.configuration.mode is None
    assert not any(register.objects(kind) for kind in FACTS)
    for kind in FACTS:
        page = (tmp_path / "framework" / f"{kind}s" / "README.md").read_text(encoding="utf-8")
        assert f"`reassay new {kind}`" in page
        example = page.partition("```yaml\n")[2].partition("```")[0]
        file = tmp_path / "framework" / f"{kind}s" / "copied.yml"
        file.write_text(example, encoding="utf-8")
        copied = read_register(WorkingTree(tmp_path))
        assert {finding.code for finding in copied.errors if finding.at.path.endswith("copied.yml")} == {"example"}
        file.unlink()
    assert set(FACTS) | set(EXAMPLES.values()) == set(KINDS) - {"past-assessment"}


@pytest.mark.slow
def test_every_example_is_on_the_list_that_check_refuses(tmp_path: Path) -> None:
    for arguments in ((), ("--full",)):
        root = tmp_path / f"{len(arguments)}"
        root.mkdir()
        init(root, *arguments)
        ids = {id_ for text in contents(root).values() for id_ in re.findall(rb"\bid: (example-[a-z-]+)", text)}
        assert ids <= {id_.encode() for ids in EXAMPLE_IDS.values() for id_ in ids}
        assert ids


@pytest.mark.slow
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
    assert codes(tmp_path) == {"example"}


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [(), ("--full",)])
def test_beside_a_configuration_no_setting_is_said_twice(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    written(tmp_path, {".github/reassay.yml": "timezone: Europe/Paris\n"})
    code, _, _ = init(tmp_path, *arguments)
    register = read_register(WorkingTree(tmp_path))
    assert (code, codes(tmp_path)) == (0, {"example"})
    assert register.configuration.timezone == "Europe/Paris"


def test_a_register_that_is_broken_is_left_alone_and_said(tmp_path: Path) -> None:
    written(tmp_path, {"framework/all.yml": "mitigations: [\n"})
    code, out, _ = init(tmp_path)
    assert code == 1
    assert "Nothing valid, 1 error." in out
    assert not (tmp_path / "framework" / "mitigations.yml").exists()


@pytest.mark.slow
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
        (("--owner", "your-login"), "is a placeholder"),
        (("--owner", "TODO"), "is a placeholder"),
        (("--assessor", "a b"), "is not a valid GitHub login"),
        (("--timezone", "Berlin"), "is not a time zone"),
        (("--from", "anthropic"), "there is no framework 'anthropic'"),
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


def git(root: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=maintainer", "-c", "user.email=maintainer@example.com"]
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


def plain(root: Path, *arguments: str) -> tuple[int, str, str]:
    """The command with exactly these arguments."""
    out, err = io.StringIO(), io.StringIO()
    return main(["init", str(root), *arguments], out, err), out.getvalue(), err.getvalue()


def branches(root: Path) -> object:
    text = (root / ".github" / "workflows" / "reassay.yml").read_text(encoding="utf-8")
    return yaml.safe_load(text)[True]["push"]["branches"]


def test_outside_of_git_it_says_what_to_do_and_goes_on_only_if_told_to(tmp_path: Path) -> None:
    code, _, err = plain(tmp_path, "--owner", "safety-lead")
    assert (code, contents(tmp_path)) == (2, {})
    assert "this is not a git repository. Run `git init` first." in err
    assert plain(tmp_path, "--owner", "safety-lead", "--without-git")[0] == 0


def test_in_a_subfolder_it_names_the_command_to_run_instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(tmp_path, "init", "-b", "main")
    inside = tmp_path / "docs" / "safety"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    for flags in ((), ("--without-git",)):
        code, _, err = plain(Path(), "--owner", "safety-lead", *flags)
        assert (code, contents(tmp_path)) == (2, {})
        assert "Run `reassay init ../..` instead." in err


@pytest.mark.parametrize(
    "branch", ["main", "master", "16.0", "on", "1e5", "0x10", "2026-01-01", "no", "release/2.x", "_x"]
)
def test_the_branch_that_exists_is_written_as_a_text(tmp_path: Path, branch: str) -> None:
    git(tmp_path, "init", "-b", branch)
    assert plain(tmp_path, "--owner", "safety-lead")[0] == 0
    assert branches(tmp_path) == [branch]


def test_the_default_branch_is_that_of_origin_and_not_the_one_that_is_checked_out(tmp_path: Path) -> None:
    there, here = tmp_path / "there", tmp_path / "here"
    there.mkdir()
    git(there, "init", "-b", "trunk")
    git(there, "commit", "--allow-empty", "-m", "first")
    git(tmp_path, "clone", str(there), str(here))
    git(here, "checkout", "-b", "add-reassay")
    assert plain(here, "--owner", "safety-lead")[0] == 0
    assert branches(here) == ["trunk"]


def test_on_a_branch_beside_master_master_is_the_default(tmp_path: Path) -> None:
    git(tmp_path, "init", "-b", "master")
    git(tmp_path, "commit", "--allow-empty", "-m", "first")
    git(tmp_path, "checkout", "-b", "add-reassay")
    assert plain(tmp_path, "--owner", "safety-lead")[0] == 0
    assert branches(tmp_path) == ["master"]


def test_a_branch_that_cannot_be_seen_or_written_has_to_be_given(tmp_path: Path) -> None:
    git(tmp_path, "init", "-b", "feature+x")
    code, _, err = plain(tmp_path, "--owner", "safety-lead")
    assert (code, contents(tmp_path)) == (2, {})
    assert "--branch: 'feature+x' is not a valid branch name" in err
    git(tmp_path, "commit", "--allow-empty", "-m", "first")
    git(tmp_path, "checkout", "--detach")
    git(tmp_path, "branch", "-D", "feature+x")
    code, _, err = plain(tmp_path, "--owner", "safety-lead")
    assert (code, contents(tmp_path)) == (2, {})
    assert "Add --branch NAME" in err


@pytest.mark.parametrize(
    ("key", "value", "login"),
    [
        ("github.user", "safety-lead", "safety-lead"),
        ("user.email", "1001+red-team-lead@users.noreply.github.com", "red-team-lead"),
        ("user.email", "red-team-lead@users.noreply.github.com", "red-team-lead"),
        ("user.name", "auditor", "auditor"),
        ("user.name", "The Auditor", None),
        ("user.name", "TODO", None),
    ],
)
def test_yes_takes_the_owner_that_git_knows_and_invents_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str, value: str, login: str | None
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "-b", "main")
    git(root, "config", key, value)
    assert plain(root)[0] == 2, "without a terminal, --yes or --owner nobody is guessed"
    code, out, err = plain(root, "--yes")
    assert (code, login or "--owner" in err) == ((0, login) if login else (2, True))
    assert login is None or f"Owner {login}, " in out
    assert bool(contents(root)) == (login is not None)


@pytest.mark.parametrize(
    "name",
    ["anthropic-rsp-2-2", "anthropic-rsp-3-4", "eu-code-of-practice", "google-deepmind-fsf", "openai-preparedness"],
)
def test_from_begins_with_the_commitments_of_a_framework_and_no_examples(tmp_path: Path, name: str) -> None:
    code, out, err = init(tmp_path, "--from", name, "--assessor", "red-team-lead", "--timezone", "Europe/Berlin")
    register = read_register(WorkingTree(tmp_path))
    assert (code, register.configuration.timezone) == (0, "Europe/Berlin")
    assert f"wrote  framework/commitments/{name}.yml" in out
    assert "Not legal advice" in err
    assert {finding.code for finding in register.errors} <= ({"placeholder"} if name == "anthropic-rsp-2-2" else set())
    assert register.commitments
    for entry in register.commitments.values():
        source = entry.value.source
        assert entry.value.owner == "safety-lead"
        assert source.document
        assert source.version
        assert source.section
        assert (source.url or "").startswith("https://")
    assert not (tmp_path / "framework" / "mitigations.yml").exists()


def test_from_without_a_name_lists_the_frameworks_and_writes_nothing(tmp_path: Path) -> None:
    code, out, _ = plain(tmp_path, "--from")
    assert (code, contents(tmp_path)) == (0, {})
    assert "openai-preparedness\n  OpenAI, Preparedness Framework 2\n" in out
    assert "Not legal advice" in out


def test_from_never_mixes_with_a_register_that_is_there(tmp_path: Path) -> None:
    written(tmp_path, {"framework/all.yml": "mitigations:\n  - {id: a, title: Ours, owner: o, every: 1 year}\n"})
    _, out, _ = init(tmp_path, "--from", "openai-preparedness")
    assert "kept   framework/commitments/openai-preparedness.yml (the repository has a register already)" in out


def test_the_workflow_runs_the_action_that_is_named(tmp_path: Path) -> None:
    for name, (given, uses) in enumerate([
        ((), f"reassay/reassay@v{__version__}"),
        (("--action", "example-lab/reassay@4f2c9d1"), "example-lab/reassay@4f2c9d1"),
    ]):  # fmt: skip
        folder = tmp_path / str(name)
        folder.mkdir()
        init(folder, "--timezone", "UTC", *given)
        assert f"- uses: {uses}\n" in (folder / ".github" / "workflows" / "reassay.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize("action", ["example-lab/reassay", "reassay@v1", "a/b@v1\n      - run: x", "a/b@$(x)"])
def test_what_names_no_action_is_refused_and_nothing_is_written(tmp_path: Path, action: str) -> None:
    code, _, err = init(tmp_path, "--action", action)
    assert code == 2
    assert "--action" in err
    assert not list(tmp_path.iterdir())
