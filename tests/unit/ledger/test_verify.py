"""What `verify` knows beyond the chain: objects, git's history, where the ledger is from."""

import subprocess
from pathlib import Path

import pytest

from reassay.git.git import LEDGER_BRANCH, Git
from reassay.ledger.store.codec import entry_path, object_at
from reassay.ledger.store.verification import VerificationOptions, verify
from tests.unit.ledger.worlds import WHO, codes, commit, objects_of, pushed, signed, verified


@pytest.fixture
def git(tmp_path: Path) -> Git:
    return Git.new(tmp_path / "ledger.git")


def test_a_whole_ledger_is_fine(tmp_path: Path) -> None:
    found = verified(tmp_path, signed(4))
    assert found.findings == ()
    assert (found.history.commits, found.history.is_shallow, found.objects.redacted) == (4, False, ())


def test_a_removed_object_is_redacted_and_not_broken(git: Git) -> None:
    ledger = signed(4)
    first = pushed(git, ledger)
    gone = min(objects_of(ledger.files))
    found = verify(
        git,
        commit(git, {path: data for path, data in ledger.files.items() if path != gone}, first),
        VerificationOptions(),
    )
    assert found.is_fine
    assert found.objects.redacted == (object_at(gone),)
    assert found.history.redactions == (gone,)


@pytest.mark.parametrize(
    ("path", "data", "expected"),
    [
        ("object", b'"tampered"', {"object-changed", "history-rewritten"}),
        ("objects/" + "0" * 64, b"{}", {"object-unnamed"}),
        ("README.md", b"hello", {"stray"}),
    ],
)
def test_objects_that_are_not_what_they_were(git: Git, path: str, data: bytes, expected: set[str]) -> None:
    ledger = signed(4)
    place = min(objects_of(ledger.files)) if path == "object" else path
    found = verify(git, commit(git, {**ledger.files, place: data}, pushed(git, ledger)), VerificationOptions())
    assert codes(found) == expected


@pytest.mark.parametrize("change", ["removed", "changed"])
def test_an_entry_that_was_changed_and_put_back_is_found_in_the_history(git: Git, change: str) -> None:
    ledger = signed(4)
    first = pushed(git, ledger)
    path = entry_path(3)
    damaged = {**ledger.files, path: b"x"}
    if change == "removed":
        del damaged[path]
    last = commit(git, ledger.files, commit(git, damaged, first))
    found = verify(git, last, VerificationOptions())
    assert codes(found) == {"history-rewritten"}
    said = [each for each in found.findings if each.code == "history-rewritten"]
    assert change in said[0].what
    assert {each.path for each in said} == {path}


def test_a_merge_and_a_second_beginning_are_found(git: Git) -> None:
    ledger = signed(3)
    last, other = pushed(git, ledger), commit(git, ledger.files)
    tree = git.run("rev-parse", f"{last}^{{tree}}").decode().strip()
    merge = git.run(*WHO, "commit-tree", tree, "-p", last, "-p", other, "-m", "x").decode().strip()
    found = verify(git, merge, VerificationOptions())
    assert codes(found) == {"history-merged"}
    assert len([each for each in found.findings if each.code == "history-merged"]) == 2


def test_a_shallow_history_is_said_so(git: Git, tmp_path: Path) -> None:
    pushed(git, signed(4))
    clone = tmp_path / "clone"
    command = ["git", "clone", "--quiet", "--depth=1", f"--branch={LEDGER_BRANCH}", f"file://{git.folder}", str(clone)]
    subprocess.run(command, check=True, capture_output=True)
    shallow = Git(clone)
    found = verify(shallow, shallow.resolve("HEAD") or "", VerificationOptions())
    assert (found.history.commits, found.history.is_shallow) == (1, True)
    assert found.is_fine


@pytest.mark.slow
def test_replaced_commits_and_strange_names_do_not_hide_anything(git: Git) -> None:
    ledger = signed(4)
    first = pushed(git, ledger)
    bad = commit(git, {**ledger.files, entry_path(2): b"x"}, first)
    last = commit(git, ledger.files, bad)
    clean = commit(git, ledger.files, first)
    git.run("update-ref", f"refs/replace/{bad}", clean)
    assert "history-rewritten" in codes(verify(git, last, VerificationOptions()))
    strange = commit(git, {**ledger.files, "\x01:M\nname": b"x"}, first)
    assert codes(verify(git, strange, VerificationOptions())) == {"stray"}


def test_where_it_is_from(tmp_path: Path) -> None:
    assert codes(verified(tmp_path / "a", signed(2), repository_id=7)) == set()
    found = verified(tmp_path / "b", signed(2), repository_id=8)
    assert codes(found) == {"of-another-repository"}
    assert "of repository 7 on github.example" in found.findings[0].what


def test_everything_wrong_is_listed_with_its_place_and_what_to_do(git: Git) -> None:
    files = dict(signed(6).files)
    files[entry_path(2)] = b"x"
    del files[entry_path(4)], files[entry_path(5)]
    found = verify(git, commit(git, files), VerificationOptions())
    assert {(each.code, each.seq) for each in found.findings} >= {("entry-unreadable", 2), ("entry-missing", 4)}
    assert all(each.what and each.why and each.remedy and each.path for each in found.findings)


def test_an_empty_branch_is_no_ledger(git: Git) -> None:
    assert "no-entries" in codes(verify(git, commit(git, {"head.json": b"{}"}), VerificationOptions()))
