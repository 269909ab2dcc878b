"""The state of a ledger: its entries, the end of its chain, and the keys and index for an append."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from reassay.ledger.entry import Entry, LedgerIdentity, Mode, Record
from reassay.ledger.index import Index
from reassay.ledger.keys import KeyBook

PUBLISHED_DIGITS = 32
"""Digits of a digest in published anchors: with fewer, another entry with the same digits could be searched for."""


@dataclass(frozen=True, slots=True)
class LedgerState:
    """The ledger at one commit of its branch."""

    head: str | None = None
    """Commit of the branch; None without a ledger."""
    entries: tuple[Entry, ...] = ()
    last_digest: str | None = None
    """Digest of the last entry's bytes."""
    anchor: str = "0"
    """Anchor `seq:digest` of the last entry, to keep elsewhere."""
    index: Index = field(default_factory=Index)
    """Index of the latest entries by subject."""
    book: KeyBook = field(default_factory=KeyBook)
    """Keys of the ledger, which decide who may write the next entry."""

    def digest_of(self, seq: int) -> str | None:
        """Digest of an entry's bytes; None if there is no such entry, or if it is not written yet."""
        if not 1 <= seq <= len(self.entries):
            return None
        return self.last_digest if seq == len(self.entries) else self.entries[seq].prev

    def anchor_of(self, seq: int) -> str:
        """Anchor of an entry with PUBLISHED_DIGITS of its digest; empty if the digest is not known."""
        name = self.digest_of(seq)
        return f"{seq}:{name.removeprefix('sha256:')[:PUBLISHED_DIGITS]}" if name else ""

    @property
    def published_anchor(self) -> str:
        """Anchor of the last entry, as it is published; empty without one."""
        return self.anchor_of(len(self.entries))


@dataclass(frozen=True, slots=True)
class Policy:
    """Mode and policy under which something is recorded."""

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
    """The entries of some records. Their links `prev` are set when they are written.

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


_FORM = re.compile(r"([1-9][0-9]{0,9}):(?:sha256:)?([0-9a-f]{12,64})")


@dataclass(frozen=True, slots=True)
class Anchor:
    """An entry of the ledger, as known from elsewhere."""

    seq: int
    start: str
    """The first 12 to 64 digits of its digest."""

    def names(self, digest: str) -> bool:
        """Whether a digest is that of the entry."""
        return digest.removeprefix("sha256:").startswith(self.start)


def read_anchor(text: str) -> Anchor | None:
    """The anchor written as `SEQ:DIGEST`; None for anything else."""
    match = _FORM.fullmatch(text.strip())
    return Anchor(int(match[1]), match[2]) if match else None
