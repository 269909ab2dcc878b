"""What an append writes does not grow with the ledger, and the long one still reads back."""

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reassay.common.canonical import canonical
from reassay.git.git import Git
from reassay.ledger.entry import Observation, Record, Superseded
from reassay.ledger.index import MOST, Index
from reassay.ledger.store.branch import read_objects, read_state
from reassay.ledger.store.chain import read_chain
from reassay.ledger.store.codec import encode_head, head_payload, object_at, object_path, part_path
from reassay.ledger.store.keyring import Keyring
from tests.unit.ledger.worlds import Ledger, commit, objects_of, records, ring, signed, superseded


def long_ledger(count: int) -> Ledger:
    ledger = Ledger()
    ledger.append([superseded(number) for number in range(count)])
    return ledger


def work(ledger: Ledger, written: dict[str, bytes]) -> tuple[int, int]:
    """(git objects, bytes in them) that a commit of `written` makes: files, and every folder above them anew."""
    folders: dict[str, set[tuple[str, bool]]] = {}
    for path in ledger.files:
        above, child = path, ""
        while above:
            above, _, name = above.rpartition("/")
            folders.setdefault(above, set()).add((name, bool(child)))
            child = name
    touched = {
        path.rsplit("/", depth)[0] if depth <= path.count("/") else "" for path in written for depth in range(1, 9)
    }
    listed = sum(len("100644  ") + len(name) + 20 for folder in touched for name, _ in folders[folder])
    return len(written) + len(touched), sum(map(len, written.values())) + listed


@pytest.mark.slow
@pytest.mark.parametrize("keyring", [None, ring("old")])
def test_an_append_costs_the_same_for_1000_entries_and_for_9000(keyring: Keyring | None) -> None:
    last = Record(body=Superseded(reassessment="R-2027-001", reason="x"))
    costs = []
    for count in (1000, 9000):
        ledger = long_ledger(count)
        costs.append(work(ledger, ledger.append([last], keyring)))
    (few_objects, few_bytes), (many_objects, many_bytes) = costs
    # A part and its folder more for each time the subjects grow sixteenfold.
    assert many_objects <= few_objects + 4
    assert many_bytes <= few_bytes * 1.5


def test_only_the_touched_parts_are_written() -> None:
    ledger = long_ledger(3000)
    written = ledger.append([superseded(7, "y")])
    digits = hashlib.sha256(b"re-assessment/R-2026-0007").hexdigest()
    parts = [path for path in written if path.startswith("index")]
    assert set(written) - set(parts) == {"entries/0003/0003001.json", "head.json"}
    assert sorted(parts) == sorted(part_path(digits[:depth]) for depth in range(len(parts)))
    leaf = json.loads(written[part_path(digits[: len(parts) - 1])])
    assert leaf["subjects"]["re-assessment/R-2026-0007"] == {"superseded": 3001}
    assert all(len(written[path]) < 3000 for path in parts)


def test_no_part_holds_more_than_it_may_and_every_subject_is_found_by_its_digits() -> None:
    ledger = long_ledger(600)
    parts = {path: json.loads(data) for path, data in ledger.files.items() if path.startswith("index")}
    held = {subject for part in parts.values() for subject in part.get("subjects", {})}
    assert held == {f"re-assessment/R-2026-{number:04d}" for number in range(600)}
    assert max(len(part.get("subjects", {})) for part in parts.values()) <= MOST
    assert all(set(part) in ({"subjects"}, {"parts"}) for part in parts.values())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=80), st.data())
def test_the_index_is_the_same_in_whatever_steps_it_was_grown(numbers: list[int], data: st.DataObject) -> None:
    ledger = Ledger()
    ledger.append([superseded(number) for number in numbers])
    entries = ledger.state.entries
    index = Index()
    files: dict[str, bytes] = {}
    start = 0
    while start < len(entries):
        end = data.draw(st.integers(start + 1, len(entries)))
        index, written = index.add(entries[start:end]).write()
        files |= written
        start = end
    whole, everything = Index.of(entries).write()
    assert (index, files) == (whole, everything)
    assert all(data == canonical(json.loads(data)) for data in files.values())
    assert {part_path(place) for place in files} == {path for path in ledger.files if path.startswith("index")}


def test_objects_of_the_first_versions_are_read_where_they_stood(tmp_path: Path) -> None:
    ledger = signed(4)
    name = next(name for path in objects_of(ledger.files) if (name := object_at(path)))
    old = f"objects/{name.removeprefix('sha256:')}"
    files = {old if path == object_path(name) else path: data for path, data in ledger.files.items()}
    git = Git.new(tmp_path)
    assert read_objects(git, commit(git, files), [name]) == {name: json.loads(files[old])}


@pytest.mark.parametrize(
    "path", ["objects/0/0/0/1" + "0" * 63, "objects/1/0/" + "10" * 32, "objects/A/0/0/" + "A" + "0" * 63]
)
def test_an_object_has_the_folders_of_its_name(path: str) -> None:
    assert object_at(path) is None


def test_a_ledger_with_its_index_in_one_file_is_read_and_goes_on_in_shards(tmp_path: Path) -> None:
    """As every ledger was written before there were shards."""
    ledger = Ledger()
    ledger.append(records(4))
    flat = Index.of(ledger.state.entries).flat
    head = encode_head(head_payload(ledger.identity, (4, ledger.state.last_digest or ""), flat), None)
    files = {path: data for path, data in ledger.files.items() if not path.startswith("index")}
    files |= {"index.json": flat, "head.json": head}
    git = Git.new(tmp_path)
    read = read_state(git, commit(git, files))
    assert read.entries == ledger.state.entries
    ledger.files, ledger.state = files, read
    ledger.append([Record(body=Observation(issues=()))], ring("old"))
    checked = {path: data for path, data in ledger.files.items() if not path.startswith("objects/")}
    assert read_chain(checked).findings == ()
    assert read_chain({**checked, "index.json": Index.of(ledger.state.entries).flat}).findings != ()
