"""The input of an append to the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from reassay.ledger.entry import LedgerIdentity, Record
from reassay.ledger.state import NO_POLICY, LedgerState, Policy


@dataclass(frozen=True, slots=True)
class Append:
    """Everything that one append needs."""

    state: LedgerState
    records: tuple[Record, ...]
    objects: Mapping[str, bytes]
    identity: LedgerIdentity
    base: tuple[str, str]
    """Branch and commit of the register."""
    at: datetime
    summary: str
    """Headline of the commit."""
    policy: Policy = NO_POLICY
