"""`manifest.json`: parameters, sources, counts, and the SHA-256 of every other file of a pack."""

import hashlib
from collections.abc import Mapping
from typing import Final

from reassay.audit.views.pack_content import PackContent, RegisterSource
from reassay.common.json_text import to_json

SCHEMA: Final = "reassay/audit-pack/v1"
MANIFEST: Final = "manifest.json"


def manifest(pack: PackContent, files: Mapping[str, bytes]) -> bytes:
    """The manifest; `files` are all other files of the pack."""
    ledger = pack.ledger
    document = {
        "schema": SCHEMA,
        "version": pack.version,
        "parameters": pack.parameters.model_dump(mode="json"),
        "register": {"from": _register(pack.opening), "to": _register(pack.closing)},
        "ledger": {
            "host": ledger.host,
            "repository_id": ledger.repository_id,
            "ledger_id": ledger.ledger_id,
            "commit": ledger.commit,
            "anchor": ledger.anchor,
            "entries": ledger.entries,
            "result": ledger.result,
        },
        "remarks": list(pack.remarks),
        "counts": {table: dict(counted) for table, counted in pack.figures.counts.items()},
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())},
    }
    return to_json(document).encode("utf-8", "backslashreplace")


def _register(used: RegisterSource) -> dict[str, object]:
    commit = used.chosen.commit
    return {
        "commit": commit.id if commit else None,
        "committed_at": commit.at.isoformat() if commit else None,
        "chosen_because": used.chosen.because,
        "errors": used.errors,
        "files": dict(sorted(used.files.items())),
    }
