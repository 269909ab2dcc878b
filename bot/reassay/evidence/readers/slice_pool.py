"""Slices of prompts, each combination kept once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from reassay.evidence.readers.base import UnreadableResultError
from reassay.evidence.readers.tally import Slices

MOST_SLICES: Final = 20_000
"""Different combinations of slices in one file."""


@dataclass(slots=True)
class SlicePool:
    """Gives the same object for the same slices, so that hundreds of thousands of prompts take little memory."""

    _pool: dict[Slices, Slices] = field(default_factory=dict)

    def of(self, values: Mapping[str, str | None]) -> Slices:
        """Slice names and values, sorted by name, without absent values. Raises UnreadableResultError for too many."""
        slices = tuple(sorted((key, value) for key, value in values.items() if value is not None))
        if len(self._pool) >= MOST_SLICES and slices not in self._pool:
            raise UnreadableResultError(
                f"the file has more than {MOST_SLICES:,} different slices",
                "Split the file, or slice by a key with fewer values.",
            )
        return self._pool.setdefault(slices, slices)
