"""Every single byte of a ledger, one after the other: whichever is changed, verifying finds it. No sample, all of them."""

import pytest

from reassay.ledger.store.chain import read_chain
from reassay.ledger.store.codec import ENTRY_TYPE, entry_path
from reassay.ledger.store.envelope import Envelope, read_envelope
from tests.unit.ledger.worlds import Ledger, key, records, ring

KINDS = ("unsigned", "signed")
Files = dict[str, bytes]


def checked(kind: str) -> Files:
    ledger = Ledger()
    ledger.append(records(4)[:1], None if kind == "unsigned" else ring("old"))
    if kind == "rotated":
        ledger.append(records(4)[1:2], ring("new", previous=key("old")))
    return {path: data for path, data in ledger.files.items() if not path.startswith("objects/")}


def found(files: Files) -> bool:
    return any(each.severity == "error" for each in read_chain(files).findings)


def replacements(byte: int) -> set[int]:
    """The nearest one, the other case, and one that base64 and JSON take nearly everywhere."""
    return {byte ^ 1, byte ^ 0x20, ord("A")} - {byte}


@pytest.mark.parametrize("kind", KINDS)
def test_every_byte_of_every_file_changed(kind: str) -> None:
    files = checked(kind)
    assert not found(files)
    missed = [
        (path, position, byte)
        for path, data in files.items()
        for position in range(len(data))
        for byte in replacements(data[position])
        if not found({**files, path: data[:position] + bytes([byte]) + data[position + 1 :]})
    ]
    assert missed == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_byte_of_every_file_taken_out_and_doubled(kind: str) -> None:
    files = checked(kind)
    missed = [
        (path, position)
        for path, data in files.items()
        for position in range(len(data))
        for changed in (data[:position] + data[position + 1 :], data[: position + 1] + data[position:])
        if changed != data and not found({**files, path: changed})
    ]
    assert missed == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_file_taken_out_emptied_and_cut_anywhere(kind: str) -> None:
    files = checked(kind)
    for path, data in files.items():
        assert found({other: each for other, each in files.items() if other != path})
        assert [cut for cut in range(len(data)) if not found({**files, path: data[:cut]})] == []


@pytest.mark.parametrize("kind", [*KINDS, "rotated"])
def test_every_byte_of_what_was_signed_changed_inside_of_a_whole_envelope(kind: str) -> None:
    """The payload itself, encoded again: an attacker writes envelopes as well as this program does."""
    files = checked(kind)
    path = entry_path(2 if kind != "unsigned" else 1)
    envelope = read_envelope(files[path], ENTRY_TYPE)
    missed = [
        (position, byte)
        for position, old in enumerate(envelope.payload)
        for byte in replacements(old)
        if not found(
            {
                **files,
                path: Envelope(
                    ENTRY_TYPE,
                    envelope.payload[:position] + bytes([byte]) + envelope.payload[position + 1 :],
                    envelope.signature,
                ).encode(),
            }
        )
    ]
    assert missed == []
