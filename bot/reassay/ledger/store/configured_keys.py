"""The ledger's keys as the environment configures them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reassay.ledger.store.keyring import Keyring, read_keyring


@dataclass(frozen=True, slots=True)
class LedgerKeys:
    """Where the ledger's keys are, as texts that nobody has read yet. Nothing of it shows in a repr."""

    key: str = field(default="", repr=False)
    """PEM, or 32 bytes in base64."""
    key_file: str = field(default="", repr=False)
    previous_key: str = field(default="", repr=False)
    """The key before, until the ledger knows the new one."""
    previous_key_file: str = field(default="", repr=False)
    lost_key: str = field(default="", repr=False)
    """Id of a key that is gone."""
    revoke: str = field(default="", repr=False)
    """`KEY@SEQ`: what that key wrote from that entry on is not to be believed."""


def ledger_keys(environment: Mapping[str, str]) -> LedgerKeys:
    """As the environment names them; nothing is read yet."""
    return LedgerKeys(
        key=environment.get("REASSAY_LEDGER_KEY", ""),
        key_file=environment.get("REASSAY_LEDGER_KEY_FILE", ""),
        previous_key=environment.get("REASSAY_LEDGER_PREVIOUS_KEY", ""),
        previous_key_file=environment.get("REASSAY_LEDGER_PREVIOUS_KEY_FILE", ""),
        lost_key=environment.get("REASSAY_LEDGER_LOST_KEY", "").strip(),
        revoke=environment.get("REASSAY_LEDGER_REVOKE", ""),
    )


def keyring_of_keys(keys: LedgerKeys) -> Keyring:
    """The keyring that the configured keys make. Raises UsageError, which shows nothing of a key."""
    return read_keyring(
        (keys.key, keys.previous_key), (keys.key_file, keys.previous_key_file), keys.lost_key, keys.revoke
    )
