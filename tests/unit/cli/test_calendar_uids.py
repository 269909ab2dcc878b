"""The events of a calendar have UIDs that no other register has, and that are the same at every run (RFC 5545, 3.8.4.7)."""

import io
import os
import subprocess
from pathlib import Path

import pytest

from reassay.cli import main
from reassay.git.git import Git
from reassay.git.ledger_place import remote_address

REGISTER = """\
mitigations:
  - {id: filter, title: Filter, owner: safety-lead, every: 6 months, last_assessed: 2026-06-01}
  - {id: guard, title: Guard, owner: safety-lead, every: 6 months, last_assessed: 2026-06-01, deployments: [all, lab]}
deployments:
  - {id: all, title: Everything, audience: external}
  - {id: lab, title: Lab, audience: internal}
"""


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=safety-lead", "-c", f"user.email={folder.name}@example.org")
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, env=environment)


def register(folder: Path, remote: str | None = None, *, in_git: bool = True) -> Path:
    (folder / "framework").mkdir(parents=True)
    (folder / "framework" / "m.yml").write_text(REGISTER, encoding="utf-8")
    if in_git:
        git(folder, "init", "-q", "-b", "main")
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", "register")
    if remote:
        git(folder, "remote", "add", "origin", remote)
    return folder


def uids(folder: Path) -> list[str]:
    out, err = io.StringIO(), io.StringIO()
    assert main(["status", str(folder), "--at", "2026-11-01", "--format", "ics"], out, err) == 0, err.getvalue()
    unfolded = out.getvalue().replace("\r\n ", "")
    return [line.removeprefix("UID:") for line in unfolded.splitlines() if line.startswith("UID:")]


def test_the_same_cells_of_two_registers_are_other_events(tmp_path: Path) -> None:
    found = [
        uids(register(tmp_path / "a", "https://github.com/lab/framework.git")),
        uids(register(tmp_path / "b", "git@github.com:lab/other.git")),
        uids(register(tmp_path / "c", "https://ghe.example.org/lab/framework")),
        uids(register(tmp_path / "d")),
        uids(register(tmp_path / "e")),
        uids(register(tmp_path / "f", in_git=False)),
        uids(register(tmp_path / "g", in_git=False)),
    ]
    every = [uid for own in found for uid in own]
    assert len(every) == 7 * 3
    assert len(set(every)) == len(every)
    assert found[0][0] == "filter.*@github.com/lab/framework"


@pytest.mark.parametrize(
    ("remote", "in_git"),
    [("https://x-access-token:secret@github.com/lab/framework", True), (None, True), (None, False)],
)
def test_they_are_the_same_at_every_run_and_after_a_commit(tmp_path: Path, remote: str | None, in_git: bool) -> None:
    folder = register(tmp_path / "a", remote, in_git=in_git)
    first = uids(folder)
    if in_git:
        git(folder, "commit", "-q", "--allow-empty", "-m", "later")
    assert uids(folder) == first
    assert "secret" not in "".join(first)
    assert all(len(uid.encode()) < 255 for uid in first)


def test_a_deployment_called_all_is_another_cell_than_everything(tmp_path: Path) -> None:
    found = uids(register(tmp_path / "a"))
    assert [uid.partition("@")[0] for uid in found] == ["filter.*", "guard.all", "guard.lab"]


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://github.com/Lab/Framework.git", "github.com/lab/framework"),
        ("https://token@github.com/lab/framework/", "github.com/lab/framework"),
        ("ssh://git@github.com:22/lab/framework.git", "github.com:22/lab/framework"),
        ("git@github.com:lab/framework.git", "github.com/lab/framework"),
        ("/srv/git/framework", ""),
        ("file:///srv/git/framework", ""),
        ("../framework", ""),
    ],
)
def test_the_address_of_a_remote(tmp_path: Path, url: str, address: str) -> None:
    folder = register(tmp_path / "a", url)
    assert remote_address(Git(folder)) == address
