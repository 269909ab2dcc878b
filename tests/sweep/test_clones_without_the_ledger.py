"""Clones that do not have the branch reassay-ledger: nothing they show is calmer than the ledger, and they say so first."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.lab import STARTER, Lab
from tests.sweep.test_checkout import git, reassay

RECORDING = STARTER.replace(b"last_assessed: 2026-06-11", b"last_assessed: 2026-11-11")
SAID = "The ledger is not in this clone"
Cloned = Callable[..., Path]


def ineffective(lab: Lab) -> Lab:
    """The filter was found ineffective, and is to be withdrawn."""
    lab.register(RECORDING)
    lab.sweep(request=asked("jailbreak-filter"))
    number = next(issue.number for issue in lab.repo.issues() if "filter" in issue.title)
    lab.say("red-team-lead", number, "/reassay conclude ineffective withdraw because ten of ten attacks succeed")
    lab.fine()
    return lab


def asked(name: str) -> object:
    from reassay.sweep.options import AssessmentRequest

    return AssessmentRequest(name, "the tests failed", "safety-lead")


@pytest.fixture
def url(lab: Lab) -> str:
    ineffective(lab)
    return f"{lab.box.url.replace('http://', f'http://x-access-token:{lab.settings.token}@')}/{lab.name}.git"


def bare_fetch(url: str, folder: Path) -> None:
    folder.mkdir()
    git(folder, "init", "--quiet", ".")
    git(folder, "fetch", "--quiet", url, "main")
    git(folder, "checkout", "--quiet", "-b", "main", "FETCH_HEAD")


WITHOUT = {
    "depth": lambda url, folder: git(folder.parent, "clone", "--quiet", "--depth", "1", url, folder.name),
    "single branch": lambda url, folder: git(folder.parent, "clone", "--quiet", "--single-branch", url, folder.name),
    "another remote": lambda url, folder: git(
        folder.parent, "clone", "--quiet", "--single-branch", "--origin", "upstream", url, folder.name
    ),
    "bare fetch": bare_fetch,
}


@pytest.mark.parametrize("how", WITHOUT)
def test_without_the_ledger_nothing_is_current_and_every_command_says_so_first(
    url: str, tmp_path: Path, how: str
) -> None:
    folder = tmp_path / "clone"
    WITHOUT[how](url, folder)
    code, out, _ = reassay("status", str(folder), "--at", "2026-12-02")
    assert code == 0
    assert out.startswith(SAID)
    assert "git fetch " in out.splitlines()[0]
    for state in ("overdue", "unknown"):
        assert reassay("status", str(folder), "--at", "2026-12-02", "--fail-on", state)[0] == 1
    _, text, err = reassay("status", str(folder), "--at", "2026-12-02", "--format", "json")
    document = json.loads(text)
    assert SAID in err
    assert document["ledger_place"] == "not in this clone"
    assert document["ledger_fetch"].startswith("git fetch ")
    cells = {cell["mitigation"]: cell for cell in document["cells"]}
    assert cells["jailbreak-filter"]["state"] == "unknown"
    assert not {"current", "due-soon"} & {cell["state"] for cell in document["cells"]}
    for command in ("plan", "next"):
        assert reassay(command, str(folder), "--at", "2026-12-02")[1].startswith(SAID)
    for command in ("verify", "log"):
        code, _, err = reassay("ledger", command, str(folder))
        assert code == 2
        assert "git fetch " in err


@pytest.mark.parametrize("how", ["depth", "another remote"])
def test_the_command_that_it_names_brings_the_ledger(url: str, tmp_path: Path, how: str) -> None:
    folder = tmp_path / "clone"
    WITHOUT[how](url, folder)
    _, text, _ = reassay("status", str(folder), "--format", "json", "--at", "2026-12-02")
    git(folder, *json.loads(text)["ledger_fetch"].split()[1:])
    _, text, err = reassay("status", str(folder), "--format", "json", "--at", "2026-12-02")
    document = json.loads(text)
    remote = "origin" if how == "depth" else "upstream"
    assert document["ledger_place"] == f"{remote}/reassay-ledger"
    assert "ledger_fetch" not in document
    assert SAID not in err
    cell = next(cell for cell in document["cells"] if cell["mitigation"] == "jailbreak-filter")
    assert cell["effectiveness"] == "ineffective"


def test_a_whole_clone_under_another_name_has_the_ledger(url: str, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", "--origin", "upstream", url, "clone")
    _, out, _ = reassay("status", str(tmp_path / "clone"), "--at", "2026-12-02")
    assert SAID not in out
    assert "(upstream/reassay-ledger)" in out


def test_a_forks_old_copy_does_not_hide_the_newer_ledger(lab: Lab, tmp_path: Path, url: str) -> None:
    """`origin` is a fork with the branch as it was; `upstream` has gone on."""
    git(tmp_path, "clone", "--quiet", "--mirror", url, "fork.git")
    git(tmp_path / "fork.git", "update-ref", "refs/heads/reassay-ledger", "reassay-ledger~1")
    git(tmp_path, "clone", "--quiet", "fork.git", "clone")
    folder = tmp_path / "clone"
    before = json.loads(reassay("status", str(folder), "--format", "json")[1])
    git(folder, "remote", "add", "upstream", url)
    git(folder, "fetch", "--quiet", "upstream")
    after = json.loads(reassay("status", str(folder), "--format", "json")[1])
    assert before["ledger_place"] == "origin/reassay-ledger"
    assert after["ledger_place"] == "upstream/reassay-ledger"
    assert int(after["ledger"].split(":")[0]) > int(before["ledger"].split(":")[0])


@pytest.mark.long
def test_a_new_repository_without_remotes_has_no_ledger_yet(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", ".")
    (tmp_path / "framework").mkdir()
    (tmp_path / "framework" / "mitigations.yml").write_bytes(RECORDING)
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "begin")
    code, out, _ = reassay("status", str(tmp_path), "--at", "2026-12-02", "--fail-on", "overdue")
    assert code == 0
    assert SAID not in out
    assert "no ledger yet" in out


@pytest.mark.long
def test_without_a_mode_no_ledger_is_expected_and_the_hint_is_plain(lab: Lab, tmp_path: Path) -> None:
    lab.register(RECORDING.replace(b"mode: remind\n", b""))
    source = f"{lab.box.url.replace('http://', f'http://x-access-token:{lab.settings.token}@')}/{lab.name}.git"
    git(tmp_path, "clone", "--quiet", source, "clone")
    code, out, _ = reassay("status", str(tmp_path / "clone"), "--at", "2026-12-02", "--fail-on", "overdue")
    assert code == 0
    assert out.startswith("The ledger is not in this clone, if there is one yet.")


@pytest.mark.long
def test_the_gate_fails_closed_without_the_ledger(url: str, tmp_path: Path) -> None:
    folder = tmp_path / "clone"
    WITHOUT["single branch"](url, folder)
    (folder / "README.md").write_text("Another word.\n")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "words")
    arguments = ("gate", str(folder), "--base", "origin/main", "--head", "HEAD")
    code, out, _ = reassay(*arguments)
    assert code == 1
    assert "The ledger is not in this clone" in out
    git(folder, "fetch", "--quiet", "origin", "reassay-ledger:refs/remotes/origin/reassay-ledger")
    assert reassay(*arguments)[0] == 0
