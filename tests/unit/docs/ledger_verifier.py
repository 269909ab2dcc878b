"""A verifier of ledgers, written from docs/reference/ledger.md and its page of kinds alone: nothing of the program is imported.

Its numbered steps are those of the page.
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference"
ENTRY, HEAD = "application/vnd.in-toto+json", "application/vnd.reassay.head+json"
STATEMENT = {"_type", "predicateType", "subject", "predicate"}
PREDICATE = {
    "seq", "prev", "ledger", "mode", "policy", "signed", "recorded_at", "base_ref", "register_commit", "actor", "comment", "body",
}  # fmt: skip
COMMENT = {"id", "index", "body_sha256", "created_at", "issue", "on"}
LEDGER = {"host", "repository_id", "ledger_id"}
PATHS = re.compile(
    r"head\.json|index\.json|index/([0-9a-f]/)*[0-9a-f]\.json|entries/([0-9]{4,})/([0-9]{7,})\.json"
    r"|objects/(([0-9a-f])/([0-9a-f])/([0-9a-f])/(?=\5\6\7))?[0-9a-f]{64}"
)
ENVELOPE = re.compile(
    rb'\{"payload":"([A-Za-z0-9+/=]*)","payloadType":"([^"\\]*)","signatures":\[(\{"keyid":"(sha256:[0-9a-f]{64})","sig":"([A-Za-z0-9+/=]*)"\})?\]\}'
)
OBJECT = re.compile(r"sha256:[0-9a-f]{64}")


class BrokenError(Exception):
    """The ledger is not what a ledger is."""


def require(holds: object, what: str) -> None:
    if not holds:
        raise BrokenError(what)


def sha256(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def canonical(value: object) -> bytes:
    """RFC 8785 of values whose keys are ASCII and whose numbers are whole."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@dataclass
class Fields:
    """What the page of kinds says: keys by kind and by part, and which may be left out."""

    keys: dict[str, dict[str, str]] = field(default_factory=dict)
    """Heading -> key -> its value, as the page describes it."""
    late: dict[str, set[str]] = field(default_factory=dict)


def read_fields() -> Fields:
    found, heading = Fields(), ""
    for line in (REFERENCE / "ledger-entries.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            heading = line[3:].strip("` ")
            found.keys[heading], found.late[heading] = {}, set()
        match = re.match(r"\| `(\w+)` \| (.*?) \| (.*) \|$", line)
        if match and heading:
            found.keys[heading][match[1]] = match[2]
            if "Left out if absent." in match[3]:
                found.late[heading].add(match[1])
    return found


FIELDS = read_fields()


def check_fields(heading: str, value: Mapping[str, Any], extra: Collection[str] = ()) -> None:
    require(heading in FIELDS.keys, f"no kind {heading}")
    wanted, late = {*FIELDS.keys[heading], *extra}, FIELDS.late[heading]
    require(wanted - late <= value.keys() <= wanted, f"keys of {heading}")
    for key, item in value.items():
        parts = re.findall(r"\[(\w+)\]\(#", FIELDS.keys[heading].get(key, ""))
        for part in parts:
            for own in item if isinstance(item, list) else [item]:
                if own is not None:
                    require(isinstance(own, dict), f"{heading}.{key}")
                    check_fields(part, own)


@dataclass
class Envelope:
    payload: bytes
    kind: str
    key: str | None
    signature: bytes

    @property
    def signed_bytes(self) -> bytes:
        kind = self.kind.encode()
        return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(self.payload), self.payload)


def exact_base64(text: bytes) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise BrokenError("base64") from error
    require(base64.b64encode(data) == text, "base64")
    return data


def read_envelope(data: bytes, kind: str) -> Envelope:
    """Step 2."""
    match = ENVELOPE.fullmatch(data)
    require(match, "envelope")
    assert match is not None
    require(match[2] == kind.encode(), "payloadType")
    key = match[4].decode() if match[3] else None
    return Envelope(exact_base64(match[1]), kind, key, exact_base64(match[5]) if match[3] else b"")


def read_canonical(data: bytes) -> dict[str, Any]:
    try:
        value = json.loads(data)
        is_exact = canonical(value) == data
    except (ValueError, RecursionError) as error:
        raise BrokenError("JSON") from error
    require(is_exact and isinstance(value, dict), "canonical form")
    return value  # type: ignore[no-any-return] # checked above


@dataclass
class Keys:
    """Step 5."""

    public: dict[str, bytes] = field(default_factory=dict)
    current: str | None = None
    revoked: dict[str, int] = field(default_factory=dict)
    introduced: dict[str, tuple[str | None, int]] = field(default_factory=dict)

    def check(self, seq: int, body: Mapping[str, Any], envelope: Envelope) -> None:
        if body["kind"] == "key-added":
            self.add(seq, body, envelope)
            return
        require(envelope.key == self.current, "signed by the key in force")
        if envelope.key is not None:
            self.verify(envelope)
        if body["kind"] == "key-revoked":
            key, since = body["key"], body["revoked_from"]
            require(key in self.public and key != self.current and since <= seq, "revocation")
            self.revoked[key] = min(since, self.revoked.get(key, since))

    def add(self, seq: int, body: Mapping[str, Any], envelope: Envelope) -> None:
        raw = exact_base64(body["public_key"].encode())
        added = sha256(bytes.fromhex("302a300506032b6570032100") + raw)
        require(added not in self.public and body["how"] in {"first", "rotation", "recovery"}, "key comes in once")
        require((body["how"] == "first") == (self.current is None), "first key")
        require(envelope.key == (self.current if body["how"] == "rotation" else added), "introduction")
        self.public[added] = raw
        self.verify(envelope)
        self.introduced[added] = (self.current if body["how"] == "rotation" else None, seq)
        self.current = added

    def verify(self, envelope: Envelope) -> None:
        try:
            key = Ed25519PublicKey.from_public_bytes(self.public[envelope.key or ""])
            key.verify(envelope.signature, envelope.signed_bytes)
        except (InvalidSignature, KeyError, ValueError) as error:
            raise BrokenError("signature") from error

    def trusted(self, given: Collection[str]) -> set[str]:
        """Keys that count: those given, and those they brought in before they were revoked."""
        trusted = set(given) & self.public.keys()
        for key, (by, seq) in self.introduced.items():
            if by in trusted and seq < self.revoked.get(by or "", seq + 1):
                trusted.add(key)
        return trusted


@dataclass
class Result:
    entries: list[dict[str, Any]]
    digests: list[str]
    keys: Keys
    signers: list[str | None]
    redacted: list[str]

    @property
    def anchor(self) -> str:
        return f"{len(self.digests)}:{self.digests[-1][7:]}"

    def holds(self, anchor: str) -> bool:
        seq, _, digits = anchor.partition(":")
        return int(seq) <= len(self.digests) and self.digests[int(seq) - 1][7:].startswith(digits)

    def counting(self, given: Collection[str]) -> list[int]:
        """Seqs of the entries that count by the keys given."""
        trusted = self.keys.trusted(given)
        return [
            seq
            for seq, key in enumerate(self.signers, 1)
            if key in trusted and seq < self.keys.revoked.get(key or "", seq + 1)
        ]


def subject_of(body: Mapping[str, Any]) -> str:
    if body.get("reassessment") is not None:
        return f"re-assessment/{body['reassessment']}"
    return f"pull-request/{body['pull']}" if body.get("pull") is not None else "repository"


def check_entry(entry: Mapping[str, Any], envelope: Envelope) -> None:
    """Step 3."""
    require(entry.keys() == STATEMENT, "keys of the Statement")
    require(entry["_type"] == "https://in-toto.io/Statement/v1", "_type")
    require(entry["predicateType"] == "urn:reassay:ledger-entry:1", "predicateType")
    predicate = entry["predicate"]
    require(predicate.keys() == PREDICATE, "keys of the predicate")
    subject = {"name": subject_of(predicate["body"]), "digest": {"gitCommit": predicate["register_commit"]}}
    require(entry["subject"] == [subject], "subject")
    require(predicate["signed"] is (envelope.key is not None), "signed")
    require(predicate["ledger"].keys() == LEDGER, "keys of the ledger's identity")
    require(predicate["comment"] is None or predicate["comment"].keys() == COMMENT, "keys of the comment")
    check_fields(str(predicate["body"].get("kind")), predicate["body"], ["kind"])


def index_parts(subjects: Mapping[str, Mapping[str, int]], place: str = "") -> Iterator[tuple[str, bytes]]:
    """Step 6: the parts of the index by path, the largest last."""
    if len(subjects) <= 16:
        value: dict[str, object] = {"subjects": subjects}
    else:
        digits: dict[str, dict[str, Mapping[str, int]]] = {}
        for name, kinds in subjects.items():
            digits.setdefault(hashlib.sha256(name.encode()).hexdigest()[len(place)], {})[name] = kinds
        parts = {}
        for digit, own in digits.items():
            *below, last = index_parts(own, place + digit)
            yield from (*below, last)
            parts[digit] = sha256(last[1])
        value = {"parts": parts}
    yield (f"index/{'/'.join(place)}.json" if place else "index.json"), canonical(value)


def named_objects(value: object) -> Iterator[str]:
    if isinstance(value, str) and OBJECT.fullmatch(value):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from named_objects(item)


def verify(files: Mapping[str, bytes]) -> Result:
    """The ledger in the files of a branch, by path. Raises BrokenError."""
    require(all(PATHS.fullmatch(path) for path in files), "a file that is not part of a ledger")  # Step 1
    count = sum(path.startswith("entries/") for path in files)
    require(count, "no entries")
    result = Result([], [], Keys(), [], [])
    index: dict[str, dict[str, int]] = {}
    for seq in range(1, count + 1):  # Step 4
        path = f"entries/{seq // 1000:04d}/{seq:07d}.json"
        require(path in files, f"{path} is missing")
        envelope = read_envelope(files[path], ENTRY)
        statement = read_canonical(envelope.payload)
        check_entry(statement, envelope)
        entry = statement["predicate"]
        require(entry["seq"] == seq, "seq")
        require(entry["prev"] == (result.digests[-1] if result.digests else None), "prev")
        require(not result.entries or entry["ledger"] == result.entries[0]["ledger"], "ledger")
        result.keys.check(seq, entry["body"], envelope)
        result.entries.append(entry)
        result.digests.append(sha256(files[path]))
        result.signers.append(envelope.key)
        index.setdefault(statement["subject"][0]["name"], {})[entry["body"]["kind"]] = seq
    check_index(files, index)
    check_head(files, result)
    check_objects(files, result)
    return result


def check_index(files: Mapping[str, bytes], index: Mapping[str, Mapping[str, int]]) -> None:
    stored = {path: data for path, data in files.items() if path.startswith("index")}
    require(stored in (dict(index_parts(index)), {"index.json": canonical(index)}), "index")


def check_head(files: Mapping[str, bytes], result: Result) -> None:
    """Step 7."""
    require("head.json" in files, "no head")
    envelope = read_envelope(files["head.json"], HEAD)
    last = result.entries[-1]
    wanted = {
        "entry": result.digests[-1],
        "index": sha256(files["index.json"]),
        "ledger": last["ledger"],
        "seq": last["seq"],
    }
    require(envelope.payload == canonical(wanted), "head")
    require(envelope.key == result.keys.current, "head is signed by the key in force")
    if envelope.key is not None:
        result.keys.verify(envelope)


def check_objects(files: Mapping[str, bytes], result: Result) -> None:
    """Step 8."""
    bodies = [entry["body"] for entry in result.entries if entry["body"]["kind"] not in {"key-added", "key-revoked"}]
    named = {name for body in bodies for name in named_objects(body)}
    held = {f"sha256:{path.rsplit('/', 1)[1]}": path for path in files if path.startswith("objects/")}
    require(len(held) == sum(path.startswith("objects/") for path in files), "an object twice")
    require(held.keys() <= named, "an object that no entry names")
    require(all(sha256(files[path]) == name for name, path in held.items()), "an object that was changed")
    result.redacted = sorted(named - held.keys())
