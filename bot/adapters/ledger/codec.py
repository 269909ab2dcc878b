"""Entries as bytes: an in-toto Statement in a DSSE envelope, canonical, with no signature in mode `remind`.

entries/0000/0000001.json    one envelope for each seq, a thousand to a folder
index.json                   subject -> kind -> latest seq
head.json                    envelope over seq, digest of the last entry, digest of the index
objects/<sha256>             snapshots, frozen checklists, free text
"""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from bot.domain.canonical import canonical, digest
from bot.domain.ledger.entry import Entry, LedgerIdentity
from bot.errors import ReassayError

PREDICATE_TYPE = "urn:reassay:ledger-entry:1"
HEAD_TYPE = "application/vnd.reassay.head+json"
ENTRY_TYPE = "application/vnd.in-toto+json"
STATEMENT = "https://in-toto.io/Statement/v1"
PER_FOLDER = 1000
INDEX_PATH = "index.json"
HEAD_PATH = "head.json"


class BrokenLedgerError(ReassayError):
    """The ledger is not what it was when it was written. Nothing is decided or posted on its strength."""

    exit_code = 3

    def __init__(self, where: str, message: str) -> None:
        remedy = "Nothing was written. Compare the branch with a copy you trust, and find out who changed it."
        super().__init__(f"{message}.", where=f"reassay-ledger:{where}", remedy=remedy)


def entry_path(seq: int) -> str:
    """Where an entry stands."""
    return f"entries/{seq // PER_FOLDER:04d}/{seq:07d}.json"


def object_path(name: str) -> str:
    """Where the object of a digest stands."""
    return f"objects/{name.removeprefix('sha256:')}"


def encode(entry: Entry) -> bytes:
    """The one serialisation of an entry."""
    statement = {
        "_type": STATEMENT,
        "subject": [{"name": entry.about, "digest": {"gitCommit": entry.register_commit}}],
        "predicateType": PREDICATE_TYPE,
        "predicate": entry.model_dump(mode="json"),
    }
    return _envelope(ENTRY_TYPE, statement)


def decode(seq: int, data: bytes) -> Entry:
    """Reads one entry. Raises BrokenLedgerError unless it is byte for byte what `encode` gives for its own parse."""
    where = entry_path(seq)
    try:
        statement = json.loads(_payload(data, ENTRY_TYPE))
        entry = Entry.model_validate_json(json.dumps(statement["predicate"]))
    except (KeyError, TypeError, ValueError, ValidationError, binascii.Error) as error:
        raise BrokenLedgerError(where, f"entry {seq} cannot be read ({type(error).__name__})") from error
    if entry.seq != seq:
        raise BrokenLedgerError(where, f"entry {entry.seq} stands in the place of entry {seq}")
    if encode(entry) != data:
        raise BrokenLedgerError(where, f"entry {seq} is not in the one form it could have been written in")
    return entry


def check_chain(entries: Sequence[tuple[Entry, bytes]]) -> None:
    """Every entry names the one before it, and all are of one ledger. Raises BrokenLedgerError."""
    previous: str | None = None
    identity: LedgerIdentity | None = None
    for position, (entry, data) in enumerate(entries, 1):
        where = entry_path(entry.seq)
        if entry.seq != position:
            raise BrokenLedgerError(where, f"entry {position} is missing")
        if entry.prev != previous:
            raise BrokenLedgerError(where, f"entry {entry.seq} does not follow the one before it")
        if identity is not None and entry.ledger != identity:
            raise BrokenLedgerError(where, f"entry {entry.seq} is of another ledger")
        previous, identity = digest(data), entry.ledger


def index_of(entries: Sequence[Entry]) -> bytes:
    """The latest entry of every kind, by subject."""
    found: dict[str, dict[str, int]] = {}
    for entry in entries:
        found.setdefault(entry.about, {})[entry.body.kind] = entry.seq
    return canonical(found)


def head_of(entries: Sequence[tuple[Entry, bytes]], index: bytes) -> bytes:
    """What the branch says of itself; an anchor of it finds a rollback."""
    entry, data = entries[-1]
    head = {
        "ledger": entry.ledger.model_dump(mode="json"),
        "seq": entry.seq,
        "entry": digest(data),
        "index": digest(index),
    }
    return _envelope(HEAD_TYPE, head)


def check_head(entries: Sequence[tuple[Entry, bytes]], files: Mapping[str, bytes]) -> None:
    """Head and index are those of these entries. Raises BrokenLedgerError."""
    index = index_of([entry for entry, _ in entries])
    if files.get(INDEX_PATH) != index:
        raise BrokenLedgerError(INDEX_PATH, "the index is not that of the entries")
    if files.get(HEAD_PATH) != head_of(entries, index):
        raise BrokenLedgerError(HEAD_PATH, "the head is not that of the last entry")


def anchor(entries: Sequence[tuple[Entry, bytes]]) -> str:
    """`seq:digest`, short: what to keep elsewhere."""
    if not entries:
        return "0"
    entry, data = entries[-1]
    return f"{entry.seq}:{digest(data).removeprefix('sha256:')[:12]}"


def _envelope(kind: str, content: object) -> bytes:
    payload = base64.b64encode(canonical(content)).decode()
    return canonical({"payloadType": kind, "payload": payload, "signatures": []})


def _payload(data: bytes, kind: str) -> bytes:
    envelope = json.loads(data)
    if envelope["payloadType"] != kind:
        raise ValueError(envelope["payloadType"])
    return base64.b64decode(envelope["payload"], validate=True)
