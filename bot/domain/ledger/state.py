"""A ledger as it was read: its entries, where its chain ends, and which objects it names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.ledger.entry import Entry, LedgerIdentity, Record


@dataclass(frozen=True, slots=True)
class LedgerState:
    """The ledger at one commit of its branch."""

    head: str | None = None
    """Commit; None if there is no ledger yet."""
    entries: tuple[Entry, ...] = ()
    last_digest: str | None = None
    """Of the last entry's bytes."""
    anchor: str = "0"
    """`seq:digest` for people to keep elsewhere."""


@dataclass(frozen=True, slots=True)
class Addition:
    """What to append: records, the objects they name, and the facts they all carry."""

    records: tuple[Record, ...]
    objects: Mapping[str, bytes] = field(default_factory=dict)
    """By digest."""


def entries_for(
    records: Sequence[Record], state: LedgerState, identity: LedgerIdentity, base: tuple[str, str], at: datetime
) -> tuple[Entry, ...]:
    """The entries those records become, still without links to each other: `prev` is set when they are written.

    `base` is (branch, commit) of the register.
    """
    return tuple(
        Entry(
            seq=len(state.entries) + offset,
            prev=None,
            ledger=identity,
            recorded_at=at,
            base_ref=base[0],
            register_commit=base[1],
            actor=record.actor,
            comment=record.comment,
            body=record.body,
        )
        for offset, record in enumerate(records, 1)
    )
