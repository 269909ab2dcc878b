"""What a pack was made from, as page, manifest and README say it."""

from collections.abc import Mapping
from dataclasses import dataclass

from reassay.audit.figures import Figures
from reassay.audit.parameters import Parameters
from reassay.audit.register_at import Chosen


@dataclass(frozen=True, slots=True)
class RegisterUsed:
    """The register at one date."""

    chosen: Chosen
    errors: int
    """What could not be read and is in no figure."""
    files: Mapping[str, str]
    """Path -> git's id of the file's content."""


@dataclass(frozen=True, slots=True)
class LedgerUsed:
    """The ledger as it was verified."""

    host: str
    repository_id: int
    ledger_id: str
    commit: str
    anchor: str
    """`seq:digest` with all digits, of the last entry."""
    entries: int
    result: str
    """fine or unconfirmed; of a broken one no pack is made."""
    says: str
    """What `reassay ledger verify` prints."""
    first_key: tuple[str, str] | None
    """Where the entry stands that brought in the first key, and the key's file in the pack; None if it is unsigned."""


@dataclass(frozen=True, slots=True)
class Made:
    """Everything that is rendered."""

    version: str
    parameters: Parameters
    opening: RegisterUsed
    closing: RegisterUsed
    ledger: LedgerUsed
    level: str
    """The level of trust, in words."""
    remarks: tuple[str, ...]
    figures: Figures


def level_words(app_id: int | None, mode: str | None) -> str:
    """How far what is recorded binds anybody, as far as a checkout shows it."""
    said = f"mode {mode}, " if mode else "no mode stated, "
    if app_id is None:
        return (
            f"{said}advisory: no App of one's own is configured, so whoever may write to the repository can act with the "
            "same token as the bot"
        )
    return f"{said}an App of one's own is configured (id {app_id}); that it alone wrote these entries a checkout cannot show"
