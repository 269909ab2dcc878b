"""Somebody who may write to the branch, and knows this program, against `verify`: by git's own means, and by laws."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reassay.git.git import LEDGER_BRANCH, Git
from reassay.ledger.entry import Entry
from reassay.ledger.index import Index
from reassay.ledger.state import Anchor
from reassay.ledger.store.branch import read_objects, read_state
from reassay.ledger.store.chain import read_chain
from reassay.ledger.store.codec import (
    ENTRY_TYPE,
    BrokenLedgerError,
    decode,
    encode,
    encode_head,
    entry_path,
    head_payload,
    object_at,
    object_path,
    part_path,
)
from reassay.ledger.store.envelope import Envelope
from reassay.ledger.store.keyring import Keyring
from reassay.ledger.store.verification import VerificationOptions, verify
from tests.unit.ledger.worlds import WHO, Ledger, codes, commit, key, objects_of, pushed, ring, signed, superseded

Files = dict[str, bytes]


@pytest.fixture
def git(tmp_path: Path) -> Git:
    return Git.new(tmp_path / "ledger.git")


def forged(entries: list[Entry], keyring: Keyring | None, *, from_seq: int = 1, before: Files | None = None) -> Files:
    """A branch whose numbers, links, index and head all fit, by whoever holds `keyring`; entries before `from_seq` stay."""
    kept = [entry for entry in entries if entry.seq < from_seq]
    files = {entry_path(entry.seq): (before or {})[entry_path(entry.seq)] for entry in kept}
    previous = decode(kept[-1].seq, files[entry_path(kept[-1].seq)]).digest if kept else None
    made = list(kept)
    for seq, entry in enumerate(entries[len(kept) :], from_seq):
        signer = keyring.signer_for(entry.body) if keyring else None
        linked = entry.model_copy(update={"seq": seq, "prev": previous, "signed": signer is not None})
        files[entry_path(seq)] = encode(linked, signer)
        previous = decode(seq, files[entry_path(seq)]).digest
        made.append(linked)
    _, parts = Index.of(made).write()
    files |= {part_path(place): data for place, data in parts.items()}
    last = made[-1]
    payload = head_payload(last.ledger, (last.seq, previous or ""), parts[""])
    return files | {"head.json": encode_head(payload, keyring.signer if keyring else None)}


def errors(files: Files) -> set[str]:
    return {each.code for each in read_chain(files).findings if each.severity == "error"}


WHOLE = signed(6)
ENTRIES = list(WHOLE.state.entries)


def test_what_the_forger_makes_with_the_right_key_is_whole() -> None:
    """Otherwise the tests below would show nothing."""
    assert errors(forged(ENTRIES, ring("old"))) == set()


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from([None, "thief"]))
def test_entries_reordered_removed_doubled_or_inserted_by_whoever_has_not_the_key(
    data: st.DataObject, name: str | None
) -> None:
    """With numbers, links, index and head made to fit: there is nothing left but the signatures, and they are enough."""
    order = data.draw(
        st.lists(st.sampled_from(ENTRIES[1:]), min_size=1, max_size=7).filter(lambda each: each != ENTRIES[1:])
    )
    files = forged([ENTRIES[0], *order], ring(name) if name else None, from_seq=2, before=WHOLE.files)
    assert "key-wrong" in errors(files)


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 7), st.integers(1, 6), st.sampled_from(["seq", "whole"]))
def test_a_good_signature_in_another_place_is_no_good(at: int, of: int, what: str) -> None:
    if at == of:
        return
    stolen = decode(of, WHOLE.files[entry_path(of)])
    data = WHOLE.files[entry_path(of)]
    if what == "seq":
        moved = stolen.entry.model_copy(update={"seq": at, "prev": ENTRIES[at - 1].prev})
        sealed = encode(moved, key("old"))
        envelope = json.loads(sealed)
        envelope["signatures"] = json.loads(data)["signatures"]
        data = json.dumps(envelope, separators=(",", ":"), sort_keys=True).encode()
    assert errors({**WHOLE.files, entry_path(at): data})


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 6))
def test_a_tail_that_was_cut_and_a_branch_rolled_back_are_found_by_every_later_anchor(length: int) -> None:
    cut = forged(ENTRIES[:length], ring("old"))
    assert errors(cut) == set()
    state = read_chain(cut).written
    for seq in range(1, len(ENTRIES) + 1):
        name = decode(seq, WHOLE.files[entry_path(seq)]).digest
        anchor = Anchor(seq, name.removeprefix("sha256:")[:12])
        stands = any(each.entry.seq == seq and anchor.names(each.digest) for each in state)
        assert stands == (seq <= length)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_part_of_the_index_and_the_head_swapped_for_another(data: st.DataObject) -> None:
    ledger = long()
    views = sorted(path for path in ledger.files if path.startswith("index") or path == "head.json")
    one = data.draw(st.sampled_from(views))
    other = data.draw(st.sampled_from([path for path in views if ledger.files[path] != ledger.files[one]]))
    assert errors({**ledger.files, one: ledger.files[other]})
    older = data.draw(st.sampled_from(ledger.commits[:-1]))
    if older.get(one) not in {None, ledger.files[one]}:
        assert errors({**ledger.files, one: older[one]})


@cache
def long() -> Ledger:
    """Long enough for an index of several parts."""
    ledger = Ledger()
    for start in range(0, 40, 10):
        ledger.append([superseded(number) for number in range(start, start + 10)], ring("old"))
    return ledger


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_objects_taken_out_are_redacted_and_objects_swapped_are_found(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    git = Git.new(tmp_path_factory.mktemp("ledger"))
    held = sorted(objects_of(WHOLE.files))
    gone = data.draw(st.sets(st.sampled_from(held), min_size=1))
    found = verify(
        git, commit(git, {path: each for path, each in WHOLE.files.items() if path not in gone}), VerificationOptions()
    )
    assert found.is_fine
    assert set(found.objects.redacted) == {object_at(path) for path in gone}
    one, other = data.draw(st.permutations(held))[:2]
    swapped = {**WHOLE.files, one: WHOLE.files[other], other: WHOLE.files[one]}
    found = verify(git, commit(git, swapped), VerificationOptions())
    assert {(each.code, each.path) for each in found.findings} == {("object-changed", one), ("object-changed", other)}


def test_replaced_blobs_do_not_count(git: Git) -> None:
    """A mirrored clone brings `refs/replace` along: what git shows then is not what the branch holds."""
    path = entry_path(2)
    bad = WHOLE.files[path].replace(b"payload", b"payl0ad", 1)
    last = commit(git, {**WHOLE.files, path: bad})
    oids = [git.run("hash-object", "-w", "--stdin", data=data).decode().strip() for data in (bad, WHOLE.files[path])]
    git.run("update-ref", f"refs/replace/{oids[0]}", oids[1])
    assert git.run("cat-file", "blob", oids[0]) == WHOLE.files[path]
    assert "entry-unreadable" in codes(verify(git, last, VerificationOptions()))


def by_hand(git: Git, tree: bytes) -> str:
    """A commit of a tree that git itself would not write."""
    oid = git.run("hash-object", "-t", "tree", "--literally", "-w", "--stdin", data=tree).decode().strip()
    return git.run(*WHO, "commit-tree", oid, "-m", "x").decode().strip()


def raw_tree(git: Git, at: str) -> bytes:
    return git.run("cat-file", "tree", at)


def test_a_path_that_is_there_twice_is_found(git: Git) -> None:
    last = pushed(git, WHOLE)
    forged_head = git.run("hash-object", "-w", "--stdin", data=b"{}").decode().strip()
    twice = b"100644 head.json\0" + bytes.fromhex(forged_head) + raw_tree(git, f"{last}^{{tree}}")
    made = by_hand(git, twice)
    assert "named-twice" in codes(verify(git, made, VerificationOptions()))
    with pytest.raises(BrokenLedgerError, match="more than once"):
        read_state(git, made)


@pytest.mark.parametrize("mode", ["100755", "120000"])
@pytest.mark.parametrize("which", ["entry", "head", "part", "object"])
def test_what_is_no_plain_file_is_found(git: Git, mode: str, which: str) -> None:
    last = pushed(git, WHOLE)
    path = {"entry": entry_path(7), "head": "head.json", "part": "index.json", "object": min(objects_of(WHOLE.files))}[
        which
    ]
    oid = git.run("rev-parse", f"{last}:{path}").decode().strip()
    git.run("read-tree", last)
    git.run("update-index", "-z", "--index-info", data=f"{mode} {oid}\t{path}\0".encode())
    tree = git.run("write-tree").decode().strip()
    made = git.run(*WHO, "commit-tree", tree, "-m", "x").decode().strip()
    assert codes(verify(git, made, VerificationOptions()))
    if which == "object":
        name = object_at(path) or ""
        assert read_objects(git, made, [name]) == {}


@pytest.mark.parametrize(
    "path",
    [
        f"entries/0000/{'9' * 5000}.json",
        "entries/0000/00000000000000000000001.json",
        "entries/0000/0000000.json",
        f"index/{'/'.join('0' * 64)}.json",
        f"objects/0/0/0/{'1' * 64}",
        "objects/0/0/" + "0" * 64,
        "index/A.json",
    ],
)
def test_paths_that_no_program_of_ours_writes_are_named_and_crash_nothing(path: str) -> None:
    assert errors({**WHOLE.files, path: b"{}"})


@pytest.mark.slow
def test_a_path_that_is_no_text_is_named_on_the_terminal_and_in_json(git: Git) -> None:
    last = pushed(git, WHOLE)
    blob = git.run("hash-object", "-w", "--stdin", data=b"{}").decode().strip()
    # Names of a tree are in the order of their bytes: this one comes last.
    strange = raw_tree(git, f"{last}^{{tree}}") + b"100644 \xff\x1b]0;\x07\0" + bytes.fromhex(blob)
    git.run("update-ref", f"refs/heads/{LEDGER_BRANCH}", by_hand(git, strange))
    for form in ("text", "json"):
        command = [sys.executable, "-m", "reassay", "ledger", "verify", str(git.folder), "--format", form]
        done = subprocess.run(command, capture_output=True, check=False)
        assert (done.returncode, b"Traceback" in done.stderr) == (1, False)
        assert b"stray" in done.stdout
        assert b"\x1b" not in done.stdout


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e400", "-0.0", "9007199254740993", "1.0", "01"])
def test_numbers_that_json_writes_in_two_ways_are_found_and_crash_nothing(number: str) -> None:
    written = decode(2, WHOLE.files[entry_path(2)])
    for field in (b'"seq":2', b'"version":1'):
        assert field in written.envelope.payload
        payload = written.envelope.payload.replace(field, field.partition(b":")[0] + b":" + number.encode())
        data = key("old").seal(Envelope(ENTRY_TYPE, payload)).encode()
        assert errors({**WHOLE.files, entry_path(2): data}) >= {"entry-unreadable"}


@pytest.mark.parametrize("text", ['"\\ud800"', '"\\u0061"', '"a","a":"b"', "[" * 5000, '{"a":' * 5000])
def test_text_that_json_writes_in_two_ways_is_found_and_crashes_nothing(text: str) -> None:
    written = decode(2, WHOLE.files[entry_path(2)])
    payload = written.envelope.payload.replace(b'"base_ref":"main"', b'"base_ref":' + text.encode())
    data = key("old").seal(Envelope(ENTRY_TYPE, payload)).encode()
    assert payload != written.envelope.payload
    assert "entry-unreadable" in errors({**WHOLE.files, entry_path(2): data})


def test_an_object_put_back_in_another_place_is_found(git: Git) -> None:
    """Redacted, and a copy of another content under a name that looks like it."""
    path = min(objects_of(WHOLE.files))
    digits = (object_at(path) or "").removeprefix("sha256:")
    wrong = f"objects/{digits}"
    files = {**WHOLE.files, wrong: b'"other"'}
    del files[path]
    assert codes(verify(git, commit(git, files), VerificationOptions())) == {"object-changed"}
    assert object_path(f"sha256:{digits}") == path


def test_a_second_object_in_the_place_of_the_first_versions_is_found(git: Git) -> None:
    path = min(objects_of(WHOLE.files))
    digits = (object_at(path) or "").removeprefix("sha256:")
    files = {**WHOLE.files, f"objects/{digits}": b'"hidden"'}
    assert codes(verify(git, commit(git, files), VerificationOptions())) == {"stray"}
