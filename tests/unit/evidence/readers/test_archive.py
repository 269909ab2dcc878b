"""Archives from strangers."""

import io
import struct
import zipfile
from collections.abc import Iterator
from contextlib import suppress

import pytest

from reassay.evidence.readers import archive as module
from reassay.evidence.readers.archive import is_zip, opened_archive
from reassay.evidence.readers.base import HEAD, ResultFile, UnreadableResultError
from tests.unit.evidence.readers.files import zstd_zipfile


def result_file(raw: bytes) -> ResultFile:
    return ResultFile("log.eval", len(raw), raw[:HEAD], lambda: io.BytesIO(raw))


def archive(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zstd_zipfile.ZipFile(stream, "w", method) as written:
        for name, content in members.items():
            written.writestr(name, content)
    return stream.getvalue()


def content(raw: bytes, name: str) -> bytes:
    with opened_archive(result_file(raw)) as opened, opened.member(name) as stream:
        return stream.read(1 << 20)


def expanded(raw: bytes) -> Iterator[int]:
    with opened_archive(result_file(raw)) as opened:
        for name in opened.names():
            with opened.member(name) as stream:
                while data := stream.read(1 << 20):
                    yield len(data)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zstd_zipfile.ZIP_ZSTANDARD])
def test_members_read_the_same_however_they_are_packed(method: int) -> None:
    raw = archive({"a.json": b"{}" * 1_000}, method)
    assert is_zip(result_file(raw))
    assert content(raw, "a.json") == b"{}" * 1_000


def test_every_truncation_is_refused() -> None:
    raw = archive({"a.json": b"some content" * 9})
    for end in range(len(raw)):
        with pytest.raises(UnreadableResultError, match="damaged or cut off"):
            content(raw[:end], "a.json")


def test_a_flipped_byte_is_refused_or_changes_nothing() -> None:
    raw = archive({"a.json": b"some content" * 9})
    for place in range(len(raw)):
        changed = raw[:place] + bytes([raw[place] ^ 0x55]) + raw[place + 1 :]
        with suppress(UnreadableResultError):
            assert content(changed, "a.json") == b"some content" * 9


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zstd_zipfile.ZIP_ZSTANDARD])
def test_a_bomb_is_stopped_at_the_bound(method: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FREE_OF_RATIO", 16 << 20)
    raw = archive({f"{number}.json": bytes(4 << 20) for number in range(6)}, method)
    assert len(raw) < 32 << 10
    parts = expanded(raw)
    assert sum(next(parts) for _ in range(16)) == 16 << 20
    with pytest.raises(UnreadableResultError, match="expands to more than"):
        next(parts)


def test_a_member_that_declares_less_than_it_holds_is_refused() -> None:
    raw = bytearray(archive({"a.json": bytes(10_000_000)}))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = raw.index(signature) + offset
        raw[place : place + 4] = struct.pack("<I", 10)
    with pytest.raises(UnreadableResultError, match="cannot be unpacked"):
        content(bytes(raw), "a.json")


def test_a_table_of_contents_beyond_the_bound_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_DIRECTORY", 100_000)
    raw = archive({f"{'n' * 200}{number}": b"" for number in range(600)}, zipfile.ZIP_STORED)
    with pytest.raises(UnreadableResultError, match="table of contents"):
        content(raw, "n")


@pytest.mark.long
def test_a_hundred_thousand_members_are_fine() -> None:
    raw = archive({f"{number}": b"" for number in range(100_000)}, zipfile.ZIP_STORED)
    assert content(raw, "99999") == b""


def test_names_are_never_paths() -> None:
    assert content(archive({"../../etc/passwd": b"x"}), "../../etc/passwd") == b"x"


def test_a_missing_member_is_refused() -> None:
    with pytest.raises(UnreadableResultError, match="missing"):
        content(archive({"a": b""}), "b")


def test_an_encrypted_member_is_refused() -> None:
    raw = bytearray(archive({"a.json": b"x"}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        raw[raw.index(signature) + offset] |= 1
    with pytest.raises(UnreadableResultError, match="encrypted"):
        content(bytes(raw), "a.json")
