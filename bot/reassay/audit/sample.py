"""A reproducible sample of the period's decisions, drawn with SHA-256 instead of random numbers."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reassay.audit.decisions import DecisionRow
from reassay.audit.parameters import SampleParameters

METHOD = (
    "For each decision of the period: SHA-256 over the seed, a line feed and the record's id, all in UTF-8. "
    "The decisions are sorted by that digest in hexadecimal, and the first N are the sample."
)


@dataclass(frozen=True, slots=True)
class SampleRow:
    """One decision of the sample."""

    rank: int
    """Position in the sample, from 1."""
    digest: str
    """Sort key: 64 hexadecimal digits."""
    record: str
    seq: int
    decided_on: date
    subject: str
    decision: str
    basis: str
    self_assessed: bool
    verdict: str
    """The decision with its basis."""


def sample(rows: Sequence[DecisionRow], parameters: SampleParameters | None) -> tuple[SampleRow, ...]:
    """The first `size` decisions by digest, or all if there are fewer; empty without parameters."""
    if parameters is None:
        return ()
    ranked = sorted((sort_key(parameters.seed, row.record), row.record, row) for row in rows)
    return tuple(
        SampleRow(
            rank,
            key,
            row.record,
            row.seq,
            row.decided_on,
            row.subject,
            row.decision,
            row.basis,
            row.self_assessed,
            row.verdict,
        )
        for rank, (key, _, row) in enumerate(ranked[: parameters.size], 1)
    )


def sort_key(seed: str, record: str) -> str:
    """The sort key of a record: SHA-256 over seed, line feed and id, in hexadecimal."""
    return hashlib.sha256(f"{seed}\n{record}".encode()).hexdigest()
