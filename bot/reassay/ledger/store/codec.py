"""Entries and head as bytes: an in-toto Statement in a DSSE envelope, canonical, with one Ed25519 signature if there is a key.

entries/0000/0000001.json    one envelope for each seq, a thousand to a folder
index.json, index/a/b.json   parts of the index: subject -> kind -> latest seq, or the digests of smaller parts
head.json                    envelope over seq, digest of the last entry, digest of index.json
objects/a/b/c/<sha256>       snapshots, frozen checklists, free text; a, b and c are its first digits

Folders stay small, because git rewrites the list of a folder for every file that is added to it.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pydantic import BaseModel

from reassay.common.canonical import canonical, digest
from reassay.common.errors import ReassayError
from reassay.ledger.entry import Entry, LedgerIdentity
from reassay.ledger.finding import COMPARE
from reassay.ledger.store.envelope import Envelope, read_envelope

if TYPE_CHECKING:
    from reassay.ledger.store.ed25519 import Signer

PREDICATE_TYPE = "urn:reassay:ledger-entry:1"
HEAD_TYPE = "application/vnd.reassay.head+json"
ENTRY_TYPE = "application/vnd.in-toto+json"
STATEMENT = "https://in-toto.io/Statement/v1"
PER_FOLDER = 1000
INDEX_PATH = "index.json"
HEAD_PATH = "head.json"
ENTRY_PATH = re.compile(r"entries/[0-9]{4,9}/([0-9]{7,12})\.json")
PART_PATH = re.compile(r"index/(?:[0-9a-f]/)*[0-9a-f]\.json")
OBJECT_PATH = re.compile(r"objects/(?:([0-9a-f])/([0-9a-f])/([0-9a-f])/(?=\1\2\3))?([0-9a-f]{64})")
"""Path of an object, with folders, or without them as in ledgers of the first versions."""
REMEMBERED = 4096
"""Number of decoded entries in the cache, because a run reads the ledger more than once."""


class BrokenLedgerError(ReassayError):
    """The ledger was changed after it was written, so nothing is decided or posted."""

    exit_code = 3

    def __init__(self, where: str, message: str, remedy: str = COMPARE) -> None:
        super().__init__(f"{message}.", where=f"reassay-ledger:{where}", remedy=f"Nothing was written. {remedy}")


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry as stored on the branch."""

    entry: Entry
    digest: str
    envelope: Envelope

    @property
    def signer(self) -> str | None:
        """Id of the key in its signature; None if it is unsigned."""
        return self.envelope.signature.key if self.envelope.signature else None


def entry_path(seq: int) -> str:
    """Path of an entry."""
    return f"entries/{seq // PER_FOLDER:04d}/{seq:07d}.json"


def object_path(name: str) -> str:
    """Path of an object, by its digest."""
    digits = name.removeprefix("sha256:")
    return f"objects/{'/'.join(digits[:3])}/{digits}"


def object_at(path: str) -> str | None:
    """Digest of the object at a path; None if it is not a path of an object."""
    match = OBJECT_PATH.fullmatch(path)
    return f"sha256:{match[4]}" if match else None


def part_path(place: str) -> str:
    """Path of a part of the index; `place` is the digits that lead to it."""
    return f"index/{'/'.join(place)}.json" if place else INDEX_PATH


def encode(entry: Entry, signer: "Signer | None" = None) -> bytes:
    """The only serialisation of an entry, signed if there is a key. `entry.signed` must be set accordingly."""
    envelope = Envelope(ENTRY_TYPE, canonical(_statement(entry)))
    return (signer.seal(envelope) if signer else envelope).encode()


def _statement(entry: Entry) -> dict[str, object]:
    return {
        "_type": STATEMENT,
        "subject": [{"name": entry.about, "digest": {"gitCommit": entry.register_commit}}],
        "predicateType": PREDICATE_TYPE,
        "predicate": entry.model_dump(mode="json"),
    }


class _Statement(BaseModel):
    """The field of an in-toto Statement that is read; the others are compared as bytes."""

    predicate: Entry


@lru_cache(maxsize=REMEMBERED)
def decode(seq: int, data: bytes) -> StoredEntry:
    """The entry in some bytes. Raises BrokenLedgerError unless `encode` gives the same bytes for it.

    The signature is checked elsewhere, with the key.
    """
    where = entry_path(seq)
    try:
        envelope = read_envelope(data, ENTRY_TYPE)
        entry = _Statement.model_validate_json(envelope.payload).predicate
        is_exact = envelope.payload == canonical(_statement(entry))
    except (ValueError, RecursionError) as error:
        raise BrokenLedgerError(where, f"entry {seq} cannot be read ({type(error).__name__})") from error
    if entry.seq != seq:
        raise BrokenLedgerError(where, f"entry {entry.seq} is in the place of entry {seq}")
    if not is_exact:
        raise BrokenLedgerError(where, f"entry {seq} is not in canonical form")
    if entry.signed != (envelope.signature is not None):
        contradiction = "signed but has no signature" if entry.signed else "unsigned but has a signature"
        raise BrokenLedgerError(where, f"entry {seq} is marked as {contradiction}")
    return StoredEntry(entry, digest(data), envelope)


def head_payload(ledger: LedgerIdentity, last: tuple[int, str], index: bytes) -> bytes:
    """Payload of the head; `last` is seq and digest of the last entry."""
    return canonical(
        {"ledger": ledger.model_dump(mode="json"), "seq": last[0], "entry": last[1], "index": digest(index)}
    )


def encode_head(payload: bytes, signer: "Signer | None") -> bytes:
    """The bytes of `head.json`."""
    envelope = Envelope(HEAD_TYPE, payload)
    return (signer.seal(envelope) if signer else envelope).encode()


def anchor(seq: int, name: str | None) -> str:
    """Anchor `seq:digest` in short form, to keep elsewhere."""
    return f"{seq}:{name.removeprefix('sha256:')[:12]}" if name else "0"
