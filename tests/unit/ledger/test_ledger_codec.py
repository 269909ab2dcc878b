"""The ledger's bytes: one form only, one chain, and every change of them is found."""

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reassay.git.git import Git
from reassay.ledger.entry import Entry
from reassay.ledger.state import LedgerState
from reassay.ledger.store.branch import additions, read_objects, read_state
from reassay.ledger.store.chain import read_chain
from reassay.ledger.store.codec import BrokenLedgerError, decode, encode, entry_path, object_path
from tests.make import Story, mitigation, object_of, register


def entries() -> list[Entry]:
    story = Story(register(mitigation("a"), mitigation("b")))
    story.sweep()
    story.conclude("a")
    story.conclude("b", "degraded")
    return story.entries


def written() -> tuple[dict[str, bytes], LedgerState]:
    name, data = object_of("tested")
    files, state = additions(LedgerState(), entries(), {name: data})
    return dict(files), state


@pytest.fixture
def git(tmp_path: Path) -> Git:
    return Git.new(tmp_path / "ledger.git")


def commit(git: Git, files: dict[str, bytes]) -> str:
    lines = []
    for path, data in sorted(files.items()):
        oid = git.run("hash-object", "-w", "--stdin", data=data).decode().strip()
        lines.append(f"100644 {oid}\t{path}")
    git.run("read-tree", "--empty")
    git.run("update-index", "--add", "--index-info", data="".join(f"{line}\n" for line in lines).encode())
    tree = git.run("write-tree").decode().strip()
    identity = ("-c", "user.name=auditor", "-c", "user.email=auditor@example.org")
    return git.run(*identity, "commit-tree", tree, "-m", "x").decode().strip()


def test_what_is_written_reads_back(git: Git) -> None:
    files, state = written()
    read = read_state(git, commit(git, files))
    assert read.entries == state.entries
    assert (read.last_digest, read.anchor) == (state.last_digest, state.anchor)
    assert read.anchor.startswith("4:")


def test_appending_goes_on_where_the_chain_ends(git: Git) -> None:
    first, *rest = entries()
    files, state = additions(LedgerState(), [first], {})
    more, whole = additions(state, rest, {})
    assert set(more) & set(files) == {"index.json", "head.json"}
    together = {**files, **more}
    assert read_state(git, commit(git, together)).entries == whole.entries
    assert together == {path: data for path, data in written()[0].items() if not path.startswith("objects/")}


def test_no_ledger_is_an_empty_one(git: Git) -> None:
    assert read_state(git, None) == LedgerState()


def test_entries_say_that_they_are_unsigned() -> None:
    envelope = json.loads(encode(entries()[0]))
    assert envelope["signatures"] == []
    predicate = json.loads(base64.b64decode(envelope["payload"]))["predicate"]
    assert (predicate["mode"], predicate["signed"]) == ("remind", False)


def test_ledger_holds_account_ids_and_no_logins() -> None:
    everything = b"".join(encode(entry) for entry in entries())
    decoded = b"".join(base64.b64decode(json.loads(encode(entry))["payload"]) for entry in entries())
    assert b"red-team-lead" not in everything + decoded
    assert b'"actor":2' in decoded


@pytest.mark.parametrize(
    "damage", ["cut", "middle", "swap", "foreign", "index", "head", "extra-field", "signature", "spaces"]
)
def test_pitfall_19_each_damage_is_found(git: Git, damage: str) -> None:
    files, _ = written()
    path = entry_path(2)
    envelope = json.loads(files[path])
    match damage:
        case "cut":
            del files[entry_path(4)]
        case "middle":
            del files[path]
        case "swap":
            files[path], files[entry_path(3)] = files[entry_path(3)], files[path]
        case "foreign":
            entry = decode(2, files[path]).entry
            files[path] = encode(
                entry.model_copy(update={"ledger": entry.ledger.model_copy(update={"repository_id": 2})})
            )
        case "index":
            files["index.json"] = b"{}"
        case "head":
            files["head.json"] = files["head.json"].replace(b"payload", b"pay\\u006coad", 1)
        case "extra-field":
            files[path] = json.dumps(envelope | {"note": 1}, separators=(",", ":")).encode()
        case "signature":
            files[path] = json.dumps(envelope | {"signatures": [{"sig": "eA=="}]}, separators=(",", ":")).encode()
        case _:
            files[path] = json.dumps(envelope, indent=1).encode()
    with pytest.raises(BrokenLedgerError) as caught:
        read_state(git, commit(git, files))
    assert "reassay-ledger:" in str(caught.value)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.data())
def test_pitfall_19_no_single_byte_of_an_entry_can_change(data: st.DataObject) -> None:
    files, _ = written()
    seq = data.draw(st.integers(1, 4))
    raw = bytearray(files[entry_path(seq)])
    position = data.draw(st.integers(0, len(raw) - 1))
    raw[position] ^= data.draw(st.integers(1, 255))
    with pytest.raises(BrokenLedgerError):
        verify({**files, entry_path(seq): bytes(raw)})


def verify(files: dict[str, bytes]) -> None:
    read_chain(files).raise_if_broken()


def test_a_removed_object_reads_as_missing_and_a_changed_one_too(git: Git) -> None:
    files, _ = written()
    name, _ = object_of("tested")
    assert read_objects(git, commit(git, files), [name]) == {name: "tested"}
    path = object_path(name)
    files[path] = b'"tampered"'
    assert read_objects(git, commit(git, files), [name]) == {}
    del files[path]
    assert read_objects(git, commit(git, files), [name]) == {}
