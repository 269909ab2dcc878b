"""`reassay audit-pack --check`: whatever was changed in a pack is found, and named."""

import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest

from tests.unit.audit.world import FILES, changed, checkout, packed, run, year


@pytest.mark.slow
def test_checking_a_pack_that_nobody_touched(pack: Path, source: Path) -> None:
    code, out, err = run("audit-pack", "--check", pack)
    assert (code, err) == (0, "")
    assert f"The same: all {len(FILES)} files" in out
    anchor = json.loads((pack / "manifest.json").read_bytes())["ledger"]["anchor"]
    code, out, _ = run("audit-pack", "--check", pack, "--anchor", anchor)
    assert (code, "your anchor matches the last entry, 36" in out) == (0, True)
    assert run("ledger", "verify", source, "--anchor", anchor)[0] == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(FILES))
def test_a_change_of_any_file_is_found(pack: Path, tmp_path: Path, name: str) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(pack, copy)
    data = (copy / name).read_bytes()
    for other in (data + b"x", data[:-20] + b"y" + data[-19:], b""):
        with changed(copy / name, other):
            code, out, _ = run("audit-pack", "--check", copy)
            assert (code, name in out) == (1, True), out
    (copy / name).unlink()
    assert run("audit-pack", "--check", copy)[0] in {1, 2}


def test_a_figure_that_was_changed_together_with_the_manifest_is_named(pack: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(pack, copy)
    better = (
        (copy / "obligations.csv")
        .read_bytes()
        .replace(b",late,2026-05-05,degraded,15,", b",on time,2026-05-05,effective,0,")
    )
    (copy / "obligations.csv").write_bytes(better)
    manifest = json.loads((copy / "manifest.json").read_bytes())
    manifest["files"]["obligations.csv"] = hashlib.sha256(better).hexdigest()
    manifest["counts"]["obligations"]["on time"] += 1
    (copy / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    code, out, _ = run("audit-pack", "--check", copy)
    assert code == 1
    assert "obligations.csv, line 2, days_late: '0', but '15' follows from the pack" in out
    assert "manifest.json, counts > obligations > on time: '2', but '1' follows from the pack" in out


@pytest.mark.slow
def test_other_parameters_do_not_pass_for_those_of_the_pack(pack: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(pack, copy)
    text = (copy / "manifest.json").read_text(encoding="utf-8")
    for before, after in (
        ('"end": "2026-12-31"', '"end": "2026-11-30"'),
        ('"seed": "2026 audit"', '"seed": "another"'),
        ("Europe/Berlin", "Asia/Tokyo"),
    ):
        (copy / "manifest.json").write_text(text.replace(before, after), encoding="utf-8")
        assert run("audit-pack", "--check", copy)[0] == 1


@pytest.mark.parametrize(
    "hostile", ['"version": "0.1.0; true"', '"anchors": ["1:000000000000; true"]', '"trusted_keys": ["$(true)"]']
)
def test_a_pack_cannot_bring_its_own_commands_into_its_readme(pack: Path, tmp_path: Path, hostile: str) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(pack, copy)
    name = hostile.partition(":")[0]
    text = (copy / "manifest.json").read_text(encoding="utf-8")
    (copy / "manifest.json").write_text(re.sub(rf"{name}: [^,\n]*", lambda _: hostile, text, count=1), encoding="utf-8")
    code, out, _ = run("audit-pack", "--check", copy)
    assert (code, "manifest.json: it cannot be read" in out) == (1, True), out


@pytest.mark.slow
def test_a_file_that_was_added_and_a_link_are_no_part_of_a_pack(pack: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(pack, copy)
    (copy / "more.txt").write_text("x", encoding="utf-8")
    assert "more.txt: not part of the pack" in run("audit-pack", "--check", copy)[1]
    (copy / "more.txt").unlink()
    (copy / "verify.txt").rename(tmp_path / "verify.txt")
    (copy / "verify.txt").symlink_to(tmp_path / "verify.txt")
    assert "verify.txt: missing" in run("audit-pack", "--check", copy)[1]


@pytest.mark.slow
def test_a_ledger_written_anew_needs_an_anchor_to_be_found(pack: Path, tmp_path: Path) -> None:
    other = year()
    del other.story.entries[8:12]
    anew = packed(tmp_path / "anew", checkout(tmp_path / "other", other))
    anchor = json.loads((pack / "manifest.json").read_bytes())["ledger"]["anchor"]
    assert run("audit-pack", "--check", anew)[0] == 0
    code, out, _ = run("audit-pack", "--check", anew, "--anchor", anchor)
    assert (code, "BROKEN" in out) == (1, True)
