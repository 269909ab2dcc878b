"""Repeatable jitter: a number that follows from a name, so that work is spread without a random source."""

import hashlib

_BYTES = 8


def jitter(name: str) -> float:
    """A number in [0, 1), evenly distributed over many names and always the same for one name."""
    bits = int.from_bytes(hashlib.sha256(name.encode()).digest()[:_BYTES]) >> 11
    return bits / float(1 << 53)
