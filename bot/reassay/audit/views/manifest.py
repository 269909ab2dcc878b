"""`manifest.json`: parameters, what the pack was made from, how many of what, and the SHA-256 of every other file."""

import hashlib
from collections.abc import Mapping
from typing import Final

from reassay.audit.views.made import Made, RegisterUsed
from reassay.common.json_text import to_json

SCHEMA: Final = "reassay/audit-pack/v1"
MANIFEST: Final = "manifest.json"


def manifest(made: Made, files: Mapping[str, bytes]) -> bytes:
    """The document; `files` are all others."""
    ledger = made.ledger
    document = {
        "schema": SCHEMA,
        "version": made.version,
        "parameters": made.parameters.model_dump(mode="json"),
        "register": {"from": _register(made.opening), "to": _register(made.closing)},
        "ledger": {
            "host": ledger.host,
            "repository_id": ledger.repository_id,
            "ledger_id": ledger.ledger_id,
            "commit": ledger.commit,
            "anchor": ledger.anchor,
            "entries": ledger.entries,
            "result": ledger.result,
        },
        "remarks": list(made.remarks),
        "counts": {table: dict(counted) for table, counted in made.figures.counts.items()},
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())},
    }
    return to_json(document).encode("utf-8", "backslashreplace")


def _register(used: RegisterUsed) -> dict[str, object]:
    commit = used.chosen.commit
    return {
        "commit": commit.id if commit else None,
        "committed_at": commit.at.isoformat() if commit else None,
        "chosen_because": used.chosen.because,
        "errors": used.errors,
        "files": dict(sorted(used.files.items())),
    }
