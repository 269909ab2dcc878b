"""An append writes as many files to a long ledger as to a short one, and the long one still reads back."""

from pathlib import Path

import pytest

from bot.adapters.git import Git
from bot.adapters.ledger.branch import read_state
from bot.adapters.ledger.check import read_chain
from bot.adapters.ledger.keyring import Keyring
from bot.domain.ledger.entry import Observation, Record, Superseded
from bot.domain.ledger.index import Index, shard_of
from tests.unit.ledger.worlds import Ledger, commit, records, ring


def long_ledger(count: int) -> Ledger:
    ledger = Ledger()
    made = [Record(body=Superseded(reassessment=f"R-2026-{number:04d}", reason="x")) for number in range(count)]
    ledger.append(made)
    return ledger


@pytest.mark.parametrize("keyring", [None, ring("old")])
def test_an_append_writes_as_many_files_to_3000_entries_as_to_10(keyring: Keyring | None) -> None:
    last = Record(body=Superseded(reassessment="R-2027-001", reason="x"))
    short, long = (long_ledger(count).append([last], keyring) for count in (10, 3000))
    about_the_key = 2 if keyring else 0
    assert len(short) == len(long) == 4 + about_the_key


def test_only_the_touched_shards_are_written() -> None:
    ledger = long_ledger(3000)
    record = Record(body=Superseded(reassessment="R-2026-0007", reason="y"))
    shard = shard_of("re-assessment/R-2026-0007")
    written = ledger.append([record])
    assert set(written) == {"entries/0003/0003001.json", "head.json", f"index/{shard}.json", "index.json"}
    assert len(written[f"index/{shard}.json"]) < 3000


def test_the_index_is_the_same_however_it_was_grown() -> None:
    one, all_at_once = Ledger(), Ledger()
    for record in records(8):
        one.append([record])
    all_at_once.append(records(8))
    index = {path: data for path, data in one.files.items() if path.startswith("index")}
    assert index == {path: data for path, data in all_at_once.files.items() if path.startswith("index")}
    assert one.state.index == all_at_once.state.index == Index.of(one.state.entries)


def test_a_ledger_with_its_index_in_one_file_is_read_and_goes_on_in_shards(tmp_path: Path) -> None:
    """As every ledger was written before there were shards."""
    ledger = Ledger()
    ledger.append(records(4))
    flat = Index.of(ledger.state.entries).flat
    from bot.adapters.ledger.codec import encode_head, head_payload

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
