"""The example on docs/reference/ledger.md is an entry of a recorded ledger, and can be computed again from the page alone."""

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest

from reassay.git.git import Git
from reassay.ledger.store.codec import ENTRY_TYPE, HEAD_TYPE, PREDICATE_TYPE, STATEMENT, decode, entry_path
from tests.unit.ledger.test_recorded_ledgers import FIXTURES

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "reference" / "ledger.md").read_text(encoding="utf-8")
EXAMPLE = ROOT / "docs" / "reference" / "ledger-example"
BLOCKS = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]


def held(name: str) -> object:
    return json.loads(base64.b64decode(json.loads((EXAMPLE / name).read_bytes())["payload"]))


@pytest.mark.parametrize("name", ["0000036.json", "0000037.json", "head.json"])
def test_the_example_is_of_the_recorded_ledger(name: str, tmp_path: Path) -> None:
    git = Git.new(tmp_path / "ledger")
    git.run("fetch", "--quiet", str(FIXTURES / "signed.bundle"), "reassay-ledger:refs/heads/reassay-ledger")
    path = name if name == "head.json" else entry_path(int(name.removesuffix(".json")))
    entry = git.find("refs/heads/reassay-ledger", path)
    assert entry
    assert git.read([entry.oid])[entry.oid] == (EXAMPLE / name).read_bytes()


def test_the_page_shows_what_the_files_hold() -> None:
    assert [held("0000037.json"), held("head.json")] == BLOCKS


def test_digests_are_of_the_file_and_link_the_entries() -> None:
    name = hashlib.sha256((EXAMPLE / "0000037.json").read_bytes()).hexdigest()
    assert f"`sha256:{name}` (anchor `37:{name[:12]}`)" in PAGE
    before = hashlib.sha256((EXAMPLE / "0000036.json").read_bytes()).hexdigest()
    assert BLOCKS[0]["predicate"]["prev"] == f"sha256:{before}"
    assert decode(37, (EXAMPLE / "0000037.json").read_bytes()).digest == f"sha256:{name}"


def test_types_and_every_field_are_named() -> None:
    assert all(f"`{name}`" in PAGE for name in (ENTRY_TYPE, HEAD_TYPE, PREDICATE_TYPE, STATEMENT))
    assert [key for key in BLOCKS[0]["predicate"] if f"`{key}`" not in PAGE] == []
    assert [key for key in BLOCKS[0]["predicate"]["comment"] if f"`{key}`" not in PAGE] == []


@pytest.mark.parametrize("seq", [1, 999, 1000, 1999, 2000, 1_234_567])
def test_the_folder_is_the_thousands(seq: int) -> None:
    assert entry_path(seq) == f"entries/{seq // 1000:04d}/{seq:07d}.json"
