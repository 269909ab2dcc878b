"""The ledger as documents for programs."""

import json
from collections.abc import Mapping

from reassay.common.json_text import to_json
from reassay.ledger.finding import LedgerFinding
from reassay.ledger.keys import KnownKey
from reassay.ledger.named_objects import named_objects
from reassay.ledger.store.branch import read_objects
from reassay.ledger.store.codec import Written
from reassay.ledger.store.open import Opened


def verify_document(opened: Opened) -> str:
    """`reassay/ledger-verify/v1`."""
    found = opened.found
    last = found.chain.written[-1] if found.chain.written else None
    document = {
        "schema": "reassay/ledger-verify/v1",
        "result": found.result,
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
            for span in found.trust.spans
        ],
        "keys": [_key(key, found.chain.book.current) for key in found.chain.book.keys.values()],
        "objects": {
            "named": len(found.objects.named),
            "redacted": [
                {"digest": name, "entries": list(found.objects.named[name])} for name in sorted(found.objects.redacted)
            ],
        },
        "history": {
            "commits": found.history.commits,
            "shallow": found.history.is_shallow,
            "removed_objects": list(found.history.redactions),
        },
        "anchored": found.anchored,
        "findings": [_finding(each) for each in found.findings],
    }
    return to_json(document)


def log_document(opened: Opened) -> str:
    """`reassay/ledger-log/v1`."""
    rows = [row(opened, each) for each in opened.found.chain.written]
    return to_json({"schema": "reassay/ledger-log/v1", **_source(opened), "entries": rows})


def show_document(opened: Opened, written: Written) -> str:
    """`reassay/ledger-show/v1`."""
    return to_json({"schema": "reassay/ledger-show/v1", **_source(opened), **full(opened, written)})


def export_document(opened: Opened) -> str:
    """`reassay/ledger-export/v1`: every entry in full, and every object; null is a redacted one."""
    written = opened.found.chain.written
    names = sorted({name for each in written for name in named_objects(each.entry)})
    held = read_objects(opened.git, opened.found.commit, names)
    entries = [row(opened, each) | {"entry": _entry(each)} for each in written]
    objects = {name: held.get(name) for name in names}
    return to_json({"schema": "reassay/ledger-export/v1", **_source(opened), "entries": entries, "objects": objects})


def row(opened: Opened, written: Written) -> dict[str, object]:
    """What fits into a line of a table."""
    entry = written.entry
    return {
        "seq": entry.seq,
        "recorded_at": entry.recorded_at.isoformat(),
        "kind": entry.body.kind,
        "about": entry.about,
        "actor": entry.actor,
        "comment": entry.comment.id if entry.comment else None,
        "mode": entry.mode,
        "standing": opened.found.trust.standing(entry.seq),
        "key": written.signer,
        "digest": written.digest,
    }


def full(opened: Opened, written: Written) -> dict[str, object]:
    """One entry with everything it names."""
    names = sorted(named_objects(written.entry))
    held: Mapping[str, object] = read_objects(opened.git, opened.found.commit, names)
    return row(opened, written) | {"entry": _entry(written), "objects": {name: held.get(name) for name in names}}


def _entry(written: Written) -> object:
    return json.loads(written.envelope.payload)["predicate"]


def _source(opened: Opened) -> dict[str, object]:
    written = opened.found.chain.written
    return {
        "branch": opened.ref,
        "commit": opened.found.commit,
        "ledger": written[0].entry.ledger.model_dump(mode="json") if written else None,
        "count": len(written),
    }


def _key(key: KnownKey, current: str | None) -> dict[str, object]:
    return {
        "id": key.id,
        "public_key": key.public_key,
        "how": key.how,
        "added_by": key.added_by,
        "introduced_by": key.introduced_by,
        "revoked_from": key.revoked_from,
        "in_force": key.id == current,
    }


def _finding(found: LedgerFinding) -> dict[str, object]:
    return {
        "severity": found.severity,
        "code": found.code,
        "path": found.path,
        "seq": found.seq,
        "message": found.what,
        "why": found.why,
        "remedy": found.remedy,
    }
