"""Verifying a long signed ledger, in wall-clock seconds. It is written here, from docs/reference/ledger.md alone.

Each entry defers the reminders of one re-assessment and names an object of its own; ten entries make a commit.
"""

import hashlib
import json
import subprocess
import time
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from benchmarks.common import PRODUCT, Row, git

START = datetime(2026, 1, 1, tzinfo=UTC)
IDENTITY = {"host": "github.example", "ledger_id": "benchmark", "repository_id": 1}
COMMIT = "1" * 40
PER_COMMIT = 10
PER_FOLDER = 1000
SUBJECT = "R-2026-001"
ENTRY, HEAD = "application/vnd.in-toto+json", "application/vnd.reassay.head+json"


def canonical(value: object) -> bytes:
    """RFC 8785, for what is nothing but ASCII and small whole numbers."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


class Writer:
    """The bytes of a signed ledger."""

    def __init__(self) -> None:
        self.key = Ed25519PrivateKey.generate()
        public = self.key.public_key()
        self.key_id = digest(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
        self.public = b64encode(public.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()

    def sealed(self, kind: str, payload: bytes) -> bytes:
        """A DSSE envelope with one signature."""
        signed = b"DSSEv1 %d %b %d %b" % (len(kind), kind.encode(), len(payload), payload)
        signature = {"keyid": self.key_id, "sig": b64encode(self.key.sign(signed)).decode()}
        return canonical({"payload": b64encode(payload).decode(), "payloadType": kind, "signatures": [signature]})

    def entry(self, seq: int, previous: str | None, body: dict[str, object]) -> bytes:
        """One link of the chain."""
        about = f"re-assessment/{SUBJECT}" if "reassessment" in body else "repository"
        instant = (START + timedelta(minutes=seq)).strftime("%Y-%m-%dT%H:%M:%SZ")
        predicate = {
            "seq": seq, "prev": previous, "ledger": IDENTITY, "mode": "record", "signed": True, "recorded_at": instant,
            "base_ref": "main", "register_commit": COMMIT, "policy": None, "actor": 1, "comment": None, "body": body,
        }  # fmt: skip
        statement = {
            "_type": "https://in-toto.io/Statement/v1",
            "predicate": predicate,
            "predicateType": "urn:reassay:ledger-entry:1",
            "subject": [{"name": about, "digest": {"gitCommit": COMMIT}}],
        }
        return self.sealed(ENTRY, canonical(statement))

    def commits(self, entries: int) -> Iterator[dict[str, bytes]]:
        """Files that each commit adds or changes."""
        files: dict[str, bytes] = {}
        previous = None
        for seq in range(1, entries + 1):
            body: dict[str, object] = {"kind": "key-added", "public_key": self.public, "how": "first"}
            if seq > 1:
                text = canonical(f"the report of day {seq} is late")
                name = digest(text)
                digits = name.removeprefix("sha256:")
                files[f"objects/{'/'.join(digits[:3])}/{digits}"] = text
                body = {"kind": "snoozed", "reassessment": SUBJECT, "until": "2026-02-01", "because": name}
            data = self.entry(seq, previous, body)
            files[f"entries/{seq // PER_FOLDER:04d}/{seq:07d}.json"] = data
            previous = digest(data)
            if seq % PER_COMMIT == 0 or seq == entries:
                yield files | self.summary(seq, previous)
                files = {}

    def summary(self, seq: int, last: str) -> dict[str, bytes]:
        """Index and head after an entry."""
        subjects: dict[str, dict[str, int]] = {"repository": {"key-added": 1}}
        if seq > 1:
            subjects[f"re-assessment/{SUBJECT}"] = {"snoozed": seq}
        index = canonical({"subjects": subjects})
        head = canonical({"ledger": IDENTITY, "seq": seq, "entry": last, "index": digest(index)})
        return {"index.json": index, "head.json": self.sealed(HEAD, head)}


def write(folder: Path, entries: int) -> str:
    """A repository whose branch `reassay-ledger` has so many entries; the id of its key."""
    writer = Writer()
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    with subprocess.Popen(["git", "fast-import", "--quiet"], cwd=folder, stdin=subprocess.PIPE) as importing:
        assert importing.stdin is not None
        for files in writer.commits(entries):
            importing.stdin.write(
                b"commit refs/heads/reassay-ledger\ncommitter bench <bench@example.org> 1 +0000\ndata 0\n"
            )
            for path, data in files.items():
                importing.stdin.write(b"M 100644 inline %b\ndata %d\n%b\n" % (path.encode(), len(data), data))
        importing.stdin.close()
    return writer.key_id


def rows(folder: Path, entries: int) -> list[Row]:
    """One, in seconds of this machine."""
    place = folder / "ledger"
    key = write(place, entries)
    start = time.perf_counter()
    done = subprocess.run(
        [*PRODUCT, "ledger", "verify", "--trusted-key", key, str(place)], capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - start
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return [Row(f"ledger verify, {entries:,} signed entries", f"{seconds:.1f} s", "-", "< 60 s")]
