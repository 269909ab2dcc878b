"""The ledger's keys as the environment configures them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reassay.ledger.store.keyring import Keyring, read_keyring


@dataclass(frozen=True, slots=True)
class LedgerKeys:
    """Settings for the ledger's keys, as texts that are not parsed yet. A repr shows none of them."""

    key: str = field(default="", repr=False)
    """PEM, or 32 bytes in base64."""
    key_file: str = field(default="", repr=False)
    previous_key: str = field(default="", repr=False)
    """The previous key, needed until the new one is recorded."""
    previous_key_file: str = field(default="", repr=False)
    lost_key: str = field(default="", repr=False)
    """Id of a lost key."""
    revoke: str = field(default="", repr=False)
    """`KEY@SEQ`: the key's entries from that one on are not trusted."""


def ledger_keys(environment: Mapping[str, str]) -> LedgerKeys:
    """The settings in the environment; no key is read yet."""
    return LedgerKeys(
        key=environment.get("REASSAY_LEDGER_KEY", ""),
        key_file=environment.get("REASSAY_LEDGER_KEY_FILE", ""),
        previous_key=environment.get("REASSAY_LEDGER_PREVIOUS_KEY", ""),
        previous_key_file=environment.get("REASSAY_LEDGER_PREVIOUS_KEY_FILE", ""),
        lost_key=environment.get("REASSAY_LEDGER_LOST_KEY", "").strip(),
        revoke=environment.get("REASSAY_LEDGER_REVOKE", ""),
    )


def keyring_of_keys(keys: LedgerKeys) -> Keyring:
    """The keyring of the configured keys. Raises UsageError, which never shows a key."""
    return read_keyring(
        (keys.key, keys.previous_key), (keys.key_file, keys.previous_key_file), keys.lost_key, keys.revoke
    )
