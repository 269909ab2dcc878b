"""The content of a pack, which page, manifest and README render."""

from collections.abc import Mapping
from dataclasses import dataclass

from reassay.audit.figures import AuditFigures
from reassay.audit.parameters import Parameters
from reassay.audit.register_commit import CommitChoice


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


def level_words(app_id: int | None, mode: str | None) -> str:
    """Mode and level of trust in words, as far as a checkout shows them."""
    mode_words = f"mode {mode}, " if mode else "no mode stated, "
    if app_id is None:
        return (
            f"{mode_words}advisory: no own GitHub App is configured, so anybody who can write to the repository can act with "
            "the bot's token"
        )
    return f"{mode_words}an own GitHub App is configured (id {app_id}); a checkout cannot show that only it wrote these entries"
