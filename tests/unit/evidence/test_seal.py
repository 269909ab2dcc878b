"""Sealing names a file so that it can be shown later to have been this one, and says nothing of its content."""

import hashlib
import hmac
import io
import json
import stat
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reassay.cli import main
from reassay.commands.evidence import Evidence
from reassay.commands.registry import parse_comment
from reassay.evidence.sealing import salted_digest
from reassay.register.evidence_item import Sealed

WORDS = ("--custodian", "auditor", "--until", "2030-01-01", "--summary", "the filter held in all 40 tries")


def run(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    code = main(["evidence", *arguments], out, err)
    return code, out.getvalue(), err.getvalue()


@given(st.binary(min_size=32, max_size=32), st.lists(st.binary(max_size=50), max_size=5))
def test_the_digest_is_hmac_sha256_however_the_file_is_read(salt: bytes, chunks: list[bytes]) -> None:
    expected = hmac.new(salt, b"".join(chunks), hashlib.sha256).hexdigest()
    assert salted_digest(salt, chunks) == f"sha256:{expected}"


def test_the_line_it_prints_is_a_command_and_the_block_is_a_register_object(tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(b"confidential")
    code, out, err = run("seal", str(file), *WORDS)
    assert code == 0
    line = next(each for each in out.splitlines() if each.startswith("/reassay"))
    (command,) = parse_comment(line)
    assert isinstance(command, Evidence)
    assert command.source is not None
    block = yaml.safe_load(out[out.index("sealed:\n") :])["sealed"]
    sealed = Sealed.model_validate_json(json.dumps(block, default=str))
    assert (command.source.digest, command.source.custodian) == (sealed.salted_digest, sealed.custodian)
    assert "confidential" not in out
    salt = tmp_path / "report.pdf.salt"
    assert str(salt) in err
    assert stat.S_IMODE(salt.stat().st_mode) == 0o600
    assert salt.read_text().strip() not in out + err


def test_the_file_is_recognised_with_its_salt_and_only_then(tmp_path: Path) -> None:
    file, other = tmp_path / "report", tmp_path / "other"
    file.write_bytes(b"one")
    other.write_bytes(b"two")
    document = json.loads(run("seal", str(file), *WORDS, "--format", "json")[1])
    where = ("--salt-file", document["salt_file"], "--digest", document["salted_digest"])
    assert run("check", str(file), *where)[0] == 0
    code, out, _ = run("check", str(other), *where)
    assert (code, out.strip()) == (1, f"{other} is not the file that was sealed.")
    again = json.loads(run("seal", str(file), *WORDS, "--format", "json", "--salt-file", str(tmp_path / "s"))[1])
    assert again["salted_digest"] != document["salted_digest"], "two seals of one file cannot be told to be of one file"


def test_a_salt_is_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "report"
    file.write_bytes(b"one")
    assert run("seal", str(file), *WORDS)[0] == 0
    before = (tmp_path / "report.salt").read_text()
    code, _, err = run("seal", str(file), *WORDS)
    assert code == 2
    assert "this salt file exists already" in err
    assert (tmp_path / "report.salt").read_text() == before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"file": "absent"}, "the file cannot be read"),
        ({"file": "."}, "the file cannot be read"),
        ({"file": "empty"}, "the file is empty"),
        ({"--until": "soon"}, "'soon' is not a valid date"),
        ({"--custodian": "not a login"}, "'not a login' is not a valid login"),
        ({"--summary": "  "}, "the summary is empty"),
        ({"--locator": "two words"}, "'two words' contains spaces"),
    ],
)
def test_what_cannot_be_sealed_is_said(tmp_path: Path, change: dict[str, str], words: str) -> None:
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "report").write_bytes(b"one")
    given_words = dict(zip(WORDS[::2], WORDS[1::2], strict=True)) | change
    file = given_words.pop("file", "report")
    code, out, err = run("seal", str(tmp_path / file), *(word for pair in given_words.items() for word in pair))
    assert (code, out) == (2, "")
    assert words in err
    assert not list(tmp_path.glob("*.salt"))


@pytest.mark.parametrize("salt", ["", "zz", "00" * 31, "not there"])
def test_a_wrong_salt_is_said(tmp_path: Path, salt: str) -> None:
    (tmp_path / "report").write_bytes(b"one")
    if salt != "not there":
        (tmp_path / "salt").write_text(salt)
    code, _, err = run(
        "check", str(tmp_path / "report"), "--salt-file", str(tmp_path / "salt"), "--digest", "sha256:" + "0" * 64
    )
    assert code == 2
    assert "salt" in err
