"""Reading two sides of a change at once says what reading each alone says, whatever has changed between them."""

from pathlib import Path

import pytest

from bot.adapters.git import Git
from bot.adapters.git_tree import GitTree
from bot.adapters.register_files import read_register
from bot.adapters.revisions import read_revisions
from tests.gate_lab import API, APP, AUDIO, FILES, MITIGATION_FILE, MITIGATIONS
from tests.services.test_gate_command import commit, git

CHANGES: dict[str, dict[str, bytes | None]] = {
    "one": {API: AUDIO},
    "gone": {APP: None},
    "broken": {APP: b"id: [\n"},
    "moved": {MITIGATION_FILE: None, "framework/other.yml": MITIGATIONS},
    "configuration": {".github/reassay.yml": b"mode: remind\n"},
    "nothing": {"README.md": b"words\n"},
    "linked": {"elsewhere/x.yml": b"id: linked\ntitle: Now\naudience: external\n"},
}


@pytest.mark.parametrize("name", CHANGES)
def test_together_as_alone(tmp_path: Path, name: str) -> None:
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    (tmp_path / "framework/deployments").mkdir(parents=True)
    (tmp_path / "framework/deployments/linked.yml").symlink_to("../../elsewhere/x.yml")
    commit(tmp_path, {**FILES, "elsewhere/x.yml": b"id: linked\ntitle: Then\naudience: internal\n"})
    git(tmp_path, "checkout", "--quiet", "-b", "change")
    commit(tmp_path, CHANGES[name])
    found = read_revisions(Git(tmp_path), "main", "change")
    for side, register in (("main", found.base), ("change", found.merged)):
        alone = read_register(GitTree(Git(tmp_path), side))
        assert register.findings == alone.findings
        assert register.configuration == alone.configuration
        assert register.subjects.keys() == alone.subjects.keys()
        assert {key: entry.value for key, entry in register.deployments.items()} == {
            key: entry.value for key, entry in alone.deployments.items()
        }
