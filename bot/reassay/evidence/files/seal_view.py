"""Text and JSON of a seal, as `reassay evidence seal` prints them."""

import json
from pathlib import Path

from reassay.common.json_text import to_json
from reassay.evidence.sealing import Seal


def seal_text(seal: Seal) -> str:
    """The comment to paste into the issue, and the evidence item to write into the register."""
    return (
        f"Paste this into the re-assessment's issue:\n\n{seal.line}\n\n"
        "Or write it into an evidence item of the register:\n\n"
        "sealed:\n"
        f"  locator: {_quoted(seal.locator)}\n"
        f"  custodian: {_quoted(seal.custodian)}\n"
        f"  salted_digest: {seal.digest}\n"
        f"  summary: {_quoted(seal.summary)}\n"
        f"  retention_until: {seal.until}\n"
    )


def seal_document(seal: Seal, salt_file: Path) -> str:
    """`reassay/evidence-seal/v1`."""
    return to_json(
        {
            "schema": "reassay/evidence-seal/v1",
            "line": seal.line,
            "locator": seal.locator,
            "custodian": seal.custodian,
            "salted_digest": seal.digest,
            "summary": seal.summary,
            "retention_until": str(seal.until),
            "salt_file": str(salt_file),
        }
    )


def _quoted(text: str) -> str:
    """A YAML scalar in double quotes, which JSON strings are."""
    return json.dumps(text, ensure_ascii=False)
