"""Entries and head as bytes: an in-toto Statement in a DSSE envelope, canonical, with one Ed25519 signature once there is a key.

entries/0000/0000001.json    one envelope for each seq, a thousand to a folder
index.json, index/a/b.json   parts of the index: subject -> kind -> latest seq, or the digests of smaller parts
head.json                    envelope over seq, digest of the last entry, digest of index.json
objects/a/b/c/<sha256>       snapshots, frozen checklists, free text; a, b and c are its first digits

No folder grows with the ledger: git writes the whole list of a folder anew when one file is added to it.
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
"""With its folders, or without any, as the first versions wrote it."""
REMEMBERED = 4096
"""Entries whose reading is remembered: a run reads the ledger more than once."""


class BrokenLedgerError(ReassayError):
    """The ledger is not what it was when it was written. Nothing is decided or posted on its strength."""

    exit_code = 3

    def __init__(self, where: str, message: str, remedy: str = COMPARE) -> None:
        super().__init__(f"{message}.", where=f"reassay-ledger:{where}", remedy=f"Nothing was written. {remedy}")


@dataclass(frozen=True, slots=True)
class Written:
    """An entry as it stands on the branch."""

    entry: Entry
    digest: str
    envelope: Envelope

    @property
    def signer(self) -> str | None:
        """Id of the key that is said to have signed it."""
        return self.envelope.signature.key if self.envelope.signature else None


def entry_path(seq: int) -> str:
    """Where an entry stands."""
    return f"entries/{seq // PER_FOLDER:04d}/{seq:07d}.json"


def object_path(name: str) -> str:
    """Where the object of a digest stands."""
    digits = name.removeprefix("sha256:")
    return f"objects/{'/'.join(digits[:3])}/{digits}"


def object_at(path: str) -> str | None:
    """The digest of the object that has to stand there; None if none may."""
    match = OBJECT_PATH.fullmatch(path)
    return f"sha256:{match[4]}" if match else None


def part_path(place: str) -> str:
    """Where a part of the index stands: `place` is the digits that lead to it."""
    return f"index/{'/'.join(place)}.json" if place else INDEX_PATH


def encode(entry: Entry, signer: "Signer | None" = None) -> bytes:
    """The one serialisation of an entry, signed if there is a key. `entry.signed` must say so already."""
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
    """What is read of an in-toto Statement; the rest of it is compared as bytes."""

    predicate: Entry


@lru_cache(maxsize=REMEMBERED)
def decode(seq: int, data: bytes) -> Written:
    """Reads one entry. Raises BrokenLedgerError unless it is byte for byte what `encode` gives for its own parse.

    Whether its signature holds is another question: that needs the key.
    """
    where = entry_path(seq)
    try:
        envelope = read_envelope(data, ENTRY_TYPE)
        entry = _Statement.model_validate_json(envelope.payload).predicate
        is_exact = envelope.payload == canonical(_statement(entry))
    except (ValueError, RecursionError) as error:
        raise BrokenLedgerError(where, f"entry {seq} cannot be read ({type(error).__name__})") from error
    if entry.seq != seq:
        raise BrokenLedgerError(where, f"entry {entry.seq} stands in the place of entry {seq}")
    if not is_exact:
        raise BrokenLedgerError(where, f"entry {seq} is not in the one form it could have been written in")
    if entry.signed != (envelope.signature is not None):
        says = "signed and carries no signature" if entry.signed else "unsigned and carries a signature"
        raise BrokenLedgerError(where, f"entry {seq} calls itself {says}")
    return Written(entry, digest(data), envelope)


def head_payload(ledger: LedgerIdentity, last: tuple[int, str], index: bytes) -> bytes:
    """What the branch says of itself: `last` is (seq, digest) of the last entry."""
    return canonical(
        {"ledger": ledger.model_dump(mode="json"), "seq": last[0], "entry": last[1], "index": digest(index)}
    )


def encode_head(payload: bytes, signer: "Signer | None") -> bytes:
    """`head.json`."""
    envelope = Envelope(HEAD_TYPE, payload)
    return (signer.seal(envelope) if signer else envelope).encode()


def anchor(seq: int, name: str | None) -> str:
    """`seq:digest`, short: what to keep elsewhere."""
    return f"{seq}:{name.removeprefix('sha256:')[:12]}" if name else "0"
