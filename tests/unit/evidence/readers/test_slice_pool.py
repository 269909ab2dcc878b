"""Slices of prompts, each combination kept once."""

import pytest

from reassay.evidence.readers import slice_pool
from reassay.evidence.readers.base import UnreadableResultError
from reassay.evidence.readers.slice_pool import SlicePool


def test_the_same_slices_are_one_object_sorted_and_without_absent_values() -> None:
    pool = SlicePool()
    slices = pool.of({"strategy": "base64", "plugin": "contracts", "language": None})
    assert slices == (("plugin", "contracts"), ("strategy", "base64"))
    assert pool.of({"plugin": "contracts", "strategy": "base64"}) is slices


def test_too_many_slices_are_refused_and_those_before_still_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slice_pool, "MOST_SLICES", 3)
    pool = SlicePool()
    for number in range(3):
        pool.of({"language": str(number)})
    assert pool.of({"language": "1"}) == (("language", "1"),)
    with pytest.raises(UnreadableResultError, match="different slices"):
        pool.of({"language": "another"})
