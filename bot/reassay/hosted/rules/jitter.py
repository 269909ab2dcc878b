"""Spreading by a name instead of by chance: the same name always lands at the same place, so that it can be had again."""

import hashlib

_WIDTH = 8


def share(name: str) -> float:
    """From 0 up to, not including, 1; evenly over many names."""
    found = int.from_bytes(hashlib.sha256(name.encode()).digest()[:_WIDTH]) >> 11
    return found / float(1 << 53)
