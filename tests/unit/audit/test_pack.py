"""`reassay audit-pack` as people meet it: what is written, when nothing is, and what checking finds."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from reassay.ledger.store.codec import object_path
from tests.unit.audit.world import (
    END,
    FILES,
    REGISTER,
    START,
    Year,
    checkout,
    commit_ledger,
    commit_register,
    git_at,
    packed,
    run,
    text_digest,
    year,
)
from tests.unit.ledger.worlds import key, ring


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_pack_has_all_files_and_its_manifest_names_them(pack: Path) -> None:
    found = contents(pack)
    manifest = json.loads(found["manifest.json"])
    assert set(found) == FILES
    assert manifest["files"] == {
        name: hashlib.sha256(data).hexdigest() for name, data in found.items() if name != "manifest.json"
    }
    assert manifest["schema"] == "reassay/audit-pack/v1"
    assert manifest["register"]["to"]["files"].keys() == {"framework/mitigations.yml"}


@pytest.mark.slow
def test_the_same_input_gives_the_same_bytes_wherever_it_is(source: Path, pack: Path, tmp_path: Path) -> None:
    same = ("--sample", 2, "--seed", "2026 audit")
    assert contents(packed(tmp_path / "again", source, *same)) == contents(pack)
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--no-local", source, clone], check=True, capture_output=True)
    git_at(clone, "2027-02-01", "config", "core.compression", "0")
    git_at(clone, "2027-02-01", "gc", "-q", "--aggressive")
    git_at(clone, "2027-02-01", "config", "log.showSignature", "true")
    git_at(clone, "2027-02-01", "replace", "HEAD", "HEAD~1")
    (clone / "framework" / "mitigations.yml").write_text("not committed", encoding="utf-8")
    assert contents(packed(tmp_path / "elsewhere", clone, *same)) == contents(pack)


@pytest.mark.slow
def test_a_signed_ledger_says_whose_keys_and_the_readme_commands_hold(tmp_path: Path) -> None:
    source = checkout(tmp_path / "signed", keyring=ring("old"))
    made = packed(tmp_path / "pack", source, "--trusted-key", key("old").id)
    assert "which you trust or a trusted key introduced" in (made / "verify.txt").read_text(encoding="utf-8")
    assert (made / "keys").is_dir()
    assert run("audit-pack", "--check", made, "--trusted-key", key("old").id)[0] == 0
    code, out, _ = run("audit-pack", "--check", made, "--trusted-key", key("new").id)
    assert (code, "UNCONFIRMED" in out) == (1, True)
    anchor = json.loads((made / "manifest.json").read_bytes())["ledger"]["anchor"]
    said = readme_commands(made, tmp_path / "copy")
    assert "DIFFERS" not in said
    assert anchor in said
    assert "Signature Verified Successfully" in said
    assert "The same: all" in said


def readme_commands(made: Path, copy: Path) -> str:
    """What all commands of the README print, copied as they stand, in their order."""
    shutil.copytree(made, copy)
    readme = (made / "README.txt").read_text(encoding="utf-8")
    fences = [line for line in readme.splitlines() if "```" in line]
    assert fences == ["```sh", "```"] * (len(fences) // 2), "a fence shares its line with something"
    commands = copy.with_name("bin")
    commands.mkdir()
    (commands / "reassay").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m reassay "$@"\n', encoding="utf-8")
    (commands / "reassay").chmod(0o755)
    environment = {**os.environ, "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}"}
    said = ""
    for block in re.findall(r"^```sh\n(.*?)^```$", readme, re.DOTALL | re.MULTILINE):
        done = subprocess.run(
            ["bash", "-e"], input=block, cwd=copy, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (block, done.stdout, done.stderr)
        said += done.stdout
    return said


@pytest.mark.slow
def test_every_command_of_the_readme_runs_as_it_stands(pack: Path, tmp_path: Path) -> None:
    said = readme_commands(pack, tmp_path / "copy")
    assert f"The same: all {len(FILES)} files" in said
    assert "DIFFERS" not in said
    assert f'"at": "{END}' in said


@pytest.mark.slow
def test_keys_that_do_not_vouch_for_it_make_a_pack_that_says_so(tmp_path: Path) -> None:
    source = checkout(tmp_path / "signed", keyring=ring("old"))
    code, _, err = run(
        "audit-pack", "--from", START, "--to", END, tmp_path / "pack", source, "--trusted-key", key("new").id
    )
    assert (code, "unconfirmed" in err) == (1, True)
    assert json.loads((tmp_path / "pack" / "manifest.json").read_bytes())["ledger"]["result"] == "unconfirmed"


@pytest.mark.slow
def test_a_text_that_was_removed_reads_redacted(tmp_path: Path) -> None:
    source = checkout(tmp_path / "framework")
    gone = object_path(text_digest("why stretched"))
    commit_ledger(source, "2027-02-01", changed={gone: None})
    made = packed(tmp_path / "pack", source)
    assert "(redacted)" in (made / "decisions.csv").read_text(encoding="utf-8")
    assert "(redacted)" in (made / "index.html").read_text(encoding="utf-8")
    assert "1 redacted" in (made / "verify.txt").read_text(encoding="utf-8")
    assert run("audit-pack", "--check", made)[0] == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--from", "2026-12-31", "--to", "2026-01-01"), "before it begins"),
        (("--from", "2026-01-01", "--to", "9999-12-31"), "too far ahead"),
        (("--from", "2026-01-01"), "a first and a last day"),
        (("--from", "spring", "--to", "2026-01-01"), "is not a valid date"),
        (("--from", "2026-01-01", "--to", "2026-12-31", "--sample", "3"), "a size and a seed"),
        (("--from", "2026-01-01", "--to", "2026-12-31", "--sample", "0", "--seed", "s"), "is not a valid sample size"),
        (("--from", "2026-01-01", "--to", "2026-12-31", "--sample", "1", "--seed", "a\nb"), "not a valid seed"),
        (("--from", "2026-01-01", "--to", "2026-12-31", "--anchor", "5"), "is not a valid anchor"),
    ],
)
def test_what_cannot_be_used_writes_nothing(
    source: Path, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    code, out, err = run("audit-pack", *arguments, tmp_path / "pack", source)
    assert (code, out, words in err) == (2, "", True), err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_folder_that_is_not_empty_is_left_as_it_is(source: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    for place, words in ((tmp_path, "is not empty"), (tmp_path / "mine.txt", "is not a folder")):
        code, _, err = run("audit-pack", "--from", START, "--to", END, place, source)
        assert (code, words in err) == (2, True), err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    (tmp_path / "empty").mkdir()
    assert set(contents(packed(tmp_path / "empty", source))) == FILES
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_without_a_ledger_or_with_a_broken_one_there_is_no_pack(source: Path, tmp_path: Path) -> None:
    bare = tmp_path / "no-ledger"
    bare.mkdir()
    git_at(bare, "2026-01-01", "init", "-q", "-b", "main")
    commit_register(bare, "2026-01-01", REGISTER)
    asked = ("audit-pack", "--from", START, "--to", END, tmp_path / "pack")
    code, _, err = run(*asked, bare)
    assert (code, "there is no branch reassay-ledger" in err) == (2, True)
    broken = tmp_path / "broken"
    shutil.copytree(source, broken)
    commit_ledger(broken, "2027-02-01", changed={"entries/0000/0000009.json": b"{}"})
    code, _, err = run(*asked, broken)
    assert (code, "is broken" in err) == (1, True)
    assert run("audit-pack", "--check", tmp_path)[0] == 2
    assert not (tmp_path / "pack").exists()


def test_a_shallow_checkout_says_what_is_missing(source: Path, tmp_path: Path) -> None:
    clone = tmp_path / "shallow"
    subprocess.run(
        ["git", "clone", "-q", "--depth=1", "--no-single-branch", source.as_uri(), clone],
        check=True,
        capture_output=True,
    )
    code, _, err = run("audit-pack", "--from", START, "--to", END, tmp_path / "pack", clone)
    assert (code, "git fetch --unshallow" in err) == (2, True)


@pytest.mark.slow
def test_a_period_before_the_ledger_is_said_and_not_filled(source: Path, tmp_path: Path) -> None:
    made = packed(tmp_path / "pack", source, start=START.replace(year=2025), end=END.replace(year=2025))
    manifest = json.loads((made / "manifest.json").read_bytes())
    assert "The ledger begins on 2026-04-01, after this period" in manifest["remarks"][0]
    assert manifest["counts"]["obligations"] == {}
    assert manifest["register"]["from"]["commit"] is None
    assert run("audit-pack", "--check", made)[0] == 0
    partly = packed(tmp_path / "partly", source, start=START.replace(month=1), end=END)
    assert (
        "The ledger begins on 2026-04-01, after the first date"
        in json.loads((partly / "manifest.json").read_bytes())["remarks"][0]
    )


@pytest.mark.slow
def test_one_id_that_was_opened_twice_is_said(tmp_path: Path) -> None:
    twice = year()
    twice.count = 1
    twice.open("2027-01-06", "tardy", "2027-02-01")
    made = packed(tmp_path / "pack", checkout(tmp_path / "framework", twice), end=END.replace(year=2027))
    assert "R-2026-002 was opened 2 times" in json.loads((made / "manifest.json").read_bytes())["remarks"][0]


@pytest.mark.slow
def test_the_empty_year_has_a_pack_as_well(tmp_path: Path) -> None:
    one = year()
    made = packed(
        tmp_path / "pack",
        checkout(tmp_path / "framework", Year(one.story, one.objects)),
        start=END.replace(year=2028),
        end=END.replace(year=2028),
    )
    assert "Nothing was recorded in this period." in (made / "index.html").read_text(encoding="utf-8")
    assert run("audit-pack", "--check", made)[0] == 0
