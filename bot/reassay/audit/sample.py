"""A sample of the period's decisions that anybody can draw again: no random numbers, only SHA-256."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reassay.audit.decisions import DecisionRow
from reassay.audit.facts import SampleAsked

METHOD = (
    "For each decision of the period: SHA-256 over the seed, a line feed and the record's id, all in UTF-8. "
    "The decisions are sorted by that digest in hexadecimal, and the first N are the sample."
)


@dataclass(frozen=True, slots=True)
class SampleRow:
    """One decision that was drawn."""

    rank: int
    """From 1."""
    digest: str
    """64 hexadecimal digits; what it is sorted by."""
    record: str
    seq: int
    decided_on: date
    subject: str
    decision: str
    basis: str
    self_assessed: bool


def sample(rows: Sequence[DecisionRow], asked: SampleAsked | None) -> tuple[SampleRow, ...]:
    """The first N by digest; all of them if there are fewer; nothing if no sample was asked for."""
    if asked is None:
        return ()
    ranked = sorted((sort_key(asked.seed, each.record), each.record, each) for each in rows)
    return tuple(
        SampleRow(
            rank,
            key,
            each.record,
            each.seq,
            each.decided_on,
            each.subject,
            each.decision,
            each.basis,
            each.self_assessed,
        )
        for rank, (key, _, each) in enumerate(ranked[: asked.size], 1)
    )


def sort_key(seed: str, record: str) -> str:
    """What a record is sorted by."""
    return hashlib.sha256(f"{seed}\n{record}".encode()).hexdigest()
