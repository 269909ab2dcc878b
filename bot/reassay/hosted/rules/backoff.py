"""How long a job that did not get through waits until it is tried again. What GitHub itself asks for is another matter."""

from reassay.hosted.rules.jitter import share

FIRST = 2.0
"""Seconds after the first attempt, at most."""
LONGEST = 60.0
"""Seconds; an event of the subject starts it at once in any case."""
MOST_FAILURES = 10
"""After so many in a row a person has to look: about five minutes."""
_ENOUGH = 6
"""Doublings until the longest delay is reached."""


def delay(attempt: int, name: str) -> float:
    """Seconds after attempt number `attempt`, from 1 on: twice as long each time, and never less than half of that.

    Where in that half is said by `name`, so that what failed together does not come again together.
    """
    whole = min(LONGEST, FIRST * 2.0 ** min(max(attempt, 1) - 1, _ENOUGH))
    return whole * (0.5 + share(f"{name}/{attempt}") / 2)


def after_limit(seconds: float, name: str) -> float:
    """Seconds until a job goes on that waits for GitHub's limit: not before it ends, and not all in the same second."""
    return max(0.0, seconds) + 1.0 + 29.0 * share(name)
