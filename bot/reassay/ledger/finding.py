"""Findings about a ledger."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]
COMPARE = "Compare the branch with a copy you trust, and find out who changed it."


@dataclass(frozen=True, slots=True)
class LedgerFinding:
    """One finding. Only errors make a ledger untrustworthy."""

    code: str
    """Kebab-case, for programs."""
    path: str
    """The file of the branch, or the branch itself."""
    what: str
    """The finding, as half a sentence."""
    why: str
    """Its meaning, as a sentence."""
    remedy: str = COMPARE
    """The next step, as a sentence."""
    seq: int | None = None
    severity: Severity = "error"
