"""The ledger's branch, read through git: every entry is checked before anything is believed."""

import json
from collections.abc import Iterable, Mapping

from bot.adapters.git import Git
from bot.adapters.ledger.codec import (
    HEAD_PATH,
    INDEX_PATH,
    BrokenLedgerError,
    anchor,
    check_chain,
    check_head,
    decode,
    encode,
    entry_path,
    head_of,
    index_of,
    object_path,
)
from bot.domain.canonical import digest
from bot.domain.ledger.entry import Entry
from bot.domain.ledger.state import LedgerState


def read_state(git: Git, commit: str | None) -> LedgerState:
    """The ledger at a commit. Raises BrokenLedgerError."""
    if commit is None:
        return LedgerState()
    entries = _read_entries(git, commit)
    check_chain(entries)
    tops = {entry.path: entry.oid for entry in git.list(commit) if "/" not in entry.path}
    contents = git.read(tops.values())
    check_head(entries, {path: contents[oid] for path, oid in tops.items() if oid in contents})
    last = digest(entries[-1][1])
    return LedgerState(commit, tuple(entry for entry, _ in entries), last, anchor(entries))


def _read_entries(git: Git, commit: str) -> list[tuple[Entry, bytes]]:
    files = git.list(commit, "entries")
    contents = git.read(file.oid for file in files)
    if not files:
        raise BrokenLedgerError("entries", "the branch holds no entry")
    found: list[tuple[Entry, bytes]] = []
    for seq, file in enumerate(sorted(files, key=lambda file: file.path), 1):
        if file.path != entry_path(seq):
            raise BrokenLedgerError(file.path, f"{entry_path(seq)} is missing")
        data = contents[file.oid]
        found.append((decode(seq, data), data))
    return found


def read_objects(git: Git, commit: str | None, digests: Iterable[str]) -> Mapping[str, object]:
    """Parsed objects by digest. One that was removed, or is not what its name says, is left out: it reads redacted."""
    if commit is None:
        return {}
    places = {entry.path: entry.oid for entry in git.list(commit, "objects")}
    wanted = {name: places[object_path(name)] for name in set(digests) if object_path(name) in places}
    contents = git.read(wanted.values())
    return {
        name: json.loads(contents[oid])
        for name, oid in wanted.items()
        if oid in contents and digest(contents[oid]) == name
    }


def additions(
    state: LedgerState, entries: Iterable[Entry], objects: Mapping[str, bytes]
) -> tuple[Mapping[str, bytes], LedgerState]:
    """The files that append `entries`, and the ledger they make (its head commit is not known yet)."""
    files: dict[str, bytes] = {object_path(name): data for name, data in objects.items()}
    previous = state.last_digest
    chained: list[tuple[Entry, bytes]] = []
    for entry in entries:
        linked = entry.model_copy(update={"prev": previous})
        data = encode(linked)
        chained.append((linked, data))
        files[entry_path(linked.seq)] = data
        previous = digest(data)
    everything = (*state.entries, *(entry for entry, _ in chained))
    index = index_of(everything)
    files[INDEX_PATH] = index
    files[HEAD_PATH] = head_of(chained, index)
    return files, LedgerState(None, everything, previous, anchor(chained))
