"""Reading two sides of a change at once says what reading each alone says, whatever has changed between them."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reassay.approvals.change_sheet import ChangeSheet
from reassay.assessment.cells import Situation
from reassay.gate.decide import decide
from reassay.gate.facts import GateFacts, Proposal
from reassay.gate.views.documents import gate_document
from reassay.git.git import Git
from reassay.git.tree import GitTree
from reassay.ledger.history import History
from reassay.register.files import read_register
from reassay.register.register import Register
from reassay.sweep.repository.revisions import Revisions, read_revisions
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


ALL = 10**9
NOW = datetime(2026, 11, 15, 9, tzinfo=UTC)
FOLDER = "framework/mitigations"


def mitigation(name: str, more: str = "") -> bytes:
    return f"id: {name}\ntitle: It\nowner: safety\nassessor: red-team\nevery: 6 months\n{more}".encode()


MANY: dict[str, bytes | None] = {
    ".github/reassay.yml": b"mode: enforce\nroles:\n  safety: {users: [safety-lead]}\n  red-team: {users: [red-team-lead]}\n",
    **{f"{FOLDER}/m{number}.yml": mitigation(f"m{number}", "threat_models: [misuse]\n") for number in range(3)},
    **{f"{FOLDER}/far{number}.yml": mitigation(f"far{number}", "deployments: [app]\n") for number in range(6)},
    f"{FOLDER}/deeper/n.yml": mitigation("n"),
    "framework/threat-models/t.yml": b"id: misuse\ntitle: M\n",
    "framework/deployments/app.yml": b"id: app\ntitle: A\naudience: internal\n",
    "framework/incidents/i.yml": b"[{id: i, title: I, first_seen_at: 2026-05-02T09:00:00Z, severity: high, mitigations_failed: [far5]}]\n",
}
LONGER = mitigation("m0", "threat_models: [misuse]\n").replace(b"6 months", b"1 year")
HEAD = b"%040d blob 5\n" % 1
READ: dict[str, tuple[dict[str, bytes | None], dict[str, bytes | None], set[str]]] = {
    "three of them": ({}, {f"{FOLDER}/m0.yml": LONGER}, {"m0", "m1", "m2", "far5", "n"}),
    "a new one that is called as one that is far": (
        {},
        {f"{FOLDER}/new.yml": mitigation("far1", "layer: model\n")},
        {"m0", "m1", "m2", "n", *(f"far{number}" for number in range(6))},
    ),
    "a deployment": (
        {},
        {"framework/deployments/app.yml": b"id: app\ntitle: A\naudience: external\n"},
        {"m0", "m1", "m2", "n", *(f"far{number}" for number in range(6))},
    ),
    "one that says it is another file": (
        {f"{FOLDER}/far1.yml": mitigation("far1") + HEAD + mitigation("far2", "threat_models: [misuse]\n")},
        {f"{FOLDER}/m0.yml": LONGER},
        {"m0", "m1", "m2", "n", *(f"far{number}" for number in range(6))},
    ),
    "one that hides a name": (
        {f"{FOLDER}/far1.yml": mitigation("far1", 'threat_models: ["\\x6disuse"]\n')},
        {f"{FOLDER}/m0.yml": LONGER},
        {"m0", "m1", "m2", "far1", "far5", "n"},
    ),
    "one that is a link to one that is far": (
        {f"{FOLDER}/link.md": b"words\n"},
        {f"{FOLDER}/m0.yml": LONGER, f"{FOLDER}/link.md": None},
        {"m0", "m1", "m2", "far5", "n"},
    ),
    "another folder": (
        {".github/reassay.yml": b"register: framework/mitigations\n" + (MANY[".github/reassay.yml"] or b"")},
        {f"{FOLDER}/m0.yml": LONGER},
        set(),
    ),
}


def judged(found: Revisions) -> object:
    situation = Situation(found.base, History(), {}, NOW)
    facts = GateFacts(Proposal("main", "0" * 40, "1" * 40, found.base, found.merged), situation)
    sheet = ChangeSheet(facts)
    return gate_document(decide(facts, sheet), sheet)


@pytest.mark.parametrize("name", READ)
def test_what_git_was_asked_for_ahead_changes_no_verdict(tmp_path: Path, name: str) -> None:
    more, change, expected = READ[name]
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    commit(tmp_path, {**MANY, **more})
    git(tmp_path, "checkout", "--quiet", "-b", "change")
    commit(tmp_path, change)
    narrow = read_revisions(Git(tmp_path), "main", "change", worth_it=1)
    wide = read_revisions(Git(tmp_path), "main", "change", worth_it=ALL)
    assert judged(narrow) == judged(wide)
    assert not wide.base.elsewhere
    if expected:
        assert narrow.base.mitigations.keys() | narrow.merged.mitigations.keys() == expected & _ids(wide)
        for side, all_of_it in ((narrow.base, wide.base), (narrow.merged, wide.merged)):
            assert all(each in side.mitigations or each in side.elsewhere for each in all_of_it.mitigations)


def _ids(found: Revisions) -> set[str]:
    registers: tuple[Register, ...] = (found.base, found.merged)
    return {name for each in registers for name in each.mitigations}


def test_a_verdict_takes_seven_processes_of_git_however_many_files_there_are(tmp_path: Path) -> None:
    """As a process of its own, since what is counted is all that it starts and loads."""
    counts = []
    for files in (20, 1200):
        place = tmp_path / str(files)
        place.mkdir()
        git(place, "init", "--quiet", "--initial-branch=main")
        many = {f"{FOLDER}/x{number}.yml": mitigation(f"x{number}") for number in range(files)}
        commit(place, {**MANY, **many})
        git(place, "checkout", "--quiet", "-b", "change")
        commit(place, {f"{FOLDER}/x1.yml": mitigation("x1").replace(b"6 months", b"1 year")})
        counts.append(counted("gate", "--base", "main", "--head", "change", str(place)))
    assert [processes for processes, _, _ in counts] == [7, 7]
    assert counts[1][1] < 40
    for _, _, modules in counts:
        assert not modules & {"rich", "email", "jinja2", "github", "cryptography"}
        assert (
            not {"reassay.github.repository_state", "reassay.assessment.schedule.plan", "reassay.ledger.store.chain"}
            & modules
        )
        assert not {"reassay.register.files.objections", "reassay.register.files.words"} & modules
        ledger = {name for name in modules if name.startswith("reassay.ledger.")}
        assert ledger == {"reassay.ledger.history", "reassay.ledger.reassessment"}
        assert not modules & {"pkgutil", "shutil", "concurrent.futures"}


def counted(*arguments: str) -> tuple[int, int, set[str]]:
    """How many processes a command starts, how many files it parses, and which modules it loads."""
    code = (
        "import io, subprocess, sys\n"
        "from reassay.cli import start\n"
        "start.quickly(briefly=True)\n"
        "from reassay.cli import main\n"
        "started = []\n"
        "begin = subprocess.Popen.__init__\n"
        "def count(self, *a, **k):\n    started.append(a)\n    begin(self, *a, **k)\n"
        "subprocess.Popen.__init__ = count\n"
        f"assert main({list(arguments)!r}, io.StringIO(), sys.stderr) == 1\n"
        "import reassay.register.files.reader as reader\n"
        "print(len(started), end=' ')\n"
        "seen = []\n"
        "one = reader._one\n"
        "reader._one = lambda *a: (seen.append(a), one(*a))[1]\n"
        f"main({list(arguments)!r}, io.StringIO(), sys.stderr)\n"
        "print(len(seen), *sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ})
    processes, parsed, *modules = done.stdout.split()
    return int(processes), int(parsed), set(modules)
