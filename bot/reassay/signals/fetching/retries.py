"""The decision whether and when a request is tried again. It is pure."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

ATTEMPTS: Final = 3
PASSING: Final = frozenset({429, 500, 502, 503, 504})
"""Statuses that may be others in a moment (RFC 9110, 15.6; RFC 6585, 4)."""
FIRST_WAIT: Final = 1.0
"""Seconds after the first attempt; four times as long after each further one."""
LONGEST_WAIT: Final = 30.0
"""Seconds. A server that asks for more is read by the next sweep."""


def wait_after(attempt: int, retry_after: str | None, now: datetime) -> float | None:
    """Seconds to wait after an attempt (the first is 1); None if it was the last, or if the server asks for too long a wait."""
    if attempt >= ATTEMPTS:
        return None
    own = FIRST_WAIT * 4 ** (attempt - 1)
    asked = seconds_asked(retry_after, now)
    wait = own if asked is None else max(asked, own)
    return wait if wait <= LONGEST_WAIT else None


def seconds_asked(retry_after: str | None, now: datetime) -> float | None:
    """Seconds that a `Retry-After` header asks for, by its number or its date (RFC 9110, 10.2.3); None if it has neither."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        at = parsedate_to_datetime(text)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return max(0.0, (at - now).total_seconds())
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
