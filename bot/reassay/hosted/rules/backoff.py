"""Exponential back-off of jobs that did not succeed. Pauses that GitHub asks for are handled by `after_limit`."""

from reassay.hosted.rules.jitter import jitter

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
