"""Limits requests per person and minute. Each process counts its own requests."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from reassay.hosted.web.web_errors import WebError

MOST_KEYS = 10_000
MINUTE = 60


@dataclass(slots=True)
class RequestLimiter:
    """Counts requests by key in the current minute."""

    now: Callable[[], datetime]
    counted: dict[str, int] = field(default_factory=dict)
    minute: int = 0
    refused: int = 0
    """Number of refused requests since the start."""
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def spend(self, what: str, who: str, most: int) -> None:
        """Counts one request. Raises WebError 429 beyond `most` in this minute."""
        second = int(self.now().timestamp())
        key = f"{what} {who}"
        with self.lock:
            if second // MINUTE != self.minute or len(self.counted) > MOST_KEYS:
                self.minute = second // MINUTE
                self.counted.clear()
            count = self.counted[key] = self.counted.get(key, 0) + 1
            self.refused += count > most
        if count > most:
            wait = MINUTE - second % MINUTE
            raise WebError(429, f"More than {most} requests in one minute.", f"Try again in {wait} s.", wait=wait)
