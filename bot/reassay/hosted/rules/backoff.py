"""Exponential back-off of jobs that failed, with a repeatable jitter that spreads work without a random source."""

import hashlib

_BYTES = 8


def jitter(name: str) -> float:
    """A number in [0, 1), evenly distributed over many names and always the same for one name."""
    bits = int.from_bytes(hashlib.sha256(name.encode()).digest()[:_BYTES]) >> 11
    return bits / float(1 << 53)


FIRST = 2.0
"""Longest delay after the first attempt, in seconds."""
LONGEST = 60.0
"""Seconds; an event on the subject starts the job at once in any case."""
MOST_FAILURES = 10
"""After this many failures in a row (about five minutes) the job becomes a dead letter."""
_DOUBLINGS = 6
"""Doublings until the longest delay is reached."""


def delay(attempt: int, name: str) -> float:
    """Seconds to wait after attempt number `attempt`, counted from 1.

    The upper bound doubles with each attempt. The delay lies between half of the bound and the bound, at a place that
    follows from `name`, so that jobs that failed together do not all retry at the same moment.
    """
    bound = min(LONGEST, FIRST * 2.0 ** min(max(attempt, 1) - 1, _DOUBLINGS))
    return bound * (0.5 + jitter(f"{name}/{attempt}") / 2)


def after_limit(seconds: float, name: str) -> float:
    """Seconds to wait for GitHub's rate limit: 1 to 30 seconds after it ends, so that jobs do not resume all at once."""
    return max(0.0, seconds) + 1.0 + 29.0 * jitter(name)
