"""A file of an artifact: the named one or the only one, and nothing that an archive can do to this machine."""

import io
import zipfile
from pathlib import Path

import pytest

from reassay.evidence.files import archive_member
from reassay.evidence.files.archive_member import unpack
from reassay.evidence.readers.base import UnreadableResultError


def write(path: Path, members: dict[str, bytes]) -> Path:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in members.items():
            opened.writestr(name, content)
    path.write_bytes(buffer.getvalue())
    return path


def test_the_only_file_needs_no_name_and_one_of_several_does(tmp_path: Path) -> None:
    target = tmp_path / "target"
    assert unpack(write(tmp_path / "one.zip", {"logs/a.json": b"1"}), "", target) == "logs/a.json"
    assert target.read_bytes() == b"1"
    several = write(tmp_path / "two.zip", {"a.json": b"1", "b.json": b"2"})
    assert unpack(several, "b.json", target) == "b.json"
    assert target.read_bytes() == b"2"
    with pytest.raises(UnreadableResultError, match="the artifact has 2 files") as caught:
        unpack(several, "", target)
    assert "`a.json`, `b.json`" in caught.value.remedy
    with pytest.raises(UnreadableResultError, match=r"no file `c\.json`"):
        unpack(several, "c.json", target)


def test_a_name_that_leads_out_of_the_folder_is_only_a_name(tmp_path: Path) -> None:
    hostile = write(tmp_path / "hostile.zip", {"../../outside": b"1"})
    inside = tmp_path / "inside"
    inside.mkdir()
    assert unpack(hostile, "", inside / "target") == "../../outside"
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["hostile.zip", "target"]


def test_a_file_that_unpacks_to_far_more_than_it_is_packed_is_refused(tmp_path: Path) -> None:
    bomb = write(tmp_path / "bomb.zip", {"a.json": b"0" * 50_000_000})
    with pytest.raises(UnreadableResultError, match="unpacks to far more"):
        unpack(bomb, "", tmp_path / "target")
    assert (tmp_path / "target").stat().st_size < 20_000_000


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a zip"])
def test_what_is_no_whole_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "broken.zip").write_bytes(content)
    with pytest.raises(UnreadableResultError, match="not a whole zip archive"):
        unpack(tmp_path / "broken.zip", "", tmp_path / "target")


def test_an_archive_whose_content_is_damaged_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "damaged.zip", {"a.json": bytes(range(256)) * 50})
    data = bytearray(path.read_bytes())
    data[60] ^= 0xFF
    path.write_bytes(bytes(data))
    with pytest.raises(UnreadableResultError, match="not a whole zip archive"):
        unpack(path, "", tmp_path / "target")


def test_an_empty_archive_and_one_with_too_many_files_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreadableResultError, match="the artifact is empty"):
        unpack(write(tmp_path / "empty.zip", {}), "", tmp_path / "target")
    monkeypatch.setattr(archive_member, "MOST_MEMBERS", 3)
    many = write(tmp_path / "many.zip", {f"{number}": b"" for number in range(4)})
    with pytest.raises(UnreadableResultError, match="more than 3 files"):
        unpack(many, "", tmp_path / "target")
