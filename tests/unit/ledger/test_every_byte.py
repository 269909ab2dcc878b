"""Every single byte of a ledger, one after the other: whichever is changed, verifying finds it. No sample, all of them."""

from collections.abc import Callable

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


Change = Callable[[int], set[int]]


def nearest(byte: int) -> set[int]:
    return {byte ^ 1}


def others(byte: int) -> set[int]:
    """The other case, and one that base64 and JSON take nearly everywhere."""
    return {byte ^ 0x20, ord("A")} - {byte, byte ^ 1}


EACH = [
    (kind, change)
    if (kind, change) in {("unsigned", nearest), ("unsigned", others), ("signed", nearest), ("rotated", nearest)}
    else pytest.param(kind, change, marks=pytest.mark.long)
    for kind in (*KINDS, "rotated")
    for change in (nearest, others)
]
"""Where each byte is changed once in each kind of ledger, the other changes of it are more of the same."""


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "change"), EACH[:4])
def test_every_byte_of_every_file_changed(kind: str, change: Change) -> None:
    files = checked(kind)
    assert not found(files)
    missed = [
        (path, position, byte)
        for path, data in files.items()
        for position in range(len(data))
        for byte in change(data[position])
        if not found({**files, path: data[:position] + bytes([byte]) + data[position + 1 :]})
    ]
    assert missed == []


@pytest.mark.slow
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


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "change"), EACH)
def test_every_byte_of_what_was_signed_changed_inside_of_a_whole_envelope(kind: str, change: Change) -> None:
    """The payload itself, encoded again: an attacker writes envelopes as well as this program does."""
    files = checked(kind)
    path = entry_path(2 if kind != "unsigned" else 1)
    envelope = read_envelope(files[path], ENTRY_TYPE)
    missed = [
        (position, byte)
        for position, old in enumerate(envelope.payload)
        for byte in change(old)
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
