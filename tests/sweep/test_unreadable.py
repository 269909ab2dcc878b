"""What cannot be read any more stays in every view, fails the commands, and closes nothing."""

import csv
import io
import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reassay.common.clock import SystemClock
from reassay.ledger.entry import Superseded
from reassay.ledger.sweep_records import Removed
from tests.gate_lab import API, AUDIO, FILES, MITIGATION_FILE, MITIGATIONS, GateLab
from tests.lab import STARTER, Lab
from tests.sweep.test_checkout import checkout as checkout  # noqa: PLC0414 -- a fixture
from tests.sweep.test_checkout import git, reassay

ONE = b"""\
mitigations:
  - {id: jailbreak-filter, title: Filter, owner: safety-lead, assessor: red-team-lead, every: 6 months, last_assessed: 2025-01-01}
"""
AT = ("--at", "2026-12-03")


@pytest.fixture(autouse=True)
def _later(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day after those that are asked for, so that none is a forecast."""
    monkeypatch.setattr(SystemClock, "now", lambda _: datetime(2029, 1, 1, tzinfo=UTC))


@pytest.fixture
def typo(tmp_path: Path) -> Path:
    """A repository without a ledger, in which one key was mistyped."""
    root = tmp_path / "one"
    (root / "framework").mkdir(parents=True)
    git(root, "init", "--quiet", "-b", "main")
    for text in (ONE, ONE.replace(b"every:", b"evry:")):
        (root / "framework/m.yml").write_bytes(text)
        git(root, "add", "-A")
        git(root, "commit", "--quiet", "-m", "x")
    return root


@pytest.mark.parametrize(
    "arguments",
    [
        ("status",), ("status", "--fail-on", "overdue"), ("status", "--fail-on", "unreadable"), ("status", "--coverage"),
        ("status", "--format", "json"), ("status", "--format", "csv"), ("status", "--format", "ics"),
        ("plan",), ("plan", "--until", "2028-01-01"), ("plan", "--format", "json"), ("next",), ("next", "--format", "json"),
    ],
)  # fmt: skip
def test_a_typo_fails_every_command_about_what_is_due(typo: Path, arguments: tuple[str, ...]) -> None:
    code, _, _ = reassay(arguments[0], str(typo), *arguments[1:])
    assert code == 1


def test_a_typo_keeps_the_mitigation_in_every_view(typo: Path) -> None:
    why = "'evry' is not a key of a mitigation (framework/m.yml:2); last known owner: safety-lead"
    _, text, _ = reassay("status", str(typo), *AT)
    words = " ".join(text.split())
    assert "unreadable jailbreak-filter" in words
    assert why in words
    end = "1 entry cannot be read: jailbreak-filter, framework/m.yml:2. The exit code is 1 because of this; to see why, run `reassay check`."
    assert words.endswith(end)
    _, out, err = reassay("status", str(typo), *AT, "--format", "json")
    document = json.loads(out)
    assert document["errors"] == 1
    assert document["summary"] == {"unreadable": 1}
    (listed,) = document["unreadable"]
    assert listed["since"] is not None
    assert listed | {"since": None} == {
        "kind": "mitigation",
        "id": "jailbreak-filter",
        "owner": "safety-lead",
        "cells": ["*"],
        "path": "framework/m.yml",
        "line": 2,
        "message": "'evry' is not a key of a mitigation",
        "since": None,
    }
    assert "the register has 1 error" in err
    (row,) = csv.DictReader(io.StringIO(reassay("status", str(typo), *AT, "--format", "csv")[1]))
    assert (row["state"], row["subject"]) == ("unreadable", "jailbreak-filter")
    calendar = reassay("status", str(typo), *AT, "--format", "ics")[1]
    assert "SUMMARY:Unreadable: Filter" in calendar
    assert "DTSTART;VALUE=DATE:20261203" in calendar
    plan = reassay("plan", str(typo), *AT)[1]
    assert "Nothing to do" not in plan
    assert "unreadable jailbreak-filter" in plan
    (step,) = json.loads(reassay("plan", str(typo), *AT, "--format", "json")[1])["actions"]
    assert (step["kind"], step["subject"]) == ("unreadable", "jailbreak-filter")


@pytest.mark.parametrize("name", ["drill.yml", "drill.txt", "drill.yml~", "drill.json", "drill.md"])
def test_a_file_that_is_emptied_or_renamed_removes_nothing_without_a_ledger(typo: Path, name: str) -> None:
    drill = b"kind: mitigation\nid: drill\ntitle: Drill\nowner: auditor\nevery: 1 year\nlast_assessed: 2026-11-01\n"
    (typo / "framework/m.yml").write_bytes(ONE)
    (typo / "framework/notes.txt").write_bytes(b"Notes.\n")
    file = typo / "framework/mitigations/drill.yml"
    file.parent.mkdir()
    file.write_bytes(drill)
    git(typo, "add", "-A")
    git(typo, "commit", "--quiet", "-m", "x")
    assert reassay("status", str(typo), *AT)[0] == 0
    file.unlink()
    file.with_name(name).write_bytes(b"" if name == file.name else drill)
    git(typo, "add", "-A")
    git(typo, "commit", "--quiet", "-m", "x")
    code, out, _ = reassay("status", str(typo), *AT, "--format", "json")
    assert code == 1
    assert [(own["id"], own["owner"]) for own in json.loads(out)["unreadable"]] == [("drill", "auditor")]
    file.with_name(name).unlink()
    assert reassay("status", str(typo), *AT)[0] == 0, "a file that is deleted is a removal"


def _emptied(root: Path) -> None:
    (root / "framework/mitigations.yml").write_bytes(b"")


def _no_entries(root: Path) -> None:
    (root / "framework/mitigations.yml").write_bytes(b"mode: remind\nmitigations: []\n")


def _moved(root: Path) -> None:
    (root / "framework").rename(root / "docs")


def _renamed(root: Path) -> None:
    file = root / "framework/mitigations.yml"
    (root / "framework/other.yml").write_bytes(b"mitigations:\n  - {id: other, title: O, owner: x, every: 1 year}\n")
    file.rename(file.with_suffix(".yml.bak"))


def _binary(root: Path) -> None:
    (root / "framework/mitigations.yml").write_bytes(b"\x00\x01" * 200)


def _linked(root: Path) -> None:
    file = root / "framework/mitigations.yml"
    file.unlink()
    file.symlink_to("../../elsewhere.yml")


def _submodule(root: Path) -> None:
    shutil.rmtree(root / "framework")
    (root / "framework").mkdir()
    (root / "framework/.git").write_text("gitdir: elsewhere\n")


def _renamed_folder(root: Path) -> None:
    (root / ".github").mkdir(exist_ok=True)
    (root / ".github/reassay.yml").write_bytes(b"register: framwork/\n")


@pytest.mark.parametrize(
    "damage", [_emptied, _no_entries, _moved, _renamed, _binary, _linked, _submodule, _renamed_folder]
)
def test_where_the_ledger_knows_cells_a_missing_register_is_unreadable(
    checkout: Path, damage: Callable[[Path], None]
) -> None:
    damage(checkout)
    code, out, _ = reassay("status", str(checkout), *AT, "--format", "json")
    assert code == 1
    cells = {cell["mitigation"]: cell for cell in json.loads(out)["cells"] if cell["state"] == "unreadable"}
    assert cells.keys() == {"jailbreak-filter", "staff-training"}
    assert cells["jailbreak-filter"]["last_decision"]["record"] == "R-2026-001"
    assert cells["jailbreak-filter"]["verdict"].startswith("was effective on")
    assert "last known owner: safety-lead" in cells["staff-training"]["reason"], "from the history of HEAD"
    assert reassay("plan", str(checkout), *AT)[0] == 1


def test_without_git_history_the_ledger_alone_knows_them(checkout: Path) -> None:
    _emptied(checkout)
    git(checkout, "checkout", "--quiet", "--orphan", "fresh")
    git(checkout, "commit", "--quiet", "-am", "x")
    code, out, _ = reassay("status", str(checkout), *AT, "--format", "json")
    assert code == 1
    document = json.loads(out)
    assert {own["id"] for own in document["unreadable"]} == {"jailbreak-filter", "staff-training"}
    assert {own["owner"] for own in document["unreadable"]} == {None}
    assert "its last known owner cannot be told" in document["cells"][0]["reason"]


@pytest.mark.parametrize("command", ["status", "plan"])
def test_a_folder_without_a_register_says_how_to_begin(tmp_path: Path, command: str) -> None:
    code, out, err = reassay(command, str(tmp_path))
    assert (code, out) == (2, "")
    assert "There is no register in the folder 'framework/'. Run 'reassay init' to create one" in err
    code, out, _ = reassay("next", str(tmp_path))
    assert code == 0
    assert "Add the first mitigation." in out


def test_a_set_up_repository_with_an_empty_register_is_not_fine(tmp_path: Path) -> None:
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github/reassay.yml").write_bytes(b"mode: remind\n")
    assert reassay("status", str(tmp_path))[0] == 2
    (tmp_path / "framework").mkdir()
    (tmp_path / "framework/m.yml").write_bytes(b"mitigations: []\n")
    code, out, _ = reassay("status", str(tmp_path))
    assert code == 1
    assert "The register holds no mitigation or commitment, so the exit code is 1." in " ".join(out.split())


@pytest.mark.long
def test_a_command_in_a_folder_of_the_repository_reads_the_repository(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_root = reassay("status", str(checkout), *AT)
    monkeypatch.chdir(checkout / "framework")
    code, out, err = reassay("status", *AT)
    assert (code, out) == at_root[:2]
    assert f"reassay: reading the repository at {checkout}, because . is a folder inside it" in err
    for arguments in (
        ("plan", *AT), ("next", *AT), ("check",), ("ledger", "log"), ("ledger", "verify"), ("export",),
        ("diff", "HEAD", "HEAD"), ("gate", "--base", "HEAD", "--head", "HEAD"),
    ):  # fmt: skip
        here = reassay(*arguments)
        monkeypatch.chdir(checkout)
        there = reassay(*arguments)
        monkeypatch.chdir(checkout / "framework")
        assert here[:2] == there[:2], arguments
        assert "reading the repository at" in here[2]
        assert "reading the repository at" not in there[2]
    assert reassay("status", "--quiet", *AT)[2] == ""


@pytest.mark.long
def test_a_nested_repository_and_a_register_of_its_own_stop_the_search(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = checkout / "vendor/inner"
    (inner / "deep").mkdir(parents=True)
    git(inner, "init", "--quiet", "-b", "main")
    monkeypatch.chdir(inner / "deep")
    code, _, err = reassay("status", *AT)
    assert code == 2
    assert f"reading the repository at {inner}" in err
    own = checkout / "examples/own"
    (own / "framework").mkdir(parents=True)
    (own / "framework/m.yml").write_bytes(ONE)
    monkeypatch.chdir(own)
    code, out, err = reassay("status", *AT)
    assert code == 0
    assert "reading the repository at" not in err
    assert "staff-training" not in out


@pytest.mark.long
@pytest.mark.parametrize("text", [STARTER.replace(b"    every:", b"    evry:", 1), b"mode: remind\nmitigations: []\n"])
def test_a_sweep_closes_nothing_and_removes_nothing(lab: Lab, text: bytes) -> None:
    lab.fine()
    opened = {issue.number: issue.assignees for issue in lab.repo.issues()}
    lab.register(text)
    lab.later(days=1)
    report = lab.fine()
    assert {issue.state for issue in lab.repo.issues()} == {"open"}
    # One more says what cannot be read.
    now = {issue.number: issue.assignees for issue in lab.repo.issues()}
    assert {number: now[number] for number in opened} == opened
    assert len(now) == len(opened) + 1
    assert report.assessment_input is not None
    bodies = [record.body for record in report.assessment_input.history.others]
    assert not any(isinstance(body, Removed | Superseded) for body in bodies)
    assert "jailbreak-filter" in {cell.subject for cell in report.cells if cell.state == "unreadable"}
    lab.later(days=1)
    lab.fine()
    with lab.box.readonly():
        assert lab.fine().done == ()


@pytest.mark.long
def test_a_reminder_goes_to_the_last_known_owner(lab: Lab) -> None:
    lab.fine()
    number = next(issue.number for issue in lab.repo.issues() if "filter" in issue.title)
    lab.register(STARTER.replace(b"    every:", b"    evry:", 1))
    lab.later(days=20)
    lab.fine()
    text = "\n".join(comment.body for comment in lab.repo.issue(number).comments)
    assert "@safety-lead" in text
    assert "Nobody can conclude this now: its register entry has an error" in text


TYPO = MITIGATIONS.replace(
    b"    last_assessed: 2026-11-01\n    every: 1 year\n", b"    last_assessed: 2026-11-01\n    evry: 1 year\n", 1
)


@pytest.fixture
def gate(make_lab: Callable[..., Lab]) -> GateLab:
    found = GateLab.of(make_lab({**FILES, MITIGATION_FILE: TYPO}))
    found.lab.fine()
    return found


@pytest.mark.long
def test_a_deployment_is_not_widened_while_its_mitigation_cannot_be_read(gate: GateLab) -> None:
    check = gate.judge(gate.propose({API: AUDIO}))
    assert check.conclusion == "FAILURE"
    assert "`filter` for `public-api` cannot be read: its register entry cannot be read" in check.summary.replace(
        "\\", ""
    )


@pytest.mark.long
def test_the_pull_request_that_mends_it_does_not_wait_for_it(gate: GateLab) -> None:
    check = gate.judge(gate.propose({MITIGATION_FILE: MITIGATIONS}))
    assert "cannot be read: its register entry" not in check.summary
    assert "is overdue" not in check.summary


MONITOR_TYPO = MITIGATIONS.replace(b"none}]}\n    every: 1 year\n", b"none}]}\n    evry: 1 year\n", 1)


@pytest.mark.long
@pytest.mark.parametrize(
    "text",
    [MONITOR_TYPO, MONITOR_TYPO.replace(b"    every: 1 year\n", b"    evry: 1 year\n", 1), TYPO.replace(b"id: filter", b"id: filtre")],
)  # fmt: skip
def test_a_typo_in_another_entry_is_another_error_whatever_it_is_called(gate: GateLab, text: bytes) -> None:
    check = gate.judge(gate.propose({MITIGATION_FILE: text}))
    assert check.title == "Blocked: the register has errors"
    assert "'evry' is not a key of a mitigation" in check.summary


@pytest.mark.long
def test_what_cannot_be_read_is_removed_by_signatures_alone(gate: GateLab) -> None:
    head, _, rest = TYPO.partition(b"  - id: filter\n")
    number = gate.propose({MITIGATION_FILE: head + b"  - id: monitor" + rest.partition(b"  - id: monitor")[2]})
    check = gate.judge(number)
    assert check.title == "Blocked: 2 sign-offs by red-team-lead and board for removed on filter"
    assert "It could not be read before, and would disappear" in check.summary
    gate.say("red-team-lead", number, "/reassay signoff all")
    gate.say("release-manager", number, "/reassay signoff all")
    assert gate.check(number).conclusion == "SUCCESS", gate.check(number).summary


@pytest.mark.long
def test_a_file_that_names_nothing_is_removed_by_signatures_alone(make_lab: Callable[..., Lab]) -> None:
    """What was in it is known from the ledger only."""
    drill = b"kind: mitigation\nid: drill\ntitle: Drill\nowner: auditor\nevery: 1 year\n"
    gate = GateLab.of(make_lab({**FILES, "framework/drill.yml": drill}))
    gate.lab.fine()
    gate.lab.register(b"\xff\xfe" + drill.decode().encode("utf-16-le"), "framework/drill.yml")
    gate.sweep()
    check = gate.judge(gate.propose({"framework/drill.yml": None}))
    assert check.title == "Blocked: 2 sign-offs by red-team-lead and board for removed on drill"
    assert "on the base: `framework/drill.yml`." in check.summary


@pytest.mark.long
def test_a_typo_on_the_base_supersedes_nothing_that_a_pull_request_waits_for(make_lab: Callable[..., Lab]) -> None:
    gate = GateLab.of(make_lab(dict(FILES)))
    gate.lab.fine()
    number = gate.propose({API: AUDIO})
    check = gate.judge(number)
    assert "`filter` for `public-api` must be decided before the merge" in check.summary
    (issue,) = (own.number for own in gate.lab.repo.issues() if "Input filter" in own.title)
    gate.lab.register(TYPO)
    # A second run writes nothing, although the first one is what knows since when.
    gate.sweep()
    assert gate.lab.repo.issue(issue).state == "open"
    assert "cannot be read: its register entry cannot be read since" in gate.check(number).summary
    gate.lab.register(MITIGATIONS)
    gate.sweep()
    assert gate.lab.repo.issue(issue).state == "open"
    check = gate.judge(number)
    assert "`filter` for `public-api` must be decided before the merge" in check.summary
    assert f"Decide it in #{issue}" in check.summary.replace("\u2060", "")
