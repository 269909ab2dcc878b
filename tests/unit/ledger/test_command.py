"""`reassay ledger` as people and programs meet it."""

import csv
import io
import json
from pathlib import Path

import pytest

from reassay.cli import main
from reassay.git.git import Git
from reassay.ledger.store.codec import object_at
from reassay.ledger.store.ed25519 import public_pem
from tests.unit.ledger.worlds import Ledger, commit, key, objects_of, pushed, records, ring, signed


@pytest.fixture
def git(tmp_path: Path) -> Git:
    return Git.new(tmp_path / "checkout")


def run(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    return main(["ledger", *arguments], out, err), out.getvalue(), err.getvalue()


def full_anchor(ledger: Ledger) -> str:
    return f"{len(ledger.state.entries)}:{ledger.state.last_digest}"


def test_verify_says_what_it_is_and_what_it_cannot_know(git: Git) -> None:
    ledger = signed(4)
    pushed(git, ledger)
    code, out, err = run("verify", str(git.folder))
    assert (code, err) == (0, "")
    for words in (
        "repository 7 on github.example",
        "self-attested",
        "no external anchor: ",
        "5 entries",
    ):
        assert words in out
    assert full_anchor(ledger).replace("sha256:", "") in out


def test_verify_with_an_anchor_and_a_key_in_a_file(git: Git, tmp_path: Path) -> None:
    ledger = signed(4)
    pushed(git, ledger)
    file = tmp_path / "key.pub"
    for text in (public_pem(key("old").public_key), key("old").public_key, key("old").id):
        file.write_text(text)
        code, out, _ = run("verify", str(git.folder), "--trusted-key", str(file), "--anchor", full_anchor(ledger))
        assert code == 0
        assert "which you trust or a trusted key introduced" in out
        assert "your anchor matches the last entry, 5" in out
    code, out, _ = run("verify", str(git.folder), "--trusted-key", key("new").id)
    assert code == 1
    assert "UNCONFIRMED" in out


def test_an_older_anchor_says_since_when(git: Git) -> None:
    ledger = signed(4)
    pushed(git, ledger)
    older = json.loads(run("log", str(git.folder), "--format", "json")[1])["entries"][1]["digest"]
    assert (
        "no external anchor since entry 2 of 2026-12-01" in run("verify", str(git.folder), "--anchor", f"2:{older}")[1]
    )


def test_verify_as_json(git: Git) -> None:
    pushed(git, signed(4))
    code, out, err = run("verify", str(git.folder), "--format", "json")
    document = json.loads(out)
    assert (code, err, document["schema"], document["result"]) == (0, "", "reassay/ledger-verify/v1", "fine")
    assert document["entries"] == [
        {"first": 1, "last": 5, "standing": "self-attested", "key": key("old").id, "covered_by": None}
    ]
    assert document["keys"][0]["public_key"] == key("old").public_key
    assert (document["count"], document["last"]["seq"], document["anchored"]) == (5, 5, None)


def test_a_broken_ledger_exits_1_and_every_finding_is_a_whole_one(git: Git) -> None:
    files = dict(signed(4).files)
    files["entries/0000/0000002.json"] = b"x"
    commit(git, files)
    code, out, _ = run("verify", str(git.folder))
    assert code == 1
    assert "BROKEN" in out
    assert "error entry-unreadable (entries/0000/0000002.json, entry 2)" in out
    document = json.loads(run("verify", str(git.folder), "--format", "json")[1])
    assert document["result"] == "broken"
    assert all(
        {"severity", "code", "path", "seq", "message", "why", "remedy"} == set(each) for each in document["findings"]
    )
    code, _, err = run("log", str(git.folder))
    assert code == 1
    assert "broken" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("verify", "--anchor", "5"), "is not a valid anchor"),
        (("verify", "--anchor", "5:abcd"), "at least 12 digits"),
        (("verify", "--trusted-key", "nowhere"), "is not a valid key"),
        (("show", "99"), "no entry 99"),
    ],
)
def test_what_cannot_be_used_exits_2(git: Git, arguments: tuple[str, ...], words: str) -> None:
    pushed(git, signed(2))
    name, *rest = arguments
    code, _, err = run(name, *rest, str(git.folder))
    assert (code, words in err) == (2, True)


def test_without_a_ledger_it_says_how_to_get_one(git: Git, tmp_path: Path) -> None:
    code, _, err = run("verify", str(git.folder))
    assert code == 2
    assert "`git fetch URL reassay-ledger:refs/heads/reassay-ledger`" in err
    assert run("verify", str(tmp_path / "nowhere"))[0] == 2


def test_a_private_key_is_no_trusted_key(git: Git, tmp_path: Path) -> None:
    pushed(git, signed(2))
    file = tmp_path / "key.pem"
    assert run("new-key", str(file))[0] == 0
    code, _, err = run("verify", str(git.folder), "--trusted-key", str(file))
    assert code == 2
    assert "private key" in err
    assert not any(line in err for line in file.read_text().splitlines()[1:-1])


def test_log_show_and_export(git: Git) -> None:
    ledger = signed(4)
    pushed(git, ledger)
    folder = str(git.folder)
    lines = run("log", folder)[1].splitlines()
    assert [line.split()[0] for line in lines[1 : lines.index("")]] == ["1", "2", "3", "4", "5"]
    rows = list(csv.DictReader(io.StringIO(run("log", folder, "--format", "csv")[1])))
    assert [row["kind"] for row in rows] == ["key-added", "opened", "opened", "decided", "decided"]
    assert run("export", folder, "--format", "csv")[1] == run("log", folder, "--format", "csv")[1]
    exported = json.loads(run("export", folder)[1])
    assert exported["schema"] == "reassay/ledger-export/v1"
    assert exported["entries"][3]["entry"]["body"]["kind"] == "decided"
    assert "tested" in exported["objects"].values()
    code, out, _ = run("show", "4", folder)
    assert (code, '"tested"' in out, "signed by key" in out) == (0, True, True)
    document = json.loads(run("show", "4", folder, "--format", "json")[1])
    assert (document["schema"], document["seq"]) == ("reassay/ledger-show/v1", 4)


def test_a_redacted_text_is_shown_as_redacted(git: Git) -> None:
    ledger = signed(4)
    gone = next(path for path, data in sorted(objects_of(ledger.files).items()) if data == b'"tested"')
    commit(git, {path: data for path, data in ledger.files.items() if path != gone})
    assert f"{object_at(gone)}: redacted" in run("show", "4", str(git.folder))[1]
    assert "1 redacted" in run("verify", str(git.folder))[1]


def test_another_host_than_the_checkouts_is_said(git: Git) -> None:
    pushed(git, signed(2))
    for url in ("https://user@other.example/o/r.git", "git@other.example:o/r.git", "ssh://git@other.example/o/r"):
        git.run("config", "remote.origin.url", url)
        assert "recorded on github.example; this checkout comes from other.example" in run("verify", str(git.folder))[1]
    git.run("config", "remote.origin.url", "https://github.example/o/r.git")
    assert "comes from" not in run("verify", str(git.folder))[1]


def test_a_rotated_ledger_names_its_keys(git: Git) -> None:
    ledger = Ledger()
    ledger.append(records(4)[:2], ring("old"))
    ledger.append(records(4)[2:], ring("new", previous=key("old")))
    pushed(git, ledger)
    out = run("verify", str(git.folder))[1]
    assert f"{key('old').id}: first, by entry 1, replaced" in out
    assert f"{key('new').id}: rotation, by entry 4, in force" in out


def test_anchors_are_given_several_times_and_in_files(git: Git, tmp_path: Path) -> None:
    ledger = signed(4)
    pushed(git, ledger)
    digests = {
        each["seq"]: each["digest"]
        for each in json.loads(run("log", str(git.folder), "--format", "json")[1])["entries"]
    }
    file = tmp_path / "anchors.txt"
    file.write_text(f"# kept by the auditor\n\n2:{digests[2][7:19]}  seen in a sweep\r\n3:{digests[3]}\n")
    asked = ("verify", str(git.folder), "--format", "json", "--anchor", str(file))
    assert json.loads(run(*asked)[1])["anchored"] == 3
    assert json.loads(run(*asked, "--anchor", f"4:{digests[4][7:]}")[1])["anchored"] == 4
    file.write_text(f"2:{digests[3][7:19]}\n3:{digests[3]}\n9:{digests[4]}\n")
    document = json.loads(run(*asked)[1])
    assert [(each["code"], each["seq"]) for each in document["findings"]] == [
        ("anchor-broken", 2),
        ("anchor-broken", 9),
    ]
    assert document["anchored"] == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# nothing yet\n", "has no anchor"),
        ("2:abc\n", "line 1"),
        ("\nseen 2:000000000000\n", "line 2"),
        (None, "is not a valid anchor"),
    ],
)
def test_a_file_without_anchors_is_never_taken_for_one_that_was_checked(
    git: Git, tmp_path: Path, text: str | None, words: str
) -> None:
    pushed(git, signed(2))
    file = tmp_path / "anchors.txt"
    if text is not None:
        file.write_text(text)
    code, out, err = run("verify", str(git.folder), "--anchor", str(file))
    assert (code, out, words in err) == (2, "", True)
