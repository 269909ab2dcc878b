"""A ledger as it was read: its entries, where its chain ends, and what an append has to know."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from reassay.ledger.entry import Entry, LedgerIdentity, Mode, Record
from reassay.ledger.index import Index
from reassay.ledger.keys import KeyBook


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
    index: Index = field(default_factory=Index)
    """The latest entries by subject, and which part of that the branch holds."""
    book: KeyBook = field(default_factory=KeyBook)
    """The keys it named; who may write the next entry."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Under which rules something is recorded."""

    mode: Mode = "remind"
    digest: str | None = None
    """See `bot/reassay/sweep/watch.py`."""


NO_POLICY = Policy()


def entries_for(  # noqa: PLR0913, PLR0917 -- what every entry carries
    records: Sequence[Record],
    last: int,
    identity: LedgerIdentity,
    base: tuple[str, str],
    at: datetime,
    policy: Policy = NO_POLICY,
) -> tuple[Entry, ...]:
    """The entries those records become, still without links to each other: `prev` is set when they are written.

    `last` is the seq of the entry they follow, 0 in an empty ledger; `base` is (branch, commit) of the register.
    """
    return tuple(
        Entry(
            seq=last + offset,
            prev=None,
            ledger=identity,
            mode=policy.mode,
            policy=policy.digest,
            recorded_at=at,
            base_ref=base[0],
            register_commit=base[1],
            actor=record.actor,
            comment=record.comment,
            body=record.body,
        )
        for offset, record in enumerate(records, 1)
    )
