"""The ledger's branch in git: reading with all checks, and the files of an append."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from reassay.common.canonical import digest
from reassay.git.git import Git
from reassay.git.listings import TreeEntry
from reassay.ledger.entry import Entry, Record
from reassay.ledger.state import LedgerState
from reassay.ledger.store.chain import Chain, read_chain
from reassay.ledger.store.codec import (
    HEAD_PATH,
    OBJECT_PATH,
    BrokenLedgerError,
    anchor,
    encode,
    encode_head,
    entry_path,
    head_payload,
    object_at,
    object_path,
    part_path,
)
from reassay.ledger.store.keyring import Keyring

REGULAR = "100644"


def read_state(git: Git, commit: str | None) -> LedgerState:
    """The state of the ledger at a commit. Raises BrokenLedgerError."""
    if commit is None:
        return LedgerState()
    chain = chain_of(git, commit)
    chain.raise_if_broken()
    last = chain.written[-1]
    entries = tuple(written.entry for written in chain.written)
    return LedgerState(commit, entries, last.digest, anchor(last.entry.seq, last.digest), chain.index, chain.book)


def chain_of(git: Git, commit: str) -> Chain:
    """The checked chain of a commit, without the contents of objects."""
    listed = git.list(commit)
    places = {listed_file.path: listed_file for listed_file in listed}
    read = {
        path: listed_file
        for path, listed_file in places.items()
        if not OBJECT_PATH.fullmatch(path) and listed_file.mode == REGULAR
    }
    contents = git.read(listed_file.oid for listed_file in read.values())
    files = {path: contents[listed_file.oid] for path, listed_file in read.items() if listed_file.oid in contents}
    return read_chain(files, [path for path in places if path not in files], _twice(listed))


def _twice(listed: Iterable[TreeEntry]) -> Collection[str]:
    """Paths that a folder lists more than once. git never writes these, and readers may see different contents."""
    return [path for path, count in Counter(listed_file.path for listed_file in listed).items() if count > 1]


def object_places(git: Git, commit: str) -> Mapping[str, TreeEntry]:
    """Digest -> file of the object. If an object has two places, the deeper one counts."""
    places: dict[str, TreeEntry] = {}
    for listed_file in sorted(git.list(commit, "objects"), key=lambda listed_file: len(listed_file.path)):
        name = object_at(listed_file.path)
        if name is not None:
            places[name] = listed_file
    return places


def read_objects(git: Git, commit: str | None, digests: Iterable[str]) -> Mapping[str, object]:
    """Parsed objects by digest. Objects that were removed or changed are left out, and shown as redacted."""
    if commit is None:
        return {}
    wanted = sorted(set(digests))
    if not wanted:
        return {}
    held = object_places(git, commit)
    places = {name: held[name].oid for name in wanted if name in held and held[name].mode == REGULAR}
    contents = git.read(places.values())
    return {
        name: json.loads(contents[oid])
        for name, oid in places.items()
        if oid in contents and digest(contents[oid]) == name
    }


def additions(
    state: LedgerState, entries: Iterable[Entry], objects: Mapping[str, bytes], keyring: Keyring | None = None
) -> tuple[Mapping[str, bytes], LedgerState]:
    """The files that append `entries`, and the resulting state, whose head commit is not known yet.

    These are the entries, the objects, the changed parts of the index, and `head.json`, however long the ledger is.
    """
    keys = keyring or Keyring()
    files: dict[str, bytes] = {object_path(name): data for name, data in objects.items()}
    previous, book = state.last_digest, state.book
    chained: list[Entry] = []
    for entry in entries:
        signer = keys.signer_for(entry.body)
        linked = entry.model_copy(update={"prev": previous, "signed": signer is not None})
        refusal = book.refusal(linked.seq, linked.body, signer.id if signer else None)
        if refusal is not None:
            raise BrokenLedgerError(entry_path(linked.seq), f"entry {linked.seq} cannot be written: {refusal}")
        book = book.add(linked.seq, linked.body)
        data = encode(linked, signer)
        files[entry_path(linked.seq)] = data
        previous = digest(data)
        chained.append(linked)
    if not chained:
        return {}, state
    index, parts = state.index.add(chained).write()
    files |= {part_path(place): data for place, data in parts.items()}
    last = chained[-1]
    files[HEAD_PATH] = encode_head(head_payload(last.ledger, (last.seq, previous or ""), parts[""]), keys.signer)
    everything = (*state.entries, *chained)
    return files, LedgerState(None, everything, previous, anchor(last.seq, previous), index, book)


def with_keys(records: Iterable[Record], state: LedgerState, keyring: Keyring | None) -> tuple[Record, ...]:
    """The records, preceded by those that introduce the run's keys. Raises UsageError if the run must not write."""
    due = (keyring or Keyring()).due(state.book, len(state.entries))
    return (*(Record(body=body) for body in due), *records)
