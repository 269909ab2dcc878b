"""The chain of a ledger, checked: entries, links, keys, index and head.

Sweep and gate stop at the first error; `reassay ledger verify` lists all.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reassay.common.canonical import digest
from reassay.ledger.entry import LedgerIdentity
from reassay.ledger.finding import LedgerFinding
from reassay.ledger.index import Index
from reassay.ledger.keys import KeyBook, short
from reassay.ledger.store.codec import (
    ENTRY_PATH,
    HEAD_PATH,
    HEAD_TYPE,
    INDEX_PATH,
    PART_PATH,
    BrokenLedgerError,
    StoredEntry,
    decode,
    entry_path,
    head_payload,
    object_at,
    object_path,
    part_path,
)
from reassay.ledger.store.envelope import Envelope, read_envelope

CHANGED = "It was changed after writing, or another program wrote it."
CUT = "Entries were removed: reassay writes them without gaps."


@dataclass(frozen=True, slots=True)
class Chain:
    """The readable entries of a ledger, with its keys, its index and all findings."""

    written: tuple[StoredEntry, ...] = ()
    book: KeyBook = field(default_factory=KeyBook)
    index: Index = field(default_factory=Index)
    findings: tuple[LedgerFinding, ...] = ()

    def raise_if_broken(self) -> None:
        """Raises BrokenLedgerError with the first error."""
        for finding in self.findings:
            if finding.severity == "error":
                raise BrokenLedgerError(finding.path, finding.what, finding.remedy)


def read_chain(files: Mapping[str, bytes], others: Collection[str] = (), twice: Collection[str] = ()) -> Chain:
    """The chain of some files. `others` are paths whose contents are not checked here (the objects).

    `twice` are paths that a folder lists more than once.
    """
    reader = _Reader()
    seqs = {path: int(match[1]) for path in files if (match := ENTRY_PATH.fullmatch(path))}
    entries = {seq: files[path] for path, seq in seqs.items() if entry_path(seq) == path}
    findings = [*_strays({*files, *others}), *_named_twice(twice), *reader.read(entries)]
    index = Index.of(written.entry for written in reader.written)
    if reader.is_whole:
        stored = files.get(INDEX_PATH)
        if stored is None or stored != index.flat or _parts(files):
            index, parts = index.write()
            findings += _check_index(parts, files)
        findings += _check_head(reader.written, reader.book, files)
    return Chain(tuple(reader.written), reader.book, index, tuple(findings))


@dataclass(slots=True)
class _Reader:
    """Reader of the entries in order, with its state after each."""

    written: list[StoredEntry] = field(default_factory=list)
    book: KeyBook = field(default_factory=KeyBook)
    identity: LedgerIdentity | None = None
    previous: str | None = None
    is_broken: bool = False
    is_whole: bool = True

    def read(self, contents: Mapping[int, bytes]) -> Iterator[LedgerFinding]:
        if not contents:
            self.is_whole = False
            yield LedgerFinding("no-entries", "entries", "the branch holds no entry", CUT)
        at = 0
        for seq in sorted(contents):
            if seq != at + 1:
                yield self._gap(at + 1, seq - 1)
            try:
                written = decode(seq, contents[seq])
            except BrokenLedgerError as error:
                self._lose()
                yield LedgerFinding("entry-unreadable", entry_path(seq), error.message.rstrip("."), CHANGED, seq=seq)
            else:
                yield from self._check(written)
                self.written.append(written)
            at, self.previous = seq, digest(contents[seq])

    def _gap(self, first: int, last: int) -> LedgerFinding:
        self._lose()
        what = f"entry {first} is missing" if first == last else f"entries {first} to {last} are missing"
        return LedgerFinding("entry-missing", entry_path(first), what, CUT, seq=first)

    def _lose(self) -> None:
        self.is_broken, self.is_whole = True, False

    def _check(self, written: StoredEntry) -> Iterator[LedgerFinding]:
        entry = written.entry
        where = entry_path(entry.seq)
        # After a gap the entry before is unknown; the gap is a finding.
        if not self.is_broken and entry.prev != self.previous:
            what = f"entry {entry.seq} does not follow the one before it"
            yield LedgerFinding("chain-broken", where, what, CHANGED, seq=entry.seq)
        self.is_broken = False
        if self.identity is not None and entry.ledger != self.identity:
            what, why = f"entry {entry.seq} is of another ledger", "It was copied from there."
            yield LedgerFinding("entry-foreign", where, what, why, seq=entry.seq)
        self.identity = self.identity or entry.ledger
        yield from self._check_key(written)

    def _check_key(self, written: StoredEntry) -> Iterator[LedgerFinding]:
        seq, body, signer = written.entry.seq, written.entry.body, written.signer
        where = entry_path(seq)
        refusal = self.book.refusal(seq, body, signer)
        if refusal is not None:
            what, why = f"entry {seq} is not valid here: {refusal}", "It was not written with the right key."
            yield LedgerFinding("key-wrong", where, what, why, seq=seq)
        else:
            self.book = self.book.add(seq, body)
        key = self.book.keys.get(signer or "")
        if key is not None and not _holds(written.envelope, key.public_key):
            what = f"the signature of entry {seq} is not by key {short(key.id)}"
            yield LedgerFinding("signature-wrong", where, what, CHANGED, seq=seq)


def _strays(paths: Collection[str]) -> Iterator[LedgerFinding]:
    for path in sorted(paths):
        match = ENTRY_PATH.fullmatch(path)
        is_expected = entry_path(int(match[1])) == path if match else path in {INDEX_PATH, HEAD_PATH}
        if not is_expected and not PART_PATH.fullmatch(path) and not _is_object(path, paths):
            yield LedgerFinding("stray", path, f"{path} is not part of a ledger", "Another program or person added it.")


def _is_object(path: str, paths: Collection[str]) -> bool:
    """Whether a path is an object, and of its two possible places the one that readers use."""
    name = object_at(path)
    return name is not None and (path == object_path(name) or object_path(name) not in paths)


def _named_twice(paths: Collection[str]) -> Iterator[LedgerFinding]:
    for path in sorted(paths):
        why = "git never writes that: somebody built the folder by hand so that readers see different contents."
        yield LedgerFinding("named-twice", path, f"{path} is listed more than once", why)


def _parts(files: Collection[str]) -> frozenset[str]:
    return frozenset(path for path in files if PART_PATH.fullmatch(path))


def _check_index(parts: Mapping[str, bytes], files: Mapping[str, bytes]) -> Iterator[LedgerFinding]:
    wanted = {part_path(place): data for place, data in parts.items()}
    for path in sorted({*wanted, *_parts(files)}):
        if files.get(path) != wanted.get(path):
            yield LedgerFinding("index-wrong", path, "this part of the index does not match the entries", CHANGED)


def _check_head(written: Sequence[StoredEntry], book: KeyBook, files: Mapping[str, bytes]) -> Iterator[LedgerFinding]:
    last = written[-1]
    seq = last.entry.seq
    payload = head_payload(last.entry.ledger, (seq, last.digest), files.get(INDEX_PATH, b""))
    try:
        envelope = read_envelope(files.get(HEAD_PATH, b""), HEAD_TYPE)
    except ValueError:
        yield LedgerFinding("head-wrong", HEAD_PATH, "the head cannot be read", CHANGED)
        return
    if envelope.payload != payload:
        what = "the head does not match the last entry"
        yield LedgerFinding("head-wrong", HEAD_PATH, what, f"Entries after {seq} may have been cut off.")
    elif not _head_holds(envelope, book):
        what = f"the head is not signed by key {short(book.current)}" if book.current else "the head has a signature"
        yield LedgerFinding("head-unsigned", HEAD_PATH, what, CHANGED)


def _head_holds(envelope: Envelope, book: KeyBook) -> bool:
    if book.current is None:
        return envelope.signature is None
    signed = envelope.signature is not None and envelope.signature.key == book.current
    return signed and _holds(envelope, book.keys[book.current].public_key)


def _holds(envelope: Envelope, public_key: str) -> bool:
    from reassay.ledger.store.ed25519 import holds  # noqa: PLC0415 -- only signed ledgers pay for its import

    return holds(envelope, public_key)
