"""Both sides of a change are read whole: together as alone, each blob once, with few processes of git."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import pytest

from reassay.approvals.proposal import Proposal
from reassay.assessment.cells import AssessmentInput
from reassay.common.errors import UpstreamError
from reassay.gate.decide import decide
from reassay.gate.input import GateInput
from reassay.gate.verdict import RuleStatus, Verdict
from reassay.git.git import Git
from reassay.ledger.history import History
from reassay.register.files import ParsedFiles, read_register, reader
from reassay.register.files.contents import read_contents
from reassay.register.files.git_tree import GitTree
from reassay.sweep.repository.pair import RegisterPair, read_pair
from tests.gate_lab import API, APP, AUDIO, FILES, MITIGATION_FILE, MITIGATIONS, PUBLIC_API
from tests.sweep.test_gate_command import commit, git

PROCESSES = 9
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
    found = read_pair(Git(tmp_path), "main", "change")
    for side, register in (("main", found.base), ("change", found.merged)):
        alone = read_register(GitTree(Git(tmp_path), side))
        assert register.findings == alone.findings
        assert register.configuration == alone.configuration
        assert register.subjects.keys() == alone.subjects.keys()
        assert {key: entry.value for key, entry in register.deployments.items()} == {
            key: entry.value for key, entry in alone.deployments.items()
        }


NOW = datetime(2026, 11, 15, 9, tzinfo=UTC)
FOLDER = "framework/mitigations"
CONFIGURATION = b"""\
mode: enforce
roles:
  safety: {users: [safety-lead]}
  red-team: {users: [red-team-lead]}
gate:
  loosening: [{role: red-team}]
"""


def mitigation(name: str, more: str = "") -> bytes:
    return f"id: {name}\ntitle: It\nowner: safety\nassessor: red-team\nevery: 6 months\n{more}".encode()


def committed(folder: Path, files: dict[str, bytes | None], change: dict[str, bytes | None]) -> None:
    folder.mkdir(exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    commit(folder, {".github/reassay.yml": CONFIGURATION, **files})
    git(folder, "checkout", "--quiet", "-b", "change")
    commit(folder, change)


def verdict(pair: RegisterPair) -> Verdict:
    facts = GateInput(
        Proposal("main", "0" * 40, "1" * 40, pair.base, pair.merged), AssessmentInput(pair.base, History(), {}, NOW)
    )
    return decide(facts)


@pytest.mark.parametrize("words", ["deployments", "products"])
@pytest.mark.parametrize("beside", [10, 450])
def test_a_word_in_prose_hides_no_mitigation_however_many_stand_beside_it(
    tmp_path: Path, beside: int, words: str
) -> None:
    everywhere = mitigation(
        "everywhere",
        f"description: Applies to all {words}.\nlast_assessed: 2021-01-01\n"
        "reassess: {triggers: [{kind: deployment-change, must_complete: before_change}]}\n",
    ).replace(b"6 months", b"1 year")
    others = {
        f"{FOLDER}/m{number}.yml": mitigation(f"m{number}", "last_assessed: 2026-11-01\ndeployments: [app]\n")
        for number in range(beside)
    }
    files = {
        f"{FOLDER}/everywhere.yml": everywhere,
        **others,
        API: PUBLIC_API,
        "framework/deployments/app.yml": b"id: app\ntitle: A\naudience: internal\n",
    }
    committed(tmp_path, dict(files), {API: AUDIO})
    pair = read_pair(Git(tmp_path), "main", "change")
    assert len(pair.base.mitigations) == len(pair.merged.mitigations) == beside + 1
    found = verdict(pair)
    unmet = {node.name for node in found.tree.children if node.status is RuleStatus.UNMET}
    assert {"not-overdue", "decided-before"} <= unmet
    assert not found.passes


def test_what_is_the_same_is_parsed_once_and_what_is_kept_not_again(tmp_path: Path) -> None:
    files = {f"{FOLDER}/m{number}.yml": mitigation(f"m{number}") for number in range(20)}
    committed(tmp_path, dict(files), {f"{FOLDER}/m3.yml": mitigation("m3", "layer: model\n")})
    kept = ParsedFiles()
    with patch.object(reader, "read_contents", wraps=read_contents) as counted:
        first = read_pair(Git(tmp_path), "main", "change", kept)
        assert counted.call_count == 21
        again = read_pair(Git(tmp_path), "main", "change", kept)
        assert counted.call_count == 21
    assert (first.base, first.merged) == (again.base, again.merged)
    assert first.base.mitigations["m4"] is first.merged.mitigations["m4"]
    assert first.base.mitigations["m3"] != first.merged.mitigations["m3"]


def test_what_is_the_same_is_parsed_once_even_if_nothing_can_be_kept(tmp_path: Path) -> None:
    files = {f"{FOLDER}/m{number}.yml": mitigation(f"m{number}") for number in range(5)}
    committed(tmp_path, dict(files), {f"{FOLDER}/m3.yml": mitigation("m3", "layer: model\n")})
    with patch.object(reader, "read_contents", wraps=read_contents) as counted:
        read_pair(Git(tmp_path), "main", "change", ParsedFiles(max_bytes=0))
    assert counted.call_count == 6


def test_the_processes_of_git_are_the_same_however_many_files_there_are(tmp_path: Path) -> None:
    counts = []
    for files in (20, 600):
        many: dict[str, bytes | None] = {f"{FOLDER}/x{number}.yml": mitigation(f"x{number}") for number in range(files)}
        committed(tmp_path / str(files), many, {f"{FOLDER}/x1.yml": mitigation("x1").replace(b"6 months", b"1 year")})
        with patch.object(subprocess, "run", wraps=subprocess.run) as counted:
            pair = read_pair(Git(tmp_path / str(files)), "main", "change")
        assert len(pair.merged.mitigations) == files
        counts.append([call.args[0][1] for call in counted.call_args_list])
    assert counts[0] == counts[1]
    assert len(counts[0]) == PROCESSES
    assert counts[0].count("cat-file") == 2


@pytest.mark.parametrize(("base", "head"), [("nowhere", "change"), ("main", "nowhere")])
def test_a_side_that_is_not_there_is_an_error(tmp_path: Path, base: str, head: str) -> None:
    committed(tmp_path, {API: PUBLIC_API}, {API: AUDIO})
    with pytest.raises(UpstreamError, match=r"git .* failed"):
        read_pair(Git(tmp_path), base, head)
