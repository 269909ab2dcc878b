"""The ledger as documents for programs."""

import json
from collections.abc import Mapping

from reassay.common.json_text import to_json
from reassay.ledger.entry import named_objects
from reassay.ledger.finding import LedgerFinding
from reassay.ledger.keys import KeyRecord
from reassay.ledger.store.branch import read_objects
from reassay.ledger.store.codec import StoredEntry
from reassay.ledger.store.verified_ledger import VerifiedLedger
from reassay.ledger.views.names import LedgerNames, deed


def verify_document(opened: VerifiedLedger) -> str:
    """Document `reassay/ledger-verify/v1`: the result of a verification."""
    verification = opened.verification
    last = verification.chain.written[-1] if verification.chain.written else None
    document = {
        "schema": "reassay/ledger-verify/v1",
        "result": verification.result,
        **_source(opened),
        "last": {"seq": last.entry.seq, "digest": last.digest} if last else None,
        "entries": [
            {
                "first": span.first,
                "last": span.last,
                "standing": span.standing,
                "key": span.key,
                "covered_by": span.covered_by,
            }
            for span in verification.trust.spans
        ],
        "keys": [_key(key, verification.chain.book.current) for key in verification.chain.book.keys.values()],
        "objects": {
            "named": len(verification.objects.named),
            "redacted": [
                {"digest": name, "entries": list(verification.objects.named[name])}
                for name in sorted(verification.objects.redacted)
            ],
        },
        "history": {
            "commits": verification.history.commits,
            "shallow": verification.history.is_shallow,
            "removed_objects": list(verification.history.redactions),
        },
        "anchored": verification.anchored,
        "findings": [_finding(finding) for finding in verification.findings],
    }
    return to_json(document)


def log_document(opened: VerifiedLedger, names: LedgerNames) -> str:
    """Document `reassay/ledger-log/v1`: one row for each entry."""
    rows = [
        row(opened, written)
        | {
            "login": names.logins.get(written.entry.actor or 0),
            "subject": names.subject(written.entry.body),
            "title": names.title(written.entry.body),
            "deed": deed(written.entry.body) or None,
        }
        for written in opened.verification.chain.written
    ]
    return to_json({"schema": "reassay/ledger-log/v1", **_source(opened), "entries": rows})


def show_document(opened: VerifiedLedger, written: StoredEntry) -> str:
    """Document `reassay/ledger-show/v1`: one entry in full."""
    return to_json({"schema": "reassay/ledger-show/v1", **_source(opened), **full(opened, written)})


def export_document(opened: VerifiedLedger) -> str:
    """Document `reassay/ledger-export/v1`: every entry in full, and every object, null if it was redacted."""
    written = opened.verification.chain.written
    names = sorted({name for stored in written for name in named_objects(stored.entry)})
    held = read_objects(opened.git, opened.verification.commit, names)
    entries = [row(opened, stored) | {"entry": _entry(stored)} for stored in written]
    objects = {name: held.get(name) for name in names}
    return to_json({"schema": "reassay/ledger-export/v1", **_source(opened), "entries": entries, "objects": objects})


def row(opened: VerifiedLedger, written: StoredEntry) -> dict[str, object]:
    """One entry as a row of a table."""
    entry = written.entry
    return {
        "seq": entry.seq,
        "recorded_at": entry.recorded_at.isoformat(),
        "kind": entry.body.kind,
        "about": entry.about,
        "actor": entry.actor,
        "comment": entry.comment.id if entry.comment else None,
        "mode": entry.mode,
        "standing": opened.verification.trust.standing(entry.seq),
        "key": written.signer,
        "digest": written.digest,
    }


def full(opened: VerifiedLedger, written: StoredEntry) -> dict[str, object]:
    """One entry in full, with the objects it names."""
    names = sorted(named_objects(written.entry))
    held: Mapping[str, object] = read_objects(opened.git, opened.verification.commit, names)
    return row(opened, written) | {"entry": _entry(written), "objects": {name: held.get(name) for name in names}}


def _entry(written: StoredEntry) -> object:
    return json.loads(written.envelope.payload)["predicate"]


def _source(opened: VerifiedLedger) -> dict[str, object]:
    written = opened.verification.chain.written
    return {
        "branch": opened.ref,
        "commit": opened.verification.commit,
        "ledger": written[0].entry.ledger.model_dump(mode="json") if written else None,
        "count": len(written),
    }


def _key(key: KeyRecord, current: str | None) -> dict[str, object]:
    return {
        "id": key.id,
        "public_key": key.public_key,
        "how": key.how,
        "added_by": key.added_by,
        "introduced_by": key.introduced_by,
        "revoked_from": key.revoked_from,
        "in_force": key.id == current,
    }


def _finding(finding: LedgerFinding) -> dict[str, object]:
    return {
        "severity": finding.severity,
        "code": finding.code,
        "path": finding.path,
        "seq": finding.seq,
        "message": finding.what,
        "why": finding.why,
        "remedy": finding.remedy,
    }
