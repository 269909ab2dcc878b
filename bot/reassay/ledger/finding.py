"""What is wrong, or worth knowing, about a ledger: what, where, why it matters, and what to do."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]
COMPARE = "Compare the branch with a copy you trust, and find out who changed it."


@dataclass(frozen=True, slots=True)
class LedgerFinding:
    """One finding. Only errors mean that the ledger cannot be believed as it stands."""

    code: str
    """Kebab-case, for programs."""
    path: str
    """The file of the branch, or the branch itself."""
    what: str
    """Half a sentence: what was found there."""
    why: str
    """A sentence: what it means."""
    remedy: str = COMPARE
    """A sentence: what to do."""
    seq: int | None = None
    severity: Severity = "error"
