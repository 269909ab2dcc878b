"""`manifest.json`: parameters, sources, counts, and the SHA-256 of every other file of a pack."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from reassay.audit.figures import AuditFigures
from reassay.audit.headline import HeadlineRow
from reassay.audit.parameters import Parameters
from reassay.audit.register_commit import CommitChoice
from reassay.common.json_text import to_json


@dataclass(frozen=True, slots=True)
class RegisterSource:
    """The register at one date, as the pack used it."""

    chosen: CommitChoice
    errors: int
    """Number of errors; the entries with them are in no figure."""
    files: Mapping[str, str]
    """Path -> git blob id."""


@dataclass(frozen=True, slots=True)
class LedgerSource:
    """The ledger as it was verified."""

    host: str
    repository_id: int
    ledger_id: str
    commit: str
    anchor: str
    """`seq:digest` of the last entry, with all digits."""
    entries: int
    result: str
    """fine or unconfirmed; a broken ledger gives no pack."""
    verification: str
    """Output of `reassay ledger verify`."""
    first_key: tuple[str, str] | None
    """Path of the entry that added the first key, and the key's file in the pack; None if the ledger is unsigned."""


@dataclass(frozen=True, slots=True)
class PackContent:
    """Everything that a pack shows."""

    version: str
    parameters: Parameters
    opening: RegisterSource
    closing: RegisterSource
    ledger: LedgerSource
    level: str
    """The level of trust, in words."""
    remarks: tuple[str, ...]
    figures: AuditFigures
    summary: tuple[HeadlineRow, ...]
    """What matters, in ten lines."""
    covered_until: date | None
    """The last day of the period of which the ledger knows something; None if of none."""


def level_words(app_id: int | None, mode: str | None) -> str:
    """Mode and level of trust in words, as far as a checkout shows them."""
    mode_words = f"mode {mode}, " if mode else "no mode stated, "
    if app_id is None:
        return (
            f"{mode_words}advisory: the configuration names no GitHub App (`app_id`), so a checkout cannot show who was able to "
            "write these entries"
        )
    return f"{mode_words}an own GitHub App is configured (id {app_id}); a checkout cannot show that only it wrote these entries"


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
        "covered_until": pack.covered_until.isoformat() if pack.covered_until else None,
        "summary": {row.name: row.text for row in pack.summary},
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
