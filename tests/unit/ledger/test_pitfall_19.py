"""Pitfall 19: last entry cut, subject cut, branch rolled back, entry from elsewhere, one byte flipped, extra field or signature."""

import base64
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reassay.common.canonical import canonical
from reassay.git.git import Git
from reassay.ledger.state import Anchor
from reassay.ledger.store.branch import read_state
from reassay.ledger.store.chain import read_chain
from reassay.ledger.store.codec import BrokenLedgerError, decode, encode, entry_path
from reassay.ledger.store.envelope import Envelope
from tests.unit.ledger.worlds import (
    IDENTITY,
    Ledger,
    codes,
    commit,
    key,
    objects_of,
    pushed,
    records,
    ring,
    signed,
    verified,
)

Files = dict[str, bytes]
KINDS = ("unsigned", "signed", "migrated", "rotated")


@cache
def ledger(kind: str) -> Ledger:
    made = Ledger()
    for number, record in enumerate(records(6)):
        match kind:
            case "unsigned":
                made.append([record])
            case "signed":
                made.append([record], ring("old"))
            case "migrated":
                made.append([record], ring("old") if number >= 3 else None)
            case _:
                made.append([record], ring("new", previous=key("old")) if number >= 3 else ring("old"))
    return made


def checked(kind: str) -> Files:
    return {path: data for path, data in ledger(kind).files.items() if not path.startswith("objects/")}


def is_found(files: Files) -> bool:
    return any(each.severity == "error" for each in read_chain(files).findings)


def seqs(files: Files) -> list[int]:
    return sorted(int(path[-12:-5]) for path in files if path.startswith("entries/"))


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_found_in_a_ledger_as_written(kind: str) -> None:
    assert read_chain(checked(kind)).findings == ()


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(st.data(), st.sampled_from(KINDS))
def test_every_single_byte_changed_removed_or_added_is_found(data: st.DataObject, kind: str) -> None:
    files = checked(kind)
    path = data.draw(st.sampled_from(sorted(files)))
    raw = bytearray(files[path])
    position = data.draw(st.integers(0, len(raw) - 1))
    match data.draw(st.sampled_from(["change", "remove", "add"])):
        case "change":
            raw[position] ^= data.draw(st.integers(1, 255))
        case "remove":
            del raw[position]
        case _:
            raw.insert(position, data.draw(st.integers(0, 255)))
    if bytes(raw) != files[path]:
        assert is_found({**files, path: bytes(raw)})


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.data(), st.sampled_from(KINDS))
def test_entries_removed_reordered_duplicated_or_inserted_are_found(data: st.DataObject, kind: str) -> None:
    files = checked(kind)
    numbers = seqs(files)
    one = data.draw(st.sampled_from(numbers))
    match data.draw(st.sampled_from(["remove", "reorder", "duplicate", "append", "insert"])):
        case "remove":
            # With head and index left alone even the last one is missed.
            del files[entry_path(one)]
        case "reorder":
            order = data.draw(st.permutations(numbers).filter(lambda each: each != numbers))
            before = dict(files)
            files |= {entry_path(to): before[entry_path(frm)] for to, frm in zip(numbers, order, strict=True)}
        case "duplicate":
            other = data.draw(st.sampled_from([each for each in numbers if each != one]))
            files[entry_path(other)] = files[entry_path(one)]
        case "append":
            files[entry_path(numbers[-1] + 1)] = files[entry_path(one)]
        case _:
            shifted = {entry_path(each + 1): files[entry_path(each)] for each in numbers if each >= one}
            files |= shifted
    assert is_found(files)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(KINDS), st.integers(1, 6))
def test_an_entry_from_another_ledger_is_found(kind: str, seq: int) -> None:
    files = checked(kind)
    written = decode(seq, files[entry_path(seq)])
    other = written.entry.ledger.model_copy(update={"repository_id": 8})
    foreign = written.entry.model_copy(update={"ledger": other})
    assert is_found({**files, entry_path(seq): encode(foreign, key("old") if foreign.signed else None)})


def broken(change: Callable[[dict[str, object]], dict[str, object]], kind: str = "signed") -> bool:
    files = checked(kind)
    path = entry_path(2)
    changed = change(json.loads(files[path]))
    return is_found({**files, path: json.dumps(changed, separators=(",", ":"), sort_keys=True).encode()})


@pytest.mark.parametrize("kind", KINDS)
def test_a_field_more_in_the_envelope_is_found(kind: str) -> None:
    assert not broken(lambda envelope: envelope, kind)
    assert broken(lambda envelope: envelope | {"note": 1}, kind)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("where", ["predicate", "statement", "body"])
def test_a_field_more_in_the_payload_is_found_even_with_a_good_signature(kind: str, where: str) -> None:
    files = checked(kind)
    written = decode(2, files[entry_path(2)])
    statement = json.loads(written.envelope.payload)
    place = {"statement": statement, "predicate": statement["predicate"], "body": statement["predicate"]["body"]}[where]
    place["note"] = 1
    envelope = Envelope(written.envelope.kind, canonical(statement))
    data = (key("old").seal(envelope) if written.signer else envelope).encode()
    with pytest.raises(BrokenLedgerError):
        decode(2, data)
    assert is_found({**files, entry_path(2): data})


def test_one_signature_exactly() -> None:
    def twice(envelope: dict[str, object]) -> dict[str, object]:
        signatures = envelope["signatures"]
        assert isinstance(signatures, list)
        return envelope | {"signatures": [*signatures, *signatures]}

    assert broken(twice)
    assert broken(lambda envelope: envelope | {"signatures": []})
    assert broken(lambda envelope: envelope | {"signatures": [{"keyid": key("old").id, "sig": "eA=="}]}, "unsigned")


def test_a_signature_by_another_key_and_under_another_name_is_found() -> None:
    files = checked("signed")
    written = decode(3, files[entry_path(3)])
    other = key("thief").seal(written.envelope)
    assert other.signature
    assert is_found({**files, entry_path(3): other.encode()})
    named = json.loads(other.encode())
    named["signatures"][0]["keyid"] = key("old").id
    assert is_found({**files, entry_path(3): json.dumps(named, separators=(",", ":")).encode()})


def test_no_unsigned_entry_after_the_first_signed_one() -> None:
    files = checked("signed")
    last = seqs(files)[-1]
    entry = decode(last, files[entry_path(last)]).entry
    chain = read_chain({**files, entry_path(last): encode(entry.model_copy(update={"signed": False}))})
    assert "key-wrong" in {each.code for each in chain.findings}


def test_a_signature_in_another_base64_is_found() -> None:
    files = checked("signed")
    text = json.loads(files[entry_path(2)])["signatures"][0]["sig"]
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    loose = text[:-3] + letters[letters.index(text[-3]) + 1] + "=="
    assert base64.b64decode(loose) == base64.b64decode(text)
    assert is_found({**files, entry_path(2): files[entry_path(2)].replace(text.encode(), loose.encode())})


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_cut_tail_and_a_rolled_back_branch_are_found_with_an_anchor_only(kind: str, tmp_path: Path) -> None:
    whole = ledger(kind)
    anchor = Anchor(len(whole.state.entries), (whole.state.last_digest or "").removeprefix("sha256:"))
    earlier = Ledger(commits=whole.commits[:4])
    assert codes(verified(tmp_path / "a", earlier)) == set()
    found = verified(tmp_path / "b", earlier, anchors=(anchor,))
    assert codes(found) == {"anchor-broken"}
    assert "rolled back" in next(each.why for each in found.findings if each.code == "anchor-broken")
    assert verified(tmp_path / "c", whole, anchors=(anchor,)).anchored == anchor.seq


@pytest.mark.slow
def test_a_ledger_written_anew_from_some_entry_on_is_found_with_an_anchor(tmp_path: Path) -> None:
    whole, other = signed(6), Ledger()
    first, last = records(6)[:3], records(6)[3:]
    for record in (*first, *reversed(last)):
        other.append([record], ring("old"))
    seen = tuple(
        Anchor(entry.seq, decode(entry.seq, whole.files[entry_path(entry.seq)]).digest[7:])
        for entry in whole.state.entries
    )
    assert codes(verified(tmp_path / "a", other)) == set()
    found = verified(tmp_path / "b", other, anchors=seen)
    assert [each.seq for each in found.findings] == [5, 6, 7]
    assert found.anchored == 4


def test_a_whole_subject_cut_out_is_found(tmp_path: Path) -> None:
    """All entries of a re-assessment taken out, the rest numbered anew, index and head made to fit: by whoever has no key."""
    whole = ledger("signed")
    about = next(entry.about for entry in whole.state.entries if entry.about != "repository")
    forged = Ledger()
    forged.append([], ring("thief"))
    kept = [entry for entry in whole.state.entries[1:] if entry.about != about]
    for record, entry in zip(records(6), kept, strict=False):
        forged.append([record.model_copy(update={"body": entry.body})], ring("thief"))
    assert codes(verified(tmp_path / "a", forged, trusted=(key("old").id,))) == {"key-absent"}
    files = checked("signed")
    for entry in whole.state.entries:
        if entry.about == about:
            del files[entry_path(entry.seq)]
    assert is_found(files)


def test_reading_stops_with_the_place_of_the_first_wrong_thing(tmp_path: Path) -> None:
    files = dict(ledger("signed").files)
    del files[entry_path(2)]
    git = Git.new(tmp_path)
    with pytest.raises(BrokenLedgerError, match=r"entries/0000/0000002.json: entry 2 is missing"):
        read_state(git, commit(git, files))


def test_whatever_else_lies_on_the_branch_is_found(tmp_path: Path) -> None:
    files = dict(ledger("signed").files)
    assert objects_of(files)
    git = Git.new(tmp_path)
    for path in ("notes.txt", "entries/0000/1.json", "entries/0001/0000001.json", "index/zz.json", "objects/short"):
        with pytest.raises(BrokenLedgerError, match=r"not part of a ledger"):
            read_state(git, commit(git, {**files, path: b"{}"}))
    assert read_state(git, pushed(git, ledger("signed"))).entries[0].ledger == IDENTITY
