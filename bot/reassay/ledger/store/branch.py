"""The ledger's branch, read through git: every entry is checked before anything is believed."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from reassay.common.canonical import digest
from reassay.git.git import Git, TreeEntry
from reassay.ledger.entry import Entry, Record
from reassay.ledger.state import LedgerState
from reassay.ledger.store.check import Chain, read_chain
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
    """The ledger at a commit. Raises BrokenLedgerError."""
    if commit is None:
        return LedgerState()
    chain = chain_of(git, commit)
    chain.raise_if_broken()
    last = chain.written[-1]
    entries = tuple(each.entry for each in chain.written)
    return LedgerState(commit, entries, last.digest, anchor(last.entry.seq, last.digest), chain.index, chain.book)


def chain_of(git: Git, commit: str) -> Chain:
    """Everything on the branch but the objects' contents, checked."""
    listed = git.list(commit)
    places = {each.path: each for each in listed}
    read = {path: each for path, each in places.items() if not OBJECT_PATH.fullmatch(path) and each.mode == REGULAR}
    contents = git.read(each.oid for each in read.values())
    files = {path: contents[each.oid] for path, each in read.items() if each.oid in contents}
    return read_chain(files, [path for path in places if path not in files], _twice(listed))


def _twice(listed: Iterable[TreeEntry]) -> Collection[str]:
    """Paths that a folder names more than once, which git itself never writes: each reader may see another content."""
    return [path for path, count in Counter(each.path for each in listed).items() if count > 1]


def object_places(git: Git, commit: str) -> Mapping[str, TreeEntry]:
    """Where each object stands, by digest. Where it stands twice, the deeper place counts."""
    found: dict[str, TreeEntry] = {}
    for each in sorted(git.list(commit, "objects"), key=lambda each: len(each.path)):
        name = object_at(each.path)
        if name is not None:
            found[name] = each
    return found


def read_objects(git: Git, commit: str | None, digests: Iterable[str]) -> Mapping[str, object]:
    """Parsed objects by digest. One that was removed, or is not what its name says, is left out: it reads redacted."""
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
    """The files that append `entries`, and the ledger they make (its head commit is not known yet).

    However long the ledger is: the entries, the objects, the parts of the index that they touch, and `head.json`.
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
    """The records, after those that put the run's keys in force. Raises UsageError if the run must not write."""
    due = (keyring or Keyring()).due(state.book)
    return (*(Record(body=body) for body in due), *records)
